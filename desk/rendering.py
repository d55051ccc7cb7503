"""HTML sanitizer and renderer of bodies. Pure: text in, text out."""

import re
from typing import NamedTuple

import nh3
from django.conf import settings

from articles.models import PHOTO_URL_PREFIX
from desk.html_normalizer import LINK_SCHEMES, normalize_html

PHOTO_PATH = PHOTO_URL_PREFIX
ALLOWED_TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "br",
    "hr",
    "strong",
    "em",
    "u",
    "s",
    "sub",
    "sup",
    "code",
    "pre",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "figure",
    "img",
    "figcaption",
    "table",
    "tbody",
    "tr",
    "th",
    "td",
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "p": {"lang"},
    "blockquote": {"lang", "cite"},
}
PHOTO_KEY = re.compile(re.escape(PHOTO_PATH) + r"([A-Za-z0-9_-]{8,24})/")
PHOTO_FILE = re.compile(PHOTO_KEY.pattern + r"[0-9]+\.[a-z]+")


class CleanBody(NamedTuple):
    """A sanitized body, and what was removed from the given one: `iframe`, `a[href]`."""

    html: str
    dropped: tuple[str, ...]


def clean_body(html: str) -> str:
    """The sanitized body; see `sanitize_body`."""
    return sanitize_body(html).html


def sanitize_body(html: str) -> CleanBody:
    """Reduce a body to the elements that a story needs, its meaning kept and nothing unsafe. Idempotent.

    The HTML normalizer gives it the form that the editor shows; nh3, the sanitizer, runs last.
    """
    normalized = normalize_html(html, image_source=photo_source)
    safe = nh3.clean(
        normalized.html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=allowed_value,
        url_schemes=set(LINK_SCHEMES),
        link_rel="noopener",
        strip_comments=True,
    )
    return CleanBody(safe, normalized.dropped)


def photo_source(address: str) -> str | None:
    """The path of a photo of this site, given as a path or as an absolute URL; None for any other image."""
    path = address.removeprefix(settings.SITE_URL)
    return path if PHOTO_FILE.fullmatch(path) else None


def allowed_value(element: str, attribute: str, value: str) -> str | None:
    """The value of an attribute; None for one that is removed."""
    if (element, attribute) == ("img", "src"):
        return photo_source(value)
    if attribute == "cite" and not value.lower().startswith(("http://", "https://")):
        return None  # browsers do not follow it, other programs might
    return value


def render_body(body: str) -> str:
    """The HTML that readers get: sanitized again, with images that load when they come into view."""
    return clean_body(body).replace("<img ", '<img loading="lazy" decoding="async" ')


def photo_keys_in(html: str) -> set[str]:
    """The keys of the photos of this site in a body."""
    return set(PHOTO_KEY.findall(html))
