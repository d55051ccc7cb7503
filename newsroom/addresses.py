"""Absolute addresses of this site, one canonical string for each thing."""

from functools import lru_cache

from django.conf import settings
from django.utils.encoding import iri_to_uri

spelled = lru_cache(maxsize=10_000)(iri_to_uri)  # a page has two dozen addresses, mostly the same


def absolute(path: str) -> str:
    """The one address of a path: SITE_URL in front, Hangul percent-encoded (RFC 3987)."""
    return f"{settings.SITE_URL}{spelled(path)}"
