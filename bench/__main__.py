"""Benchmark of reader addresses: `python -m bench` prints rates and latencies as a Markdown table.

Warm lines ask the newsroom as it is shipped; cold ones with RESPONSE_CACHE_SECONDS=0, so that every answer
is put together anew.  Beside each stand as many constant bytes behind the same server: the two are asked in
turns, round after round, and the medians of the rounds are told, so that a machine whose speed comes
and goes does not make the share.
"""

import argparse
import json
import random
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from bench.drivers.clients import RequestMix, measure_requests, median_measurement
from bench.drivers.report import TABLE_HEAD, report_facts, table_row
from bench.drivers.server import demo_newsroom, etag_of, fetch_url
from scripts.settings import read_settings

WARM_UP_SECONDS = 1
RANDOM_STORIES = 200
# The least share of the constant's requests a second that a line is to reach.
TARGETS = {
    "detail of one hot story": 0.7,
    f"detail of {RANDOM_STORIES} stories at random": 0.55,
    "list": 0.5,
    "304 of the hot story": 0.7,
    "cold: detail of one story": 0.3,
    f"cold: detail of {RANDOM_STORIES} stories at random": 0.3,
    "cold: list": 0.25,
    "cold: article page": 0.2,
    f"cold: {RANDOM_STORIES} article pages at random": 0.2,
    "cold: front page": 0.2,
}


def main() -> None:
    asked = arguments()
    print("\n".join(TABLE_HEAD), flush=True)
    kinds = {"warm": (None, warm_requests), "cold": (0, cold_requests)}
    for keep, requests_of in (kinds[name] for name in kinds if asked.lines in {name, "all"}):
        with demo_newsroom(
            database=asked.database, stories=RANDOM_STORIES, server=asked.server, keep=keep
        ) as site:
            for what, asking in requests_of(site).items():
                print(comparison_row(site, what, asking, asked), flush=True)
    kind = urlsplit(asked.database).scheme or "SQLite"
    about = {"connections": asked.connections, "seconds": asked.seconds, "server": asked.server}
    about["rounds"] = asked.rounds
    print(f"\n{report_facts(**about, threads=read_settings().web_threads, database=kind)}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=1, help="a round (default 1)")
    parser.add_argument("--rounds", type=int, default=7, help="of each address (default 7)")
    parser.add_argument("--connections", type=int, default=8, help="kept open (default 8)")
    parser.add_argument(
        "--lines", choices=["all", "warm", "cold"], default="all", help="which (default all)"
    )
    parser.add_argument("--database", default="", help="URL of an empty one (default: SQLite)")
    parser.add_argument(
        "--server",
        choices=["granian", "granian-wsgi", "gunicorn-sync", "gunicorn-gthread"],
        default="granian",
        help="gunicorn is not among our requirements: install it beside them to compare",
    )
    return parser.parse_args()


def warm_requests(site: str) -> dict[str, RequestMix]:
    """Requests answered from the response cache: an article, many articles, the list, pages, and 304s."""
    slugs = sample_slugs(site)
    hot = f"/api/v1/articles/{slugs[0]}/"
    return {
        "detail of one hot story": RequestMix([hot]),
        f"detail of {RANDOM_STORIES} stories at random": RequestMix(shuffled(slugs)),
        "list": RequestMix(["/api/v1/articles/"]),
        "304 of the hot story": RequestMix([hot], {"If-None-Match": etag_of(site + hot)}),
        "front page": RequestMix(["/"]),
        "article page": RequestMix([f"/articles/{slugs[0]}/"]),
    }


def cold_requests(site: str) -> dict[str, RequestMix]:
    slugs = sample_slugs(site)
    return {
        "cold: detail of one story": RequestMix([f"/api/v1/articles/{slugs[0]}/"]),
        f"cold: detail of {RANDOM_STORIES} stories at random": RequestMix(shuffled(slugs)),
        "cold: list": RequestMix(["/api/v1/articles/"]),
        "cold: article page": RequestMix([f"/articles/{slugs[0]}/"]),
        f"cold: {RANDOM_STORIES} article pages at random": RequestMix(
            [path.removeprefix("/api/v1") for path in shuffled(slugs)]
        ),
        "cold: front page": RequestMix(["/"]),
    }


def sample_slugs(site: str) -> list[str]:
    """Slugs of the newest stories, percent-encoded; the demo's newest is the first."""
    return [quote(slug) for slug, _ in zip(slugs_of(site), range(RANDOM_STORIES), strict=False)]


def slugs_of(site: str) -> Iterator[str]:
    page = f"{site}/api/v1/articles/?page_size=100&fields=slug"
    while page:
        output = json.loads(fetch_url(page))
        yield from (card["slug"] for card in output["results"])
        page = output["next"]


def shuffled(slugs: list[str]) -> list[str]:
    """Paths of these stories in a random order that is the same in every run."""
    paths = [f"/api/v1/articles/{slug}/" for slug in slugs]
    random.Random(1).shuffle(paths)
    return paths


def comparison_row(site: str, what: str, asking: RequestMix, asked: argparse.Namespace) -> str:
    """Table row of one address, beside as many constant bytes as its answers have on average."""
    sizes = [len(fetch_url(site + path, asking.headers)) for path in asking.paths]
    size = sum(sizes) // len(sizes)
    both = (asking, RequestMix([f"/bench/{size}/"]))
    for each in both:
        measure_requests(site, each, connections=asked.connections, seconds=WARM_UP_SECONDS)
    rounds = [
        [
            measure_requests(site, each, connections=asked.connections, seconds=asked.seconds)
            for each in both
        ]
        for _ in range(asked.rounds)
    ]
    page, constant = map(median_measurement, zip(*rounds, strict=True))
    return table_row(what, size, page, constant, aim=TARGETS.get(what))


if __name__ == "__main__":
    main()
