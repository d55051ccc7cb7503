"""Requests that change nothing which anybody reads, though they are no reads
(newsroom/http/response_cache.py)."""

from django.http.response import HttpResponseBase

NO_CACHE_FLUSH_ATTRIBUTE = "changes_nothing"


def mark_no_cache_flush(answer: HttpResponseBase) -> None:
    """Mark the answer to such a request: what is kept of public reads stays."""
    setattr(answer, NO_CACHE_FLUSH_ATTRIBUTE, True)


def is_no_cache_flush(answer: HttpResponseBase) -> bool:
    return bool(getattr(answer, NO_CACHE_FLUSH_ATTRIBUTE, False))
