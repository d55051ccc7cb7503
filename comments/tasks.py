"""Periodic tasks of comments. Each finds what is due in rows, and may run twice."""

from celery import shared_task
from django.utils import timezone

from comments.actions import delete_old_revisions
from comments.actions.appeals import close_moot_appeals
from comments.actions.blocking import end_due_blocks, erase_block_contacts
from comments.actions.classifying import classify_due_unless_calling
from comments.actions.idempotency import delete_outdated_keys
from comments.actions.similarity import delete_old_bands
from comments.actions.surges import delete_old_surges, watch_surges
from comments.actions.word_list_trials import run_due_trials
from comments.block_notices import send_block_notices
from comments.notifications.email_sender import NOTIFICATION_EMAILS
from comments.notifications.retention import delete_old_notifications
from comments.notifications.sanctions import notify_of_sanctions
from comments.reconciliation import store_sampled_drift
from newsroom.db.expressions import database_now
from newsroom.mail.queue import EMAIL_NOT_SENT, EMAIL_SENT


@shared_task(name="comments.tasks.delete_old_similarity_bands")
def delete_old_similarity_bands() -> str:
    """Delete what finds near-duplicates of comments older than a day."""
    return f"{delete_old_bands()} bands deleted"


@shared_task(name="comments.tasks.delete_idempotency_keys")
def delete_idempotency_keys() -> str:
    """Delete the idempotency keys of comments that are older than a day."""
    return f"{delete_outdated_keys()} keys deleted"


@shared_task(name="comments.tasks.send_notifications")
def send_notifications() -> str:
    """Close appeals against sanctions that are over, notify of sanctions, and send the e-mails that are
    due, for a limited time.

    A mail server that does not answer occupies one thread of each worker process at most.
    """
    now = timezone.now()
    try:
        close_moot_appeals(now)
        notify_of_sanctions(now)
    finally:
        counts = NOTIFICATION_EMAILS.send_due_unless_sending()
    if counts is None:
        return "still sending"
    return f"{counts[EMAIL_SENT]} mailed, {counts[EMAIL_NOT_SENT]} not mailed"


@shared_task(name="comments.tasks.delete_notifications")
def delete_notifications() -> str:
    """Delete old notifications (comments/notifications/retention.py); their number in a sentence."""
    return f"{delete_old_notifications(timezone.now())} notifications deleted"


@shared_task(name="comments.tasks.classify_due")
def classify_due() -> str:
    """Ask the outside classifier for the verdicts that are due, for a limited time.

    A classifier that does not answer occupies one thread of each worker process at most.
    """
    calls = classify_due_unless_calling()
    return "still calling" if calls is None else f"{calls} calls"


@shared_task(name="comments.tasks.run_trials")
def run_trials() -> str:
    """Go on with dry runs of word lists."""
    return f"{run_due_trials()} batches"


@shared_task(name="comments.tasks.delete_old_former_texts")
def delete_old_former_texts() -> str:
    """Delete former texts of comments after COMMENT_REVISION_DAYS."""
    return f"{delete_old_revisions(database_now())} former texts deleted"


@shared_task(name="comments.tasks.end_blocks")
def end_blocks() -> str:
    """End the blocks on request whose term is over, and mail the notices that are due."""
    try:
        ended = end_due_blocks(timezone.now())
    finally:
        sent, failed = send_block_notices()
    return f"{ended} blocks ended, {sent} notices mailed, {failed} failed"


@shared_task(name="comments.tasks.erase_contacts")
def erase_contacts() -> str:
    """Erase who requested blocks that were over long ago, and old alerts of surges."""
    now = timezone.now()
    return f"{erase_block_contacts(now)} contacts and {delete_old_surges(now)} alerts erased"


@shared_task(name="comments.tasks.check_counts")
def check_counts() -> str:
    """Compare a sample of the stored counts of comments and reactions with their rows."""
    return f"{store_sampled_drift(timezone.now())} of drift"


@shared_task(name="comments.tasks.watch_for_surges")
def watch_for_surges() -> str:
    """Raise alerts for surges of comments, reactions and reports, and end those that are over."""
    raised, ended = watch_surges(timezone.now())
    return f"{raised} surges began, {ended} ended"
