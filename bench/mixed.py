"""Benchmark of a newsroom at work: readers of many addresses while readers write and editors publish.

Readers: 60 % article details (Zipf over the 2,000 newest), 20 % lists (first pages, sections, tags,
cursors), 10 % HTML pages, 10 % polls, threads and `me/state/`. Writers, at the same time: 30 a second
(votes, comments, saves, views), and every 5 s an edition, a correction or a withdrawal. In turns with as
many constant bytes, beside the same writers. Real processes: PostgreSQL, Redis and two web processes, or
SQLite and one.
"""

import argparse
import itertools
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from bench.drivers.clients import RequestMix, measure_requests, median_measurement
from bench.drivers.mixed_writers import MixedWriters
from bench.drivers.report import TABLE_HEAD, describe_load, describe_machine, table_row
from bench.drivers.server import fetch_url
from tests.chaos.newsroom import RunningNewsroom, embedded_newsroom, grown_newsroom

SIZES = {"embedded": "SQLite, 1 web process", "grown": "PostgreSQL, Redis, 2 web processes"}
MIXED_SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "bench.drivers.settings",
    "BENCH": "1",
    **dict.fromkeys(("RATE_VOTE", "RATE_VOTE_SIGNED_IN", "RATE_COMMENT", "RATE_SAVE"), "0"),
    **dict.fromkeys(("RATE_VIEW", "VOTE_ADDRESS_CEILINGS", "VOTE_NETWORK_CEILINGS"), "0"),
    "VOTE_BURST_MINIMUM": "1000000",
    **dict.fromkeys(("COMMENTS_PER_DAY", "COMMENTS_PER_ARTICLE_AND_DAY"), "0"),
    "COMMENTS_NEED_CONFIRMED_EMAIL": "false",
}
POPULAR_STORIES, REQUESTS_IN_MIX, DESK_STORY_EVERY = 2000, 20_000, 20
WARM_UP_SECONDS = 10
AIM = 0.5


