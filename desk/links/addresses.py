"""Addresses in links: their parts, and whether they are on this site. No queries."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.utils.encoding import punycode

from newsroom.text.html_normalizer import LINK_SCHEMES
from newsroom.text.normalization import canonical_slug

ARTICLE_PATH = re.compile(r"/articles/([^/]+)/?")
HOST_NAME = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*\.?|[\d.]+|\[[0-9a-f:.]+\]"
)


def split_url(url: str) -> SplitResult | None:
    """The parts of an address; None for one that leads nowhere."""
    try:
        parts = urlsplit(url.strip())
        _port = parts.port  # raises ValueError for a bad one
    except ValueError:
        return None
    if parts.scheme and parts.scheme not in LINK_SCHEMES:
        return None
    if parts.scheme in {"mailto", "tel"}:
        return parts
    if parts.scheme or parts.netloc:
        return parts if is_host_name(parts.hostname or "") else None
    return parts if parts.path.startswith("/") else None  # else relative to the page, or a fragment


def is_host_name(host: str) -> bool:
    if host == urlsplit(settings.SITE_URL).hostname:
        return True
    try:
        punycode(host)
    except UnicodeError:
        return False
    return HOST_NAME.fullmatch(host.lower()) is not None


def is_own_address(parts: SplitResult) -> bool:
    """Whether an address of the web is on this site."""
    if not parts.netloc:
        return parts.scheme not in {"mailto", "tel"}
    own = urlsplit(settings.SITE_URL)
    return parts.hostname == own.hostname and (parts.port or 0) in {own.port or 0, 80, 443}


def is_own_site_insecure() -> bool:
    return settings.SITE_URL.startswith("http:")


def article_slug_in(url: str) -> str:
    """The canonical slug of the article of this site that an address names; empty for any other."""
    parts = split_url(url)
    if parts is None or not is_own_address(parts):
        return ""
    found = ARTICLE_PATH.fullmatch(unquote(parts.path))
    return canonical_slug(found[1]) if found and "\x00" not in found[1] else ""
