"""Absolute addresses of this site, one canonical string for each thing."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from newsroom.conf.environment import env

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


# In HTML as it is written: every value in double quotes, no bare "<" in texts.
TAG = re.compile(r'<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>', re.IGNORECASE)
LINK = re.compile(r'(?<=\s)(href|src|cite|poster|srcset)="([^"]*)"', re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
CANDIDATE = re.compile(r"([^\s,]\S*)(\s+[\d.]+[wx])?")  # of a srcset


def with_absolute_links(html: str, *, base: str) -> str:
    """Sanitised HTML with the addresses of its links and pictures as seen from the page at `base`."""
    return TAG.sub(lambda tag: LINK.sub(lambda link: resolved(link, base), tag[0]), html)


def resolved(link: re.Match[str], base: str) -> str:
    name, value = link[1], link[2]
    if name.lower() != "srcset":
        return f'{name}="{joined(base, value)}"'
    parts = [part.strip() for part in value.split(", ")]
    found = [CANDIDATE.sub(lambda one: joined(base, one[1]) + (one[2] or ""), p) for p in parts]
    return f'{name}="{", ".join(found)}"'


def joined(base: str, address: str) -> str:
    """An address on the page at `base`; one that is absolute stays as it is, letter by letter."""
    if SCHEME.match(address):
        return address
    return str(iri_to_uri(urljoin(base, address)))
