"""`manage.py reindex`: index every live article again, without an interruption of search."""

import os
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.search.indexer import (
    IndexResult,
    index_backlog,
    last_article_id,
    reindex_range,
    split_id_range,
    sync_index,
)
from newsroom.conf.environment import PROJECT_ROOT
from newsroom.search.inverted_index import is_postgres

MIN_ARTICLES_PER_PROCESS = 5000  # fewer are indexed before another process has started


class Command(BaseCommand):
    """Prints how many articles were indexed and removed."""

    help = (
        "Index every live article again, in batches: each is found by its former entry until the new one "
        "is committed. Exit status 0: the search index is up to date; "
        "1: some articles are still to be indexed or removed (or, with --check, were)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only count the pending articles.")
        parser.add_argument(
            "--processes",
            type=int,
            default=0,
            help="Processes that share the work on PostgreSQL. Default: one a processor, if there are "
            f"at least {MIN_ARTICLES_PER_PROCESS} ids of articles for each.",
        )
        parser.add_argument(
            "--range",
            dest="id_range",
            type=int,
            nargs=2,
            metavar=("ABOVE", "UP_TO"),
            help="Only index articles with ids in this range, and check nothing.",
        )

    def handle(
        self, *args: Any, check: bool, processes: int, id_range: list[int] | None, **options: Any
    ) -> None:
        if id_range:
            self.stdout.write(str(reindex_range(*id_range)))
            return
        if not check:
            self.stdout.write(str(reindex_all(processes or default_processes())))
        if pending := index_backlog():
            raise CommandError(f"search index is behind by {pending} articles")
        self.stdout.write("search index is up to date")


def default_processes() -> int:
    """One a processor on PostgreSQL, fewer for few articles; SQLite has one writer."""
    if not is_postgres():
        return 1
    return max(1, min(os.cpu_count() or 1, last_article_id() // MIN_ARTICLES_PER_PROCESS))


def reindex_all(processes: int) -> IndexResult:
    """Index all live articles, in so many processes, and remove all others."""
    ranges = split_id_range(processes)
    total = reindex_in_processes(ranges) if processes > 1 else reindex_range(0, None)
    while done := sync_index():
        total += done
    return total


def reindex_in_processes(ranges: list[tuple[int, int]]) -> IndexResult:
    """Index these ranges of ids, each in a process of its own. Raises CommandError where one fails.

    Articles of later ids were published meanwhile, and are indexed as pending ones.
    """
    command = [sys.executable, "-m", "django", "reindex", "--range"]
    running = [
        subprocess.Popen(  # noqa: S603 -- this command
            [*command, str(above), str(up_to)],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for above, up_to in ranges
    ]
    outputs = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise CommandError("A process failed: run reindex again, it only costs time.")
    return IndexResult(indexed=sum(int(output.split()[0]) for output in outputs))
