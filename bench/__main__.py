"""`python -m bench`: requests a second and waiting times, as one Markdown table. Writes no file.

Warm lines ask the newsroom as it is shipped; cold ones with KEEP_PUBLIC_SECONDS=0, so that every answer
is put together anew.  Beside each stand as many constant bytes behind the same server: the two are asked in
turns, round after round, and the medians of the rounds are told, so that a machine whose speed comes
and goes does not make the share.
"""

import argparse
import json
import random
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from bench.drivers.clients import Asking, measure, middle
from bench.drivers.report import HEAD, facts, row
from bench.drivers.server import fetch, newsroom, tag_of
from scripts.settings import read_settings

WARM_UP = 1
MANY = 200
# The least share of the constant's requests a second that a line is to reach.
AIMS = {
    "detail of one hot story": 0.7,
    f"detail of {MANY} stories at random": 0.55,
    "list": 0.5,
    "304 of the hot story": 0.7,
    "cold: detail of one story": 0.25,
    f"cold: detail of {MANY} stories at random": 0.25,
}


def main() -> None:
    asked = arguments()
    print("\n".join(HEAD), flush=True)
    with newsroom(database=asked.database, stories=MANY, server=asked.server) as site:
        for what, asking in warm(site).items():
            print(compared(site, what, asking, asked), flush=True)
    with newsroom(database=asked.database, stories=MANY, server=asked.server, keep=0) as site:
        for what, asking in cold(site).items():
            print(compared(site, what, asking, asked), flush=True)
    kind = urlsplit(asked.database).scheme or "SQLite"
    about = {"connections": asked.connections, "seconds": asked.seconds, "server": asked.server}
    about["rounds"] = asked.rounds
    print(f"\n{facts(**about, threads=read_settings().web_threads, database=kind)}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=1, help="a round (default 1)")
    parser.add_argument("--rounds", type=int, default=7, help="of each address (default 7)")
    parser.add_argument("--connections", type=int, default=8, help="kept open (default 8)")
    parser.add_argument("--database", default="", help="URL of an empty one (default: SQLite)")
    parser.add_argument(
        "--server",
        choices=["granian", "granian-wsgi", "gunicorn-sync", "gunicorn-gthread"],
        default="granian",
        help="gunicorn is not among our requirements: install it beside them to compare",
    )
    return parser.parse_args()


def warm(site: str) -> dict[str, Asking]:
    """What readers ask for: an article, many articles, the list, the pages; and what has not changed."""
    slugs = stories(site)
    hot = f"/api/v1/articles/{slugs[0]}/"
    return {
        "detail of one hot story": Asking([hot]),
        f"detail of {MANY} stories at random": Asking(shuffled(slugs)),
        "list": Asking(["/api/v1/articles/"]),
        "304 of the hot story": Asking([hot], {"If-None-Match": tag_of(site + hot)}),
        "front page": Asking(["/"]),
        "article page": Asking([f"/articles/{slugs[0]}/"]),
    }


def cold(site: str) -> dict[str, Asking]:
    slugs = stories(site)
    return {
        "cold: detail of one story": Asking([f"/api/v1/articles/{slugs[0]}/"]),
        f"cold: detail of {MANY} stories at random": Asking(shuffled(slugs)),
        "cold: list": Asking(["/api/v1/articles/"]),
        "cold: article page": Asking([f"/articles/{slugs[0]}/"]),
    }


def stories(site: str) -> list[str]:
    """The slugs of the newest stories, as they stand in an address: the demo's newest is the first."""
    return [quote(slug) for slug, _ in zip(slugs_of(site), range(MANY), strict=False)]


def slugs_of(site: str) -> Iterator[str]:
    page = f"{site}/api/v1/articles/?page_size=100&fields=slug"
    while page:
        said = json.loads(fetch(page))
        yield from (card["slug"] for card in said["results"])
        page = said["next"]


def shuffled(slugs: list[str]) -> list[str]:
    """Their addresses, in the same order in every run."""
    paths = [f"/api/v1/articles/{slug}/" for slug in slugs]
    random.Random(1).shuffle(paths)
    return paths


def compared(site: str, what: str, asking: Asking, asked: argparse.Namespace) -> str:
    """The line of one address: itself, then as many constant bytes as its answers have on average."""
    sizes = [len(fetch(site + path, asking.headers)) for path in asking.paths]
    size = sum(sizes) // len(sizes)
    both = (asking, Asking([f"/bench/{size}/"]))
    for each in both:
        measure(site, each, connections=asked.connections, seconds=WARM_UP)
    rounds = [
        [measure(site, each, connections=asked.connections, seconds=asked.seconds) for each in both]
        for _ in range(asked.rounds)
    ]
    page, constant = map(middle, zip(*rounds, strict=True))
    return row(what, size, page, constant, aim=AIMS.get(what))


if __name__ == "__main__":
    main()
