"""Absolute addresses of this site, one canonical string for each thing."""

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from newsroom.environment import env

spelled = lru_cache(maxsize=10_000)(iri_to_uri)  # a page has two dozen addresses, mostly the same


def absolute(path: str) -> str:
    """The one address of a path: SITE_URL in front, Hangul percent-encoded (RFC 3987)."""
    return f"{settings.SITE_URL}{spelled(path)}"


def is_loopback_name(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    if host.strip("[]") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_reachable_from_outside() -> bool:
    """Whether others than this machine can reach the site: by SITE_URL, or by HOST, on which it listens."""
    listening = env.str("HOST", default="") or "127.0.0.1"
    named = urlsplit(settings.SITE_URL).hostname or ""
    return not (is_loopback_name(listening) and is_loopback_name(named))
