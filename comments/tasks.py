"""Periodic tasks of comments. Each finds what is due in rows, and may run twice."""

from celery import shared_task
from django.utils import timezone

from comments.actions import delete_old_revisions
from comments.actions.classifying import classify_due_comments
from comments.actions.similarity import delete_old_bands
from comments.actions.word_list_trials import run_due_trials
from comments.notifications.email_sender import NOTIFICATION_EMAILS
from comments.notifications.retention import delete_old_notifications
from comments.notifications.sanctions import notify_of_sanctions
from newsroom.db.expressions import database_now
from newsroom.mail.queue import EMAIL_NOT_SENT, EMAIL_SENT


@shared_task(name="comments.tasks.delete_old_similarity_bands")
def delete_old_similarity_bands() -> str:
    """Delete what finds near-duplicates of comments older than a day."""
    return f"{delete_old_bands()} bands deleted"


@shared_task(name="comments.tasks.send_notifications")
def send_notifications() -> str:
    """Notify of sanctions, and send the e-mails that are due, for a limited time.

    A mail server that does not answer occupies one thread of each worker process at most.
    """
    try:
        notify_of_sanctions(timezone.now())
    finally:
        counts = NOTIFICATION_EMAILS.send_due_unless_sending()
    if counts is None:
        return "still sending"
    return f"{counts[EMAIL_SENT]} mailed, {counts[EMAIL_NOT_SENT]} not mailed"


@shared_task(name="comments.tasks.delete_old_notifications")
def delete_notifications() -> str:
    """Delete old notifications (comments/notifications/retention.py); their number in a sentence."""
    return f"{delete_old_notifications(timezone.now())} notifications deleted"


@shared_task(name="comments.tasks.classify_due")
def classify_due() -> str:
    """Ask the outside classifier for the verdicts that are due."""
    return f"{classify_due_comments()} calls"


@shared_task(name="comments.tasks.run_trials")
def run_trials() -> str:
    """Go on with dry runs of word lists."""
    return f"{run_due_trials()} batches"


@shared_task(name="comments.tasks.delete_old_former_texts")
def delete_old_former_texts() -> str:
    """Delete former texts of comments after COMMENT_REVISION_DAYS."""
    return f"{delete_old_revisions(database_now())} former texts deleted"
