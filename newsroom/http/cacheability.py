"""Which answers the response cache may keep (newsroom/http/response_cache.py), and for how long."""

from http import HTTPStatus

from django.conf import settings
from django.http.response import HttpResponseBase

from newsroom.http.cache_control import seconds_left

MAX_RESPONSE_BYTES = 2 * 1024 * 1024  # a hundred whole texts in a feed
MISSING = {301, 404, 410}


def is_for_all(answer: HttpResponseBase) -> bool:
    """Whether every reader of this address may get this very answer."""
    return (
        not answer.streaming
        and not answer.cookies
        # What may be framed says so by more than its headers, to the middleware around this one.
        and not getattr(answer, "xframe_options_exempt", False)
        and (is_public(answer) if answer.status_code == HTTPStatus.OK else is_missing(answer))
        and len(getattr(answer, "content", b"")) <= MAX_RESPONSE_BYTES
    )


def is_public(answer: HttpResponseBase) -> bool:
    return "public" in answer.get("Cache-Control", "")


def is_missing(answer: HttpResponseBase) -> bool:
    """Whether a public read found nothing here (any more); others' 404 may depend on who asks."""
    return answer.status_code in MISSING and getattr(answer, "is_public_read", False)


def moment_left() -> float:
    """Seconds for which an answer may be given again, which end before the next planned change."""
    moment, left = float(settings.KEEP_PUBLIC_SECONDS), until_planned()
    return moment if left is None or left <= 0 else min(moment, left)


def moment_of_absence() -> float:
    """The same for what is not there; none while something planned is just coming out."""
    left = until_planned()
    return 0.0 if left is not None and left <= 0 else moment_left()


def until_planned() -> float | None:
    return seconds_left() if settings.SHARED_CACHE_SECONDS else None
