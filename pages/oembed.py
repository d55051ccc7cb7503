"""oEmbed 1.0 response (oembed.com) for the poll of an article, as JSON data or XML. Pure."""

import re
from dataclasses import dataclass
from io import StringIO
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils.html import format_html
from django.utils.xmlutils import SimplerXMLGenerator

from articles.syndication.structured_data import share_photo
from newsroom.http.canonical_urls import absolute_url
from newsroom.text.normalization import canonical_slug, xml_safe

DEFAULT_WIDTH_PIXELS, DEFAULT_HEIGHT_PIXELS = 600, 640
ARTICLE_PATH = re.compile(r"/articles/(?P<slug>[\w-]{1,120})/?")


@dataclass(frozen=True)
class MaxSize:
    """The maximum size that the consumer asks for (`maxwidth`, `maxheight`) in pixels; 0 for none."""

    width: int = 0
    height: int = 0


def article_slug_of_url(url: str) -> str:
    """The slug in the URL of an article page of this site; "" for any other URL."""
    try:
        parts, own = urlsplit(url), urlsplit(settings.SITE_URL)
    except ValueError:
        return ""
    is_own_site = (parts.scheme, parts.netloc.lower()) == (own.scheme, own.netloc.lower())
    match = ARTICLE_PATH.fullmatch(canonical_slug(unquote(parts.path)))
    return match["slug"] if is_own_site and match else ""


def oembed_data(page: dict[str, Any], *, paper: str, max_size: MaxSize) -> dict[str, Any]:
    """The oEmbed response of an article page with a public poll; `paper` is the name of the site."""
    width, height = (
        min(DEFAULT_WIDTH_PIXELS, max_size.width or DEFAULT_WIDTH_PIXELS),
        min(DEFAULT_HEIGHT_PIXELS, max_size.height or DEFAULT_HEIGHT_PIXELS),
    )
    poll = page["poll"]
    iframe = format_html(
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
        "title": page["seo"]["title"],
        "url": page["url"],
        "html": str(iframe),
        "width": width,
        "height": height,
        **thumbnail(share_photo(page), max_size),
    }


def thumbnail(photo: dict[str, Any] | None, max_size: MaxSize) -> dict[str, Any]:
    """The thumbnail fields: the widest rendition within the maximum size; {} where none fits."""
    fitting = [
        source
        for source in (photo["sources"] if photo else ())
        if source["width"] <= (max_size.width or source["width"])
        and source["height"] <= (max_size.height or source["height"])
    ]
    if not fitting:
        return {}
    widest = fitting[-1]
    return {
        "thumbnail_url": widest["url"],
        "thumbnail_width": widest["width"],
        "thumbnail_height": widest["height"],
    }


def to_xml(data: dict[str, Any]) -> str:
    """The oEmbed response as an XML document."""
    out = StringIO()
    handler = SimplerXMLGenerator(out, "utf-8")
    handler.startDocument()
    handler.startElement("oembed", AttributesImpl({}))
    for name, value in data.items():
        handler.addQuickElement(name, xml_safe(str(value)))
    handler.endElement("oembed")
    return out.getvalue()
