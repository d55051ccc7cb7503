"""Suggestion worker: asks the assistant in a thread of its own in a Celery worker process.

The Celery task starts the thread and does not wait for it, so that no assistant, however slow, keeps a
place of the worker from publication. One thread a process, a daemon: what it leaves
undone is claimed again later.
"""

import logging
import threading

from django.db import connections
from django.utils import timezone

from desk.actions.suggesting import answer_suggestion, claim_suggestion
from desk.models import Suggestion
from desk.suggestions.chat_completions import is_configured

logger = logging.getLogger(__name__)
RUNNING = threading.Lock()


def start_suggestions() -> threading.Thread | None:
    """Start the thread where a suggestion waits and no thread of this process runs; the thread.

    No query without an assistant.
    """
    if not is_configured():
        return None
    if not Suggestion.objects.due(timezone.now()).exists():
        return None
    if not RUNNING.acquire(blocking=False):
        return None
    thread = threading.Thread(target=run_suggestions, name="suggestions", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # the process is ending
        RUNNING.release()
        raise
    return thread


def run_suggestions() -> None:
    """Answer what waits, in the thread."""
    try:
        answer_due_suggestions()
    finally:
        connections.close_all()
        RUNNING.release()


def answer_due_suggestions() -> int:
    """Answer every waiting suggestion; an error does not stop the next. How many were tried."""
    tried = 0
    while row := claim_suggestion(timezone.now()):
        tried += 1
        try:
            answer_suggestion(row)
        except Exception:
            logger.exception("Suggestion %s was not answered", row.pk)
    return tried
