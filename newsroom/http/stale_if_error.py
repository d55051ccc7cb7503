"""Stale-if-error: which kept answers may be served on while the database is away (RFC 5861, section 4).

Only such that are still true as far as anybody can know: nothing readers saw was changed or taken away
since they were made (newsroom/http/change_token.py), no planned change of any story has come, and they were
known to be good less than RESPONSE_CACHE_STALE_IF_ERROR_SECONDS ago.  Shared caches are not told to do
the same: a withdrawal just before the database went would not reach them.
"""

import math
import time
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from newsroom.http.cache_control import REVALIDATE_ALWAYS, next_planned_change
from newsroom.http.change_token import change_token
from newsroom.observability.metrics import count_stale_response

# For this long after a failure answers are served without asking the database again.
DATABASE_RETRY_SECONDS = 1.0


class FreshnessBasis(NamedTuple):
    """What an answer was made on: the change token before its making, and when that began (monotonic)."""

    token: str | None
    began: float


def freshness_basis() -> FreshnessBasis | None:
    """The basis of an answer that is about to be made; None where none is served stale."""
    if not settings.RESPONSE_CACHE_STALE_IF_ERROR_SECONDS:
        return None
    return FreshnessBasis(change_token.read(), time.monotonic())


def refresh_next_change() -> bool:
    """Learn when something planned changes next while the database can be asked; whether it could."""
    if not settings.RESPONSE_CACHE_STALE_IF_ERROR_SECONDS:
        return False
    try:
        next_planned_change.next_change(timezone.now())
    except DatabaseError:
        return False
    return True


def may_serve_stale(made_on: FreshnessBasis | None, *, good_until: float, now: datetime) -> bool:
    """Whether an answer may be served now that was known to be good until a moment (monotonic)."""
    if made_on is None or made_on.token is None:
        return False
    if time.monotonic() - good_until > settings.RESPONSE_CACHE_STALE_IF_ERROR_SECONDS:
        return False
    planned = next_planned_change.moment  # as it was last known: who could be asked is away
    if planned is not None and planned <= now:
        return False
    return change_token.read() == made_on.token


def mark_stale(answer: Any, made_on: FreshnessBasis) -> Any:
    """Say on the answer what it is: its age (RFC 9111, section 5.1; RFC 9211), to be kept by no cache."""
    age = math.floor(time.monotonic() - made_on.began)
    answer["Age"] = str(age)
    if "public" in answer.get("Cache-Control", ""):
        answer["Cache-Control"] = REVALIDATE_ALWAYS
    answer["Cache-Status"] = f"newsroom-web; hit; ttl=-{age}; detail=stale-if-error"
    count_stale_response(answer.status_code)
    return answer
