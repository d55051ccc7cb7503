"""A request as middleware leaves it, for code of allauth that is called without a client."""

from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory


def plain_request() -> Any:
    """A GET request of nobody, with a session and messages."""
    request: Any = RequestFactory().get("/")
    request.session = SessionStore()
    request._messages = FallbackStorage(request)
    return request
