"""Periodic tasks of comments. Idempotent and safe to run twice."""

from celery import shared_task
from django.utils import timezone

from comments.actions.blocking import end_due_blocks, erase_block_contacts
from comments.actions.surges import delete_old_surges, watch_surges
from comments.block_notices import send_block_notices
from comments.reconciliation import store_sampled_drift


@shared_task(name="comments.tasks.end_blocks")
def end_blocks() -> str:
    """End the blocks on request whose term is over, and mail the notices that are due."""
    ended = end_due_blocks(timezone.now())
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


@shared_task(name="comments.tasks.watch_surges")
def watch_for_surges() -> str:
    """Raise alerts for surges of comments, reactions and reports, and end those that are over."""
    raised, ended = watch_surges(timezone.now())
    return f"{raised} surges began, {ended} ended"
