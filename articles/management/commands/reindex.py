"""`manage.py reindex`: index every live article again, without an interruption of search."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.search.indexer import IndexResult, index_backlog, reindex_articles, sync_index


class Command(BaseCommand):
    """Prints how many articles were indexed and removed."""

    help = (
        "Index every live article again, in batches: each is found by its former entry until the new one "
        "is committed. Exit status 0: the search index is up to date; "
        "1: some articles are still to be indexed or removed (or, with --check, were)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only count the pending articles.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self.stdout.write(str(reindex_all()))
        if pending := index_backlog():
            raise CommandError(f"search index is behind by {pending} articles")
        self.stdout.write("search index is up to date")


def reindex_all() -> IndexResult:
    """Index all live articles, and remove all others."""
    total, last_id = IndexResult(), 0
    while True:
        last_id, done = reindex_articles(last_id)
        total += done
        if not last_id:
            break
    while done := sync_index():
        total += done
    return total
