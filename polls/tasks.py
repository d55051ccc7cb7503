"""Periodic tasks of polls."""

from datetime import timedelta

from celery import shared_task

from newsroom.db.expressions import database_now
from polls import actions
from polls.reconciliation import store_drift


@shared_task(name="polls.tasks.check_tallies")
def check_tallies() -> str:
    """Compare the kept tallies of polls that were open in the last day with their votes."""
    return f"{store_drift(since=database_now() - timedelta(days=1))} votes of drift"


@shared_task(name="polls.tasks.unlink_closed_polls")
def unlink_closed_polls() -> str:
    """Remove who voted from polls whose grace period is over."""
    return f"{actions.unlink_closed_polls()} polls unlinked"
