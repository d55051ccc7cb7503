"""Absolute addresses of this site, one canonical string for each thing."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from newsroom.conf.environment import env

percent_encoded = lru_cache(maxsize=10_000)(
    iri_to_uri
)  # a page has two dozen addresses, mostly the same


def absolute_url(path: str) -> str:
    """The one address of a path: SITE_URL in front, Hangul percent-encoded (RFC 3987)."""
    return f"{settings.SITE_URL}{percent_encoded(path)}"


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
HTML_TAG_PATTERN = re.compile(r'<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>', re.IGNORECASE)
URL_ATTRIBUTE_PATTERN = re.compile(r'(?<=\s)(href|src|cite|poster|srcset)="([^"]*)"', re.IGNORECASE)
URL_SCHEME_PATTERN = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SRCSET_CANDIDATE_PATTERN = re.compile(r"([^\s,]\S*)(\s+[\d.]+[wx])?")  # of a srcset


def with_absolute_links(html: str, *, base: str) -> str:
    """Sanitised HTML with the addresses of its links and pictures as seen from the page at `base`."""
    return HTML_TAG_PATTERN.sub(
        lambda tag: URL_ATTRIBUTE_PATTERN.sub(lambda link: resolve_attribute(link, base), tag[0]),
        html,
    )


def resolve_attribute(link: re.Match[str], base: str) -> str:
    name, value = link[1], link[2]
    if name.lower() != "srcset":
        return f'{name}="{resolve_url(base, value)}"'
    parts = [part.strip() for part in value.split(", ")]
    found = [
        SRCSET_CANDIDATE_PATTERN.sub(lambda one: resolve_url(base, one[1]) + (one[2] or ""), p)
        for p in parts
    ]
    return f'{name}="{", ".join(found)}"'


def resolve_url(base: str, address: str) -> str:
    """An address on the page at `base`; one that is absolute stays as it is, letter by letter."""
    if URL_SCHEME_PATTERN.match(address):
        return address
    return str(iri_to_uri(urljoin(base, address)))
