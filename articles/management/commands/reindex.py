"""`manage.py reindex`: search takes in every live story anew, while readers go on searching."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.search.indexer import IndexResult, index_backlog, reindex_articles, sync_index


class Command(BaseCommand):
    """Prints how many stories search has taken in and let go of."""

    help = (
        "Take every live article into the search index anew, one after the other: each is found by its "
        "former words until its new ones stand. Exit status 0: search knows what readers see; "
        "1: some stories are still to be taken in (or, with --check, were)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only count what is left to do.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self.stdout.write(str(reindex_all()))
        if left := index_backlog():
            raise CommandError(f"search is behind by {left} articles")
        self.stdout.write("search knows what readers see")


def reindex_all() -> IndexResult:
    """All live stories taken in, and all others let go of."""
    total, number = IndexResult(), 0
    while True:
        number, done = reindex_articles(number)
        total += done
        if not number:
            break
    while done := sync_index():
        total += done
    return total
