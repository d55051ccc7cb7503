"""Which responses the response cache may store (newsroom/http/response_cache.py), and for how many
seconds."""

from http import HTTPStatus

from django.conf import settings
from django.http.response import HttpResponseBase

from newsroom.http.cache_control import seconds_to_next_change

MAX_RESPONSE_BYTES = 2 * 1024 * 1024  # a hundred full texts in a feed
ABSENCE_STATUSES = {301, 404, 410}


def is_cacheable(response: HttpResponseBase) -> bool:
    """Whether the response is the same for everybody who requests this URL."""
    return (
        not response.streaming
        and not response.cookies
        # Pages that may be framed are marked by this attribute for an outer middleware, which a hit lacks.
        and not getattr(response, "xframe_options_exempt", False)
        and (
            has_public_cache_control(response)
            if response.status_code == HTTPStatus.OK
            else is_cacheable_absence(response)
        )
        and len(getattr(response, "content", b"")) <= MAX_RESPONSE_BYTES
    )


def has_public_cache_control(response: HttpResponseBase) -> bool:
    return "public" in response.get("Cache-Control", "")


def is_cacheable_absence(response: HttpResponseBase) -> bool:
    """Whether a public read answered 301, 404 or 410; a 404 of another view may depend on the user."""
    return response.status_code in ABSENCE_STATUSES and getattr(response, "is_public_read", False)


def fresh_seconds() -> float:
    """Seconds for which a response is fresh: RESPONSE_CACHE_SECONDS, or less before a planned change."""
    seconds, remaining = float(settings.RESPONSE_CACHE_SECONDS), seconds_to_planned_change()
    return seconds if remaining is None or remaining <= 0 else min(seconds, remaining)


def fresh_seconds_of_absence() -> float:
    """The same for a 301, 404 or 410; 0 while a planned change is happening."""
    remaining = seconds_to_planned_change()
    return 0.0 if remaining is not None and remaining <= 0 else fresh_seconds()


def seconds_to_planned_change() -> float | None:
    return seconds_to_next_change() if settings.SHARED_CACHE_SECONDS else None
