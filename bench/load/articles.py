"""Bulk loader of live stories: `python -m bench.load --articles 1000000`, into the settings' database.

For measuring readers' lists and search: the rows that a publication leaves on the readers' side
(article, edition, appearance, change, authors, tags, counts), what search and suggestions know of them
(unless `--bare`), some related articles each, and page views of the last week.  Drafts, releases, the
audit log and the outbox stay as they are.  First published one after the other over ten years.  Give
it a database of its own: nothing takes these rows away again.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection, transaction  # the settings stand now
from django.db.models import Max

from articles.models import Article, Edition
from articles.syndication.sitemap_months import rebuild_months
from bench.load import search_rows
from bench.load.bulk_rows import constraints_disabled, execute_sql, insert_rows
from bench.load.grammar import StoryGrammar
from bench.load.stories import COLUMNS_BY_MODEL, ReferenceRows, StoryRows, gram_pool
from bench.load.surroundings import load_related_articles, load_view_counts
from newsroom.search.inverted_index import is_postgres

PUBLICATION_SPAN = timedelta(days=3650)
STORIES_PER_TRANSACTION = 2000


def load_articles(articles: int, *, seed: int = 1, bare: bool = False, hands: int = 1) -> float:
    """Insert so many live stories, with so many processes on PostgreSQL; the seconds it took."""
    began = time.monotonic()
    first = (Article.objects.aggregate(n=Max("pk"))["n"] or 0) + 1
    edition = (Edition.objects.aggregate(n=Max("pk"))["n"] or 0) + 1
    ReferenceRows()
    if not bare:
        search_rows.create_staging_tables()
    start = datetime.now(UTC) - PUBLICATION_SPAN - timedelta(hours=1)
    step = PUBLICATION_SPAN.total_seconds() / articles
    work = LoadJob(first, edition, start.timestamp(), step, bare)
    with constraints_disabled():
        if is_postgres() and hands > 1:
            load_in_processes(work, articles, seed=seed, hands=hands)
        else:
            work.do(range(articles), seed=seed)
        if is_postgres():
            reset_sequences()
        if bare:
            Article.objects.filter(pk__gte=first).update(indexed_edition=0)
        else:
            search_rows.finish_search_rows()
        load_related_articles(first, articles)
        load_view_counts(first, articles)
        rebuild_months()
    execute_sql("VACUUM ANALYZE" if is_postgres() else "ANALYZE")
    return time.monotonic() - began


@dataclass(frozen=True)
class LoadJob:
    """Rows to insert; serialised for the processes that each insert a part."""

    first: int
    edition: int
    start: float
    step: float  # seconds
    bare: bool

    def do(self, numbers: range, *, seed: int) -> None:
        grammar, has = StoryGrammar(seed), ReferenceRows()
        pool = [] if self.bare else gram_pool(grammar)
        if pool and is_postgres():
            search_rows.store_gram_pool(pool)
        for start in range(numbers.start, numbers.stop, STORIES_PER_TRANSACTION):
            batch = range(start, min(start + STORIES_PER_TRANSACTION, numbers.stop))
            stories = [self.story(grammar, has, number) for number in batch]
            with transaction.atomic():
                insert_stories(stories)
                if not self.bare:
                    search_rows.load_search_rows(stories, pool)

    def story(self, grammar: StoryGrammar, has: ReferenceRows, number: int) -> StoryRows:
        at = datetime.fromtimestamp(self.start + self.step * number, UTC)
        return StoryRows(grammar, has, self.first + number, self.edition + number, at)


def load_in_processes(work: LoadJob, articles: int, *, seed: int, hands: int) -> None:
    """Insert in so many processes, each with texts of its own seed."""
    cuts = [articles * n // hands for n in range(hands + 1)]
    encoded_job = json.dumps(asdict(work))
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bench.load.articles",
                "--part",
                *map(str, (encoded_job, low, high, seed + n)),
            ]
        )
        for n, (low, high) in enumerate(pairwise(cuts))
    ]
    if any([process.wait() for process in processes]):  # noqa: C419 -- wait for all of them
        raise SystemExit("A part of the stories was not made.")


def load_part(encoded_job: str, low: str, high: str, seed: str) -> None:
    """Insert one process's part of a job that load_in_processes() serialised."""
    with constraints_disabled():
        LoadJob(**json.loads(encoded_job)).do(range(int(low), int(high)), seed=int(seed))


def insert_stories(stories: Sequence[StoryRows]) -> None:
    every = [story.rows() for story in stories]
    for model, columns in COLUMNS_BY_MODEL.items():
        insert_rows(model, columns, (row for rows in every for row in rows[model]))


def reset_sequences() -> None:
    """Let sequences continue after the inserted primary keys."""
    for model in (Article, Edition):
        table = model._meta.db_table
        execute_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def database_size() -> str:
    """How big the database is."""
    if is_postgres():
        number = execute_sql("SELECT pg_database_size(current_database())")[0][0]
    else:
        number = Path(str(connection.settings_dict["NAME"])).stat().st_size
    return f"{number / 1e9:.1f} GB"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="(default 100,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the words (default 1)")
    parser.add_argument("--bare", action="store_true", help="without what search knows of them")
    parser.add_argument(
        "--hands", type=int, default=os.cpu_count() or 1, help="processes (PostgreSQL)"
    )
    parser.add_argument("--once", action="store_true", help="nothing where there are stories")
    parser.add_argument("--part", nargs=4, help=argparse.SUPPRESS)
    asked: Any = parser.parse_args()
    if asked.part:
        load_part(*asked.part)
        return
    if asked.once and (there := Article.objects.count()):
        print(f"{there:,} articles were there, {database_size()}")
        return
    seconds = load_articles(asked.articles, seed=asked.seed, bare=asked.bare, hands=asked.hands)
    print(f"{asked.articles:,} articles in {seconds:,.0f} s, {database_size()}")


if __name__ == "__main__":
    main()
