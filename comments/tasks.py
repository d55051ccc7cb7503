"""Periodic tasks of comments."""

from celery import shared_task

from comments.actions import delete_old_revisions
from newsroom.db.expressions import database_now


@shared_task(name="comments.tasks.delete_old_former_texts")
def delete_old_former_texts() -> str:
    """Delete former texts of comments after COMMENT_REVISION_DAYS."""
    return f"{delete_old_revisions(database_now())} former texts deleted"
