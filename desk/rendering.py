"""From an editor's text to the HTML readers get. Pure: text in, text out."""

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
PHOTO = re.compile(re.escape(PHOTO_PATH) + r"([A-Za-z0-9_-]{8,24})/")
PHOTO_FILE = re.compile(PHOTO.pattern + r"[0-9]+\.[a-z]+")


class CleanBody(NamedTuple):
    """A body as it is kept, and what of the given one is not in it: `iframe`, `a[href]`."""

    html: str
    dropped: tuple[str, ...]


def clean_body(html: str) -> str:
    """The body as it is kept; see `sanitize_body`."""
    return sanitize_body(html).html


def sanitize_body(html: str) -> CleanBody:
    """The body as it is kept: what it means in the few elements that a story needs, and nothing unsafe.

    The HTML normalizer gives it the form that the editor shows; nh3 is the sanitizer, and has the last
    word. Idempotent.
    """
    normalized = normalize_html(html, image_source=photo_source)
    safe = nh3.clean(
        normalized.html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=fit,
        url_schemes=set(LINK_SCHEMES),
        link_rel="noopener",
        strip_comments=True,
    )
    return CleanBody(safe, normalized.dropped)


def photo_source(address: str) -> str | None:
    """The path of a picture of ours, by the absolute address that the API tells, too; else None."""
    path = address.removeprefix(settings.SITE_URL)
    return path if PHOTO_FILE.fullmatch(path) else None


def fit(element: str, attribute: str, value: str) -> str | None:
    """What an attribute may say; None for one that goes."""
    if (element, attribute) == ("img", "src"):
        return photo_source(value)
    if attribute == "cite" and not value.lower().startswith(("http://", "https://")):
        return None  # no browser follows it, but a program might
    return value


def render_body(body: str) -> str:
    """What readers get of a kept body: cleaned again, pictures loaded when they come into view."""
    return clean_body(body).replace("<img ", '<img loading="lazy" decoding="async" ')


def photo_keys_in(html: str) -> set[str]:
    """The keys of our photos that a body shows."""
    return set(PHOTO.findall(html))
