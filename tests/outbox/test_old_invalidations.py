"""Deletion of old invalidations, and of those that a backup of another server brought along."""

import pytest
from django.db import connection

from newsroom.db.invalidation_rules import EVERYTHING, INVALIDATION_TABLE, PRUNED
from outbox.actions import delete_old_invalidations
from outbox.models import Invalidation

OLD_ROW = f"""
INSERT INTO {INVALIDATION_TABLE} (kind, value, is_count, xid, written_at)
VALUES (%s, %s, false, %s::text::xid8, now() - interval '6 minutes')
"""
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def insert_old_row(kind: str, value: str, *, xid: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OLD_ROW, [kind, value, xid])


def test_old_rows_are_deleted_and_the_last_transaction_is_noted() -> None:
    insert_old_row("article", "하나", xid="5")
    insert_old_row("article", "둘", xid="6")
    assert delete_old_invalidations() == 2
    assert list(Invalidation.objects.values_list("kind", "value")) == [(PRUNED, "6")]


def test_rows_of_another_server_are_deleted_and_everything_is_invalidated_once() -> None:
    insert_old_row("article", "하나", xid="5")
    insert_old_row("article", "둘", xid="9000000000000")
    insert_old_row(PRUNED, "8999999999999", xid="9000000000001")
    assert delete_old_invalidations() == 3
    assert list(Invalidation.objects.values_list("kind", "value")) == [(EVERYTHING, "")]
    assert delete_old_invalidations() == 0
