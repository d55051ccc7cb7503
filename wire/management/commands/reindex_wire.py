"""`manage.py reindex_wire`: index every version of agency copy again, without an interruption of search."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wire.actions.indexing import (
    index_missing_versions,
    reindex_versions,
    versions_not_indexed,
)

COUNTED_UP_TO = 10_000


class Command(BaseCommand):
    """Prints how many versions were indexed."""

    help = (
        "Index every version of agency copy again, in batches: each is found by its former entry until the "
        "new one is committed. Exit status 0: the index of the inbox is complete; 1: versions are missing "
        "(or, with --check, were)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--check", action="store_true", help="Only count the missing versions.")
        which.add_argument(
            "--missing",
            action="store_true",
            help="Index only the missing versions, newest first: after an update. Interrupted, it goes on "
            "where it was.",
        )

    def handle(self, *args: Any, check: bool, missing: bool, **options: Any) -> None:
        if not check:
            count = index_missing() if missing else reindex_all()
            self.stdout.write(f"{count:,} versions indexed")
        if lacking := versions_not_indexed(limit=COUNTED_UP_TO):
            raise CommandError(f"the index of the inbox lacks {lacking} versions")
        self.stdout.write("the index of the inbox is complete")


def reindex_all() -> int:
    total, last_id = 0, 0
    while True:
        last_id, count = reindex_versions(last_id)
        total += count
        if not last_id:
            return total


def index_missing() -> int:
    total, last_id, count = 0, None, 1
    while count:
        last_id, count = index_missing_versions(last_id)
        total += count
    return total
