"""Celery tasks of the desk. Each finds what is due in rows, and may run twice, anywhere, at once."""

import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from desk.actions import delete_ended_presences, delete_old_autosaves
from desk.actions.legal.claims import erase_personal_data
from desk.actions.legal.erasing import finish_erasures
from desk.actions.link_checks import RESULT_RETENTION, delete_old_link_checks
from desk.actions.suggesting import RETENTION as SUGGESTION_RETENTION
from desk.actions.suggesting import delete_old_suggestions
from desk.models import Claim, Release
from desk.notifications import delete_settled_notices, refresh_notices
from desk.notifications.email_sender import (
    EMAIL_NOT_SENT,
    EMAIL_SENT,
    send_due_emails_unless_sending,
)
from desk.workers.link_checks import start_link_checks
from desk.workers.nightly_backup import create_backup_if_due
from desk.workers.scheduler import process_due
from desk.workers.suggestions import start_suggestions
from newsroom.db.expressions import database_now

__all__ = [
    "ask_assistant",
    "back_up",
    "check_links",
    "delete_old_notices",
    "delete_old_versions",
    "erase_claimants",
    "finish_committed_erasures",
    "process_due",
    "publish_due",
    "tell_people",
]

AUTOSAVE_RETENTION = timedelta(days=30)
BEAT_INTERVAL = timedelta(seconds=1)  # how often beat sends publish_due (newsroom/celery.py)


@shared_task(name="desk.tasks.publish_due")
def publish_due() -> str:
    """Publish every release whose time has come, and take down every article that has expired.

    A release that is due before the next tick is waited for here, so that it is published at its time
    and not up to a second later.
    """
    result = process_due()
    now = database_now()
    if due_at := Release.objects.next_due_at(now, within=BEAT_INTERVAL):
        time.sleep((due_at - now).total_seconds())
        result += process_due()
    return str(result)


@shared_task(name="desk.tasks.tell_people")
def tell_people() -> str:
    """Bring notices up to date and send the e-mails that are due, for a limited time.

    A mail server that does not answer occupies one thread of each worker process at most, so that
    publishing goes on: a process that is still sending begins no second run.
    """
    try:
        refresh_notices()
    finally:
        counts = send_due_emails_unless_sending()
    if counts is None:
        return "still sending"
    return f"{counts[EMAIL_SENT]} mailed, {counts[EMAIL_NOT_SENT]} not mailed"


@shared_task(name="desk.tasks.delete_settled_notices")
def delete_old_notices() -> str:
    """Delete notices settled more than NOTIFICATION_RETENTION_DAYS ago, their number in a sentence, who had
    which story open long ago, old results of link checks, and old suggestions."""
    retention = timedelta(days=settings.NOTIFICATION_RETENTION_DAYS)
    deleted = delete_settled_notices(retention=retention)
    delete_ended_presences()
    delete_old_link_checks(before=timezone.now() - RESULT_RETENTION)
    delete_old_suggestions(before=timezone.now() - SUGGESTION_RETENTION)
    return f"{deleted} notices deleted"


@shared_task(name="desk.tasks.delete_old_autosaves")
def delete_old_versions() -> str:
    """Delete autosaves older than AUTOSAVE_RETENTION; their number in a sentence."""
    return f"{delete_old_autosaves(before=timezone.now() - AUTOSAVE_RETENTION)} autosaves deleted"


@shared_task(name="desk.tasks.erase_claimants")
def erase_claimants() -> str:
    """Delete the personal data of claims closed more than CLAIMANT_RETENTION_DAYS ago; how many claims."""
    before = timezone.now() - timedelta(days=settings.CLAIMANT_RETENTION_DAYS)
    claims = list(Claim.objects.with_expired_personal_data(before).order_by("pk"))
    for claim in claims:
        erase_personal_data(claim)
    return f"{len(claims)} claims"


@shared_task(name="desk.tasks.finish_erasures")
def finish_committed_erasures() -> str:
    """Delete photo files and empty comments of legal erasures; how many were finished."""
    return f"{finish_erasures()} erasures finished"


@shared_task(name="desk.tasks.check_links")
def check_links() -> str:
    """Have the links to other sites checked that a save has asked for, in a thread of their own."""
    return "started" if start_link_checks() else "nothing to check"


@shared_task(name="desk.tasks.ask_assistant")
def ask_assistant() -> str:
    """Have the assistant answer what waits for it, in a thread of its own."""
    return "started" if start_suggestions() else "nothing waits"


@shared_task(name="desk.tasks.back_up")
def back_up() -> str:
    """Make the nightly backup when it is due (BACKUP_DIR, BACKUP_HOUR)."""
    return create_backup_if_due()
