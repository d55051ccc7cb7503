"""Periodic tasks of comments."""

from celery import shared_task

from comments.actions.classifying import classify_due_comments
from comments.actions.word_list_trials import run_due_trials


@shared_task(name="comments.tasks.classify_due")
def classify_due() -> str:
    """Ask the outside classifier for the verdicts that are due."""
    return f"{classify_due_comments()} calls"


@shared_task(name="comments.tasks.run_trials")
def run_trials() -> str:
    """Go on with dry runs of word lists."""
    return f"{run_due_trials()} batches"
