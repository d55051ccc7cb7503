"""From an editor's text to the HTML readers get. Pure: text in, text out."""

import re

import nh3
from django.conf import settings

from articles.models import OUR_PHOTOS
from newsroom.text import clean

MEDIA = OUR_PHOTOS
TAGS = {
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
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "p": {"lang"},
    "blockquote": {"lang", "cite"},
}
OUT_OF_RANGE = re.compile(r"<(/?)h[156](?=[\s>])", re.IGNORECASE)
FOREIGN_IMAGE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE)
# An empty element may be all that another holds; deeper ones stay, and show nothing.
DEEPEST = 4
EMPTY = re.compile(r"<(p|h2|h3|h4|figure|blockquote|a)>(?:\s|&nbsp;|<br>)*</\1>")
PHOTO = re.compile(re.escape(MEDIA) + r"([A-Za-z0-9_-]{8,24})/")
PHOTO_FILE = re.compile(PHOTO.pattern + r"[0-9]+\.[a-z]+")


def clean_body(html: str) -> str:
    """The body as it is kept: the few elements a story needs, our own photos, safe links.

    Headings other than levels 2 to 4 become level 2 (the headline is level 1); images from
    elsewhere, styles, scripts and event attributes go.
    """
    html = OUT_OF_RANGE.sub(r"<\1h2", clean(html))
    html = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=fit,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
        strip_comments=True,
    )
    html = FOREIGN_IMAGE.sub("", html)
    for _pass in range(DEEPEST):
        html = EMPTY.sub("", html)
    return html.strip()


def fit(element: str, attribute: str, value: str) -> str | None:
    """Pictures of ours by their path; by the absolute address that the API tells, too."""
    if (element, attribute) == ("img", "src"):
        path = value.removeprefix(settings.SITE_URL)
        return path if PHOTO_FILE.fullmatch(path) else None
    if attribute == "cite" and not value.lower().startswith(("http://", "https://")):
        return None  # no browser follows it, but a program might
    return value


def render(body: str) -> str:
    """What readers get of a kept body: cleaned again, pictures loaded when they come into view."""
    return clean_body(body).replace("<img ", '<img loading="lazy" decoding="async" ')


def photos_in(html: str) -> set[str]:
    """The keys of our photos that a body shows."""
    return set(PHOTO.findall(html))
