"""Suggestion worker: asks the assistant in a thread of its own in a Celery worker process."""

import logging
import threading

from django.utils import timezone

from desk.actions.suggesting import answer_suggestion, claim_suggestion
from desk.models import Suggestion
from desk.suggestions.chat_completions import is_configured
from newsroom.background_threads import BackgroundThreads

logger = logging.getLogger(__name__)
THREADS = BackgroundThreads("suggestions")


def start_suggestions() -> threading.Thread | None:
    """Start the thread where a suggestion waits and no thread of this process runs; the thread.

    No query without an assistant.
    """
    if not is_configured() or not Suggestion.objects.due(timezone.now()).exists():
        return None
    return THREADS.start(answer_due_suggestions)


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