def main() -> None:
    asked = arguments()
    print("\n".join(TABLE_HEAD), flush=True)
    for size in asked.size:
        print(measure_mix(size, asked), flush=True)
    print(
        f"\n{describe_machine()}; {asked.connections} connections, the median of {asked.rounds} rounds of "
        f"{asked.seconds} s, the mix and the constant in turns. {describe_load()}"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.mixed", description=__doc__)
    parser.add_argument("--size", nargs="*", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--articles", type=int, default=10_000, help="(default 10,000)")
    parser.add_argument("--connections", type=int, default=8, help="(default 8)")
    parser.add_argument("--seconds", type=int, default=10, help="of a round (default 10)")
    parser.add_argument("--rounds", type=int, default=3, help="(default 3)")
    parser.add_argument("--seed", type=int, default=1, help="of readers and writers (default 1)")
    parser.add_argument("--parts", action="store_true", help="each part of the mix by itself too")
    return parser.parse_args()


def measure_mix(size: str, asked: argparse.Namespace) -> str:
    """Table rows of one size of newsroom; with `--parts` one for each part of the mix."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-mixed-")))
        running = start_newsroom(size, folder, stack)
        spec = folder / "spec.json"
        spec.write_text(json.dumps({"articles": asked.articles, "popular": POPULAR_STORIES}))
        running.manage("-m", "bench.drivers.mixed_stories", str(spec))
        running.open()
        running.wait_for_web(within=120)
        made = json.loads(spec.read_text())
        popular = popular_slugs(made)
        mix = ReaderMix(running.site, made, popular, seed=asked.seed)
        writers = MixedWriters(running.port, made, popular=mix.sample, seed=asked.seed)
        writers.start()
        try:
            rows = measured_rows(running.site, mix, SIZES[size], asked)
        finally:
            writers.stop()
    statuses = ", ".join(
        f"{what} {code}: {n}" for (what, code), n in sorted(writers.statuses.items())
    )
    print(f"writers ({size}): {statuses}", flush=True)
    return "\n".join(rows)


def start_newsroom(size: str, folder: Path, stack: ExitStack) -> RunningNewsroom:
    opened = (
        embedded_newsroom(folder)
        if size == "embedded"
        else grown_newsroom(folder, workers=1, beats=1)
    )
    running = stack.enter_context(opened)
    running.env |= MIXED_SETTINGS  # its processes start later
    return running


def popular_slugs(made: dict[str, Any]) -> list[str]:
    """Slugs by popularity; every twentieth is one that is edited and voted on."""
    of_desk = [story["slug"] for story in made["desk"]][: len(made["desk"]) // 2]
    slugs = list(made["bulk"])
    for number, slug in enumerate(of_desk):
        slugs.insert(number * DESK_STORY_EVERY, slug)
    return slugs[:POPULAR_STORIES]


class ReaderMix:
    """Paths of the parts of the mix, and of the whole in a random order that each seed repeats."""

    def __init__(self, site: str, made: dict[str, Any], popular: list[str], *, seed: int) -> None:
        chance = random.Random(f"readers {seed}")
        weights = list(itertools.accumulate(1 / rank for rank in range(1, len(popular) + 1)))
        self.sample = chance.choices(popular, cum_weights=weights, k=REQUESTS_IN_MIX)
        quoted = [quote(slug) for slug in self.sample]
        polls = [story["poll"] for story in made["desk"]][: len(made["desk"]) // 2]
        lists = list_paths(site, made)
        pages = ["/", "/articles/", *(f"/sections/{quote(name)}/" for name in made["sections"])]
        state: list[Callable[[str], str]] = [
            lambda _slug: f"/api/v1/polls/{chance.choice(polls)}/",
            lambda slug: f"/api/v1/articles/{slug}/comments/",
            lambda slug: f"/api/v1/me/state/?articles={slug}",
        ]
        self.parts: dict[str, list[str]] = {
            "details": [f"/api/v1/articles/{slug}/" for slug in quoted],
            "lists": [lists[min(int(chance.expovariate(0.05)), len(lists) - 1)] for _ in quoted],
            "pages": [
                f"/articles/{slug}/" if chance.random() < 0.7 else chance.choice(pages)
                for slug in quoted
            ],
            "polls, threads, state": [chance.choice(state)(slug) for slug in quoted],
        }
        parts = chance.choices(list(self.parts), weights=[60, 20, 10, 10], k=REQUESTS_IN_MIX)
        self.paths = [self.parts[part][number] for number, part in enumerate(parts)]

    def mean_bytes(self, site: str) -> int:
        sizes = [len(fetch_url(site + path)) for path in self.paths[:200]]
        return sum(sizes) // len(sizes)


def list_paths(site: str, made: dict[str, Any]) -> list[str]:
    """Lists by popularity: the first page, sections, tags, and pages behind cursors."""
    base = "/api/v1/articles/"
    sections = [f"{base}?section={quote(name)}" for name in made["sections"]]
    tags = [f"{base}?tag={quote(name)}" for name in made["tags"]]
    cursors, page = list[str](), f"{site}{base}"
    for _ in range(made["cursor_pages"]):
        page = json.loads(fetch_url(page))["next"]
        parts = urlsplit(page)
        cursors.append(f"{parts.path}?{parts.query}")
    return [*[base] * 10, *sections, *cursors[:4], *tags, *cursors[4:]]


def measured_rows(site: str, mix: ReaderMix, what: str, asked: argparse.Namespace) -> Sequence[str]:
    parts = {what: mix.paths} | (mix.parts if asked.parts else {})
    size = mix.mean_bytes(site)
    constant = RequestMix([f"/bench/{size}/"])
    measure_requests(
        site, RequestMix(mix.paths), connections=asked.connections, seconds=WARM_UP_SECONDS
    )
    rows = []
    for name, paths in parts.items():
        rounds = [
            [
                measure_requests(site, each, connections=asked.connections, seconds=asked.seconds)
                for each in (RequestMix(paths), constant)
            ]
            for _ in range(asked.rounds)
        ]
        page, other = map(median_measurement, zip(*rounds, strict=True))
        rows.append(table_row(name, size, page, other, aim=AIM if name == what else None))
    return rows


if __name__ == "__main__":
    main()
