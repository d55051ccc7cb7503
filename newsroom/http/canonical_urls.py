"""Absolute canonical URLs of this site, and absolute links in HTML."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from newsroom.conf.environment import env

percent_encoded = lru_cache(maxsize=10_000)(
    iri_to_uri
)  # a page has two dozen URLs, mostly the same


def absolute_url(path: str) -> str:
    """The absolute URL of a path: SITE_URL and the path, percent-encoded (RFC 3987)."""
    return f"{settings.SITE_URL}{percent_encoded(path)}"


def is_loopback_name(host: str) -> bool:
    """Whether a host name or IP address is a loopback one."""
    if host.strip("[]") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_reachable_from_outside() -> bool:
    """Whether SITE_URL or HOST, on which the server listens, is no loopback address."""
    listen_host = env.str("HOST", default="") or "127.0.0.1"
    site_host = urlsplit(settings.SITE_URL).hostname or ""
    return not (is_loopback_name(listen_host) and is_loopback_name(site_host))


# For sanitised HTML: every attribute value in double quotes, no bare "<" in texts.
HTML_TAG_PATTERN = re.compile(r'<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>', re.IGNORECASE)
URL_ATTRIBUTE_PATTERN = re.compile(r'(?<=\s)(href|src|cite|poster|srcset)="([^"]*)"', re.IGNORECASE)
URL_SCHEME_PATTERN = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SRCSET_CANDIDATE_PATTERN = re.compile(r"([^\s,]\S*)(\s+[\d.]+[wx])?")  # of a srcset


def with_absolute_links(html: str, *, base: str) -> str:
    """Sanitised HTML with the URLs of links and images made absolute, relative to the page at `base`."""
    return HTML_TAG_PATTERN.sub(
        lambda tag: URL_ATTRIBUTE_PATTERN.sub(lambda link: resolve_attribute(link, base), tag[0]),
        html,
    )


def resolve_attribute(attribute: re.Match[str], base: str) -> str:
    """An HTML attribute with its URL, or the URLs of its `srcset`, made absolute."""
    name, value = attribute[1], attribute[2]
    if name.lower() != "srcset":
        return f'{name}="{resolve_url(base, value)}"'
    candidates = [
        SRCSET_CANDIDATE_PATTERN.sub(
            lambda match: resolve_url(base, match[1]) + (match[2] or ""), part.strip()
        )
        for part in value.split(", ")
    ]
    return f'{name}="{", ".join(candidates)}"'


def resolve_url(base: str, url: str) -> str:
    """A URL relative to the page at `base`; an absolute one unchanged."""
    if URL_SCHEME_PATTERN.match(url):
        return url
    return str(iri_to_uri(urljoin(base, url)))
