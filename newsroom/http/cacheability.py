"""Which answers the response cache may keep (newsroom/http/response_cache.py), and for how long."""

from http import HTTPStatus

from django.conf import settings
from django.http.response import HttpResponseBase

from newsroom.http.cache_control import seconds_to_next_change

MAX_RESPONSE_BYTES = 2 * 1024 * 1024  # a hundred whole texts in a feed
ABSENCE_STATUSES = {301, 404, 410}


def is_cacheable(answer: HttpResponseBase) -> bool:
    """Whether every reader of this address may get this very answer."""
    return (
        not answer.streaming
        and not answer.cookies
        # What may be framed says so by more than its headers, to the middleware around this one.
        and not getattr(answer, "xframe_options_exempt", False)
        and (
            has_public_cache_control(answer)
            if answer.status_code == HTTPStatus.OK
            else is_cacheable_absence(answer)
        )
        and len(getattr(answer, "content", b"")) <= MAX_RESPONSE_BYTES
    )


def has_public_cache_control(answer: HttpResponseBase) -> bool:
    return "public" in answer.get("Cache-Control", "")


def is_cacheable_absence(answer: HttpResponseBase) -> bool:
    """Whether a public read found nothing here (any more); others' 404 may depend on who asks."""
    return answer.status_code in ABSENCE_STATUSES and getattr(answer, "is_public_read", False)


def fresh_seconds() -> float:
    """Seconds for which an answer may be given again, which end before the next planned change."""
    moment, left = float(settings.RESPONSE_CACHE_SECONDS), seconds_to_planned_change()
    return moment if left is None or left <= 0 else min(moment, left)


def fresh_seconds_of_absence() -> float:
    """The same for what is not there; none while something planned is just coming out."""
    left = seconds_to_planned_change()
    return 0.0 if left is not None and left <= 0 else fresh_seconds()


def seconds_to_planned_change() -> float | None:
    return seconds_to_next_change() if settings.SHARED_CACHE_SECONDS else None
