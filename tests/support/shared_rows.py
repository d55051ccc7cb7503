"""Rows that many tests begin with: written by the real actions for the first one, then inserted again.

A whole newsroom takes the actions half a second. For the other tests of the process its rows are inserted
again, with the same keys, a statement for each table; each test changes its own.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db import models, transaction

from outbox.models import Invalidation
from tests.support.bulk_copies import Rows, all_rows_of, reset_sequences
from tests.support.database_reset import models_with_tables

# Stories are scheduled for make.DUE_AFTER: rows as old as this are written anew before these are due.
MAX_AGE_SECONDS = 120


class SharedRows:
    """The rows that some work writes, and the folder with its photos. The work makes all that it needs."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work = work
        self.rows: Rows = {}
        self.media_root: Any = None
        self.written_at = float("-inf")

    def insert(self, settings: Any) -> None:
        """Write the rows into the database of a test that has none yet."""
        if time.monotonic() - self.written_at > MAX_AGE_SECONDS:
            self.write_first(settings)
            return
        settings.MEDIA_ROOT = self.media_root
        with transaction.atomic():
            for model, rows in self.rows.items():
                all_rows_of(model).bulk_create(rows)
            reset_sequences(list(self.rows))

    def write_first(self, settings: Any) -> None:
        self.rows, self.written_at = {}, time.monotonic()
        before = {model: pks_of(model) for model in models_with_tables()}
        self.work()
        self.media_root = settings.MEDIA_ROOT
        del before[Invalidation]  # triggers write them
        for model, pks in before.items():
            if written := [row for row in all_rows_of(model) if row.pk not in pks]:
                self.rows[model] = written


def pks_of(model: type[models.Model]) -> set[Any]:
    return set(all_rows_of(model).values_list("pk", flat=True))
