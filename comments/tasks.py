"""Periodic tasks of comments."""

from celery import shared_task

from comments.actions.similarity import delete_old_bands


@shared_task(name="comments.tasks.delete_old_similarity_bands")
def delete_old_similarity_bands() -> str:
    """Delete what finds near-duplicates of comments older than a day."""
    return f"{delete_old_bands()} bands deleted"
