"""Table of sessions with the account and the last use; sessions of Django's table are taken over.

Reversible: backwards, they are written back.
"""

import itertools
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models
from django.utils import timezone

BATCH_ROWS = 500
FIELDS = ("session_key", "session_data", "expire_date")


def take_over_sessions(apps: Any, _schema_editor: Any) -> None:
    """Copy the sessions that have not expired, with their account, and empty Django's table."""
    former, current = apps.get_model("sessions", "Session"), apps.get_model("accounts", "UserSession")
    accounts = set(apps.get_model("accounts", "User").objects.values_list("pk", flat=True))
    now, store = timezone.now(), SessionStore()
    rows = former.objects.filter(expire_date__gt=now).values(*FIELDS).iterator(BATCH_ROWS)
    while batch := list(itertools.islice(rows, BATCH_ROWS)):
        current.objects.bulk_create(
            current(last_used_at=now, user_id=account_of(store, row, accounts), **row)
            for row in batch
        )
    former.objects.all().delete()


def account_of(store: SessionStore, row: dict[str, Any], accounts: set[int]) -> int | None:
    """The account that a session is signed in to, if it exists."""
    account = int(store.decode(row["session_data"]).get("_auth_user_id") or 0)
    return account if account in accounts else None


def write_sessions_back(apps: Any, _schema_editor: Any) -> None:
    """Copy the sessions to Django's table."""
    former, current = apps.get_model("sessions", "Session"), apps.get_model("accounts", "UserSession")
    rows = current.objects.values(*FIELDS).iterator(BATCH_ROWS)
    while batch := list(itertools.islice(rows, BATCH_ROWS)):
        former.objects.bulk_create((former(**row) for row in batch), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_sanction_ids"), ("sessions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="UserSession",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        verbose_name="session key",
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("last_used_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session of an account",
                "verbose_name_plural": "sessions of accounts",
            },
        ),
        migrations.RunPython(take_over_sessions, write_sessions_back),
    ]
