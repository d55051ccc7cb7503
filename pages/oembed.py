"""oEmbed 1.0 (oembed.com): how other sites show the vote beside an article. Pure."""

import re
from dataclasses import dataclass
from io import StringIO
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils.html import format_html
from django.utils.xmlutils import SimplerXMLGenerator

from newsroom.http.canonical_urls import absolute_url
from newsroom.text.normalization import canonical_slug, xml_safe

DEFAULT_WIDTH_PIXELS, DEFAULT_HEIGHT_PIXELS = 600, 640
ARTICLE_PATH = re.compile(r"/articles/(?P<slug>[\w-]{1,120})/?")


@dataclass(frozen=True)
class MaxSize:
    """How many pixels there are for it at most; 0 where nobody said."""

    width: int = 0
    height: int = 0


def article_slug_of_url(url: str) -> str:
    """The address of the article that a link of this site leads to; "" for any other link."""
    try:
        parts, ours = urlsplit(url), urlsplit(settings.SITE_URL)
    except ValueError:
        return ""
    at_home = (parts.scheme, parts.netloc.lower()) == (ours.scheme, ours.netloc.lower())
    match = ARTICLE_PATH.fullmatch(canonical_slug(unquote(parts.path)))
    return match["slug"] if at_home and match else ""


def oembed_data(page: dict[str, Any], *, paper: str, room: MaxSize) -> dict[str, Any]:
    """The answer for the page of an article, as the API words it, whose poll readers see."""
    width, height = (
        min(DEFAULT_WIDTH_PIXELS, room.width or DEFAULT_WIDTH_PIXELS),
        min(DEFAULT_HEIGHT_PIXELS, room.height or DEFAULT_HEIGHT_PIXELS),
    )
    poll = page["poll"]
    frame = format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox" '
        'style="border:0;max-width:100%"></iframe>',
        absolute_url(f"/polls/{poll['id']}/embed/"),
        width,
        height,
        poll["question"],
    )
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": paper,
        "provider_url": absolute_url("/"),
        "title": page["headline"],
        "url": page["url"],
        "html": str(frame),
        "width": width,
        "height": height,
        **thumbnail(page["lead_photo"], room),
    }


def thumbnail(photo: dict[str, Any] | None, room: MaxSize) -> dict[str, Any]:
    """The widest picture that fits; none rather than one that is too large."""
    fitting = [
        source
        for source in (photo["sources"] if photo else ())
        if source["width"] <= (room.width or source["width"])
        and source["height"] <= (room.height or source["height"])
    ]
    if not fitting:
        return {}
    widest = fitting[-1]
    return {
        "thumbnail_url": widest["url"],
        "thumbnail_width": widest["width"],
        "thumbnail_height": widest["height"],
    }


def to_xml(words: dict[str, Any]) -> str:
    """The same as an XML document."""
    out = StringIO()
    handler = SimplerXMLGenerator(out, "utf-8")
    handler.startDocument()
    handler.startElement("oembed", AttributesImpl({}))
    for name, value in words.items():
        handler.addQuickElement(name, xml_safe(str(value)))
    handler.endElement("oembed")
    return out.getvalue()
