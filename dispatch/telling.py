"""Tell one subscriber of one event: build the requests, send them, say what came of it.

No database, no transaction: this part of a delivery takes as long as somebody else likes.
"""

import http.client
import logging
import time
from dataclasses import replace

from django.utils import timezone

from dispatch.client import Answer, send
from dispatch.letters import letters
from dispatch.models import Event, Subscriber
from dispatch.outcomes import Outcome
from newsroom.errors import Refused
from newsroom.text import one_line

logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds for everything: name look-up, connection, TLS, sending, the answer
LONGEST_ERROR = 300


def tell(event: Event, *, subscriber: Subscriber) -> Outcome:
    """The outcome of one attempt. Whatever goes wrong is an outcome too; nothing is raised."""
    now, began = timezone.now(), time.monotonic()
    outcome = Outcome(at=now, duration_ms=0, accepted=True)
    try:
        for letter in letters(event, subscriber=subscriber, now=now):
            answer = send(letter, until=began + PATIENCE)
            outcome = told(outcome, answer, accepted=letter.is_accepted(answer.status))
            if not outcome.accepted:
                break
    except (OSError, http.client.HTTPException, Refused) as trouble:
        outcome = failed(outcome, trouble)
    except Exception as broken:
        logger.exception("Event %s could not be told to %s", event.pk, subscriber.pk)
        outcome = failed(outcome, broken)
    return replace(outcome, duration_ms=round((time.monotonic() - began) * 1000))


def told(outcome: Outcome, answer: Answer, *, accepted: bool) -> Outcome:
    return replace(
        outcome,
        accepted=accepted,
        status=answer.status,
        excerpt=answer.excerpt,
        retry_after=answer.retry_after,
    )


def failed(outcome: Outcome, trouble: Exception) -> Outcome:
    words = str(trouble) if isinstance(trouble, Refused) else f"{type(trouble).__name__}: {trouble}"
    error = one_line(words)[:LONGEST_ERROR]
    return replace(outcome, accepted=False, status=None, excerpt="", error=error)
