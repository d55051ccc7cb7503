"""Absolute addresses of this site, one canonical string for each thing."""

import re
from functools import lru_cache
from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import iri_to_uri

spelled = lru_cache(maxsize=10_000)(iri_to_uri)  # a page has two dozen addresses, mostly the same


def absolute(path: str) -> str:
    """The one address of a path: SITE_URL in front, Hangul percent-encoded (RFC 3987)."""
    return f"{settings.SITE_URL}{spelled(path)}"


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
