"""`python -m bench`: requests a second and waiting times, as one Markdown table. Writes no file."""

import argparse
import json
from urllib.parse import quote, urlsplit

from bench.clients import measure
from bench.report import HEAD, facts, row
from bench.server import fetch, newsroom
from scripts.settings import read_settings

WARM_UP = 1


def main() -> None:
    asked = arguments()
    with newsroom(database=asked.database) as site:
        lines = [
            compared(site, what, path, connections=asked.connections, seconds=asked.seconds)
            for what, path in pages_of(site).items()
        ]
    kind = urlsplit(asked.database).scheme or "SQLite"
    about = {"connections": asked.connections, "seconds": asked.seconds}
    threads = read_settings().web_threads
    print("\n".join([*HEAD, *lines, "", facts(**about, threads=threads, database=kind)]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="for each address (default 5)")
    parser.add_argument("--connections", type=int, default=8, help="kept open (default 8)")
    parser.add_argument("--database", default="", help="URL of an empty one (default: SQLite)")
    return parser.parse_args()


def pages_of(site: str) -> dict[str, str]:
    """What readers ask for: the newest article and the list in the API, and both as pages."""
    newest = json.loads(fetch(f"{site}/api/v1/articles/"))["results"][0]
    slug = quote(newest["slug"])
    return {
        "article detail (API)": f"/api/v1/articles/{slug}/",
        "article list (API)": "/api/v1/articles/",
        "front page": "/",
        "article page": f"/articles/{slug}/",
    }


def compared(site: str, what: str, path: str, *, connections: int, seconds: int) -> str:
    """The line of one address: itself, then as many constant bytes."""
    size = len(fetch(site + path))
    found = []
    for url in (site + path, f"{site}/bench/{size}/"):
        measure(url, connections=connections, seconds=WARM_UP)
        found.append(measure(url, connections=connections, seconds=seconds))
    return row(what, size, *found)


if __name__ == "__main__":
    main()
