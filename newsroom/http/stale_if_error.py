"""Stale-if-error: which cached responses may be served while the database is unavailable (RFC 5861,
section 4).

Only those that are still true as far as can be known: nothing public was changed or taken away since
they were rendered (newsroom/http/change_token.py), no planned change has come due, and they were last
fresh less than RESPONSE_CACHE_STALE_IF_ERROR_SECONDS ago. Shared caches get no `stale-if-error`: a
withdrawal just before the outage would not reach them.
"""

import math
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from newsroom import clock
from newsroom.http.cache_control import REVALIDATE_ALWAYS, next_planned_change
from newsroom.http.change_token import change_token
from newsroom.observability.metrics import count_stale_response

# For this long after a failure, stale responses are served without trying the database again.
DATABASE_RETRY_SECONDS = 1.0


class FreshnessBasis(NamedTuple):
    """The change token read before a response was rendered, and when that began (monotonic seconds)."""

    token: str | None
    began: float


def freshness_basis() -> FreshnessBasis | None:
    """The basis of a response that is about to be rendered; None if stale-if-error is switched off."""
    if not settings.RESPONSE_CACHE_STALE_IF_ERROR_SECONDS:
        return None
    return FreshnessBasis(change_token.read(), clock.monotonic())


def refresh_next_change() -> bool:
    """Fetch the next planned change while the database answers; False if it does not, or switched off."""
    if not settings.RESPONSE_CACHE_STALE_IF_ERROR_SECONDS:
        return False
    try:
        next_planned_change.get(timezone.now())
    except DatabaseError:
        return False
    return True


def may_serve_stale(basis: FreshnessBasis | None, *, good_until: float, now: datetime) -> bool:
    """Whether a response with this basis may be served stale; it was last fresh at `good_until`
    (monotonic)."""
    if basis is None or basis.token is None:
        return False
    if clock.monotonic() - good_until > settings.RESPONSE_CACHE_STALE_IF_ERROR_SECONDS:
        return False
    due_at = next_planned_change.due_at  # as last fetched, since the database cannot be asked
    if due_at is not None and due_at <= now:
        return False
    return change_token.read() == basis.token


def mark_stale(response: Any, basis: FreshnessBasis) -> Any:
    """Set Age (RFC 9111, section 5.1) and Cache-Status (RFC 9211), and keep other caches from storing
    it."""
    age = math.floor(clock.monotonic() - basis.began)
    response["Age"] = str(age)
    if "public" in response.get("Cache-Control", ""):
        response["Cache-Control"] = REVALIDATE_ALWAYS
    response["Cache-Status"] = f"newsroom-web; hit; ttl=-{age}; detail=stale-if-error"
    count_stale_response(response.status_code)
    return response
