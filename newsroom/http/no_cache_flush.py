"""Requests that change nothing which anybody reads, though they are no reads
(newsroom/http/response_cache.py)."""

from django.http.response import HttpResponseBase

MARK = "changes_nothing"


def harmless(answer: HttpResponseBase) -> None:
    """Mark the answer to such a request: what is kept of public reads stays."""
    setattr(answer, MARK, True)


def is_harmless(answer: HttpResponseBase) -> bool:
    return bool(getattr(answer, MARK, False))
