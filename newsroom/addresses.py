"""Absolute addresses of this site, one canonical string for each thing."""

from django.conf import settings
from django.utils.encoding import iri_to_uri


def absolute(path: str) -> str:
    """The one address of a path: SITE_URL in front, Hangul percent-encoded (RFC 3987)."""
    return f"{settings.SITE_URL}{iri_to_uri(path)}"
