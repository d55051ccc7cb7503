"""News feeds of the newest articles: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1. Pure.

An entry has the permanent identifier of its article (a URN, no URL) and carries a summary or the full
text.  Withdrawn and expired articles are left out.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from articles.body_blocks import syndicated_body
from articles.models.read_models import FeedEntry, SourcedEdition
from media.representation import represent_photo
from newsroom.http.canonical_urls import absolute_url, with_absolute_links
from newsroom.text.normalization import xml_safe

MIN_ENTRIES, DEFAULT_ENTRIES, MAX_ENTRIES = 20, 50, 100
SUMMARY_CONTENT, FULL_CONTENT = "summary", "full"  # values of the parameter `content`
XML_NAMESPACES = {
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


@dataclass(frozen=True)
class Channel:
    """Metadata of a feed. URLs are absolute: `link` of the page, `address` of the feed, `hubs` of WebSub.

    `updated` is when the feed changed last, `content` SUMMARY_CONTENT or FULL_CONTENT.
    """

    title: str
    description: str
    link: str
    address: str
    language: str
    updated: datetime
    content: str = SUMMARY_CONTENT
    rights: str = ""
    hubs: tuple[str, ...] = ()


def build_feed_entry(article: FeedEntry, *, content: str) -> dict[str, Any]:
    """A feed entry of a row of `as_feed_entries()`, with all text safe for XML."""
    live: Any = article.live
    link = absolute_url(article.get_absolute_url())
    section = [article.section.name] if article.section else []
    entry = {
        "id": article.urn(),
        "title": live.headline,
        "link": link,
        "text": live.deck or " · ".join(live.summary),
        "html": with_absolute_links(syndicated_body(live.body_html), base=link)
        if content == FULL_CONTENT
        else "",
        "authors": [feed_author(row) for row in article.author_rows],
        "categories": list(dict.fromkeys([*section, *(row["name"] for row in article.tag_rows)])),
        "published": timezone.localtime(article.first_published_at),
        "updated": timezone.localtime(article.published_at),
        "photo": feed_photo(article),
        "source": feed_source(live),
    }
    safe: dict[str, Any] = xml_safe(entry)
    return safe


def feed_author(row: dict[str, Any]) -> dict[str, str]:
    return {"name": row["name"], "url": absolute_url(f"/authors/{row['slug']}/")}


def feed_photo(article: FeedEntry) -> dict[str, Any] | None:
    """The widest file of the lead photo, with its size in bytes if known."""
    photo = represent_photo(article.lead_photo, article.live.lead_photo_text)
    if article.lead_photo is None or not photo or not photo["sources"]:
        return None
    size = article.lead_photo.sources[-1].get("bytes")
    return {**photo["sources"][-1], "bytes": size, "alt": photo["alt"], "credit": photo["credit"]}


def feed_source(live: SourcedEdition) -> dict[str, str] | None:
    """The source of the text, if it is not our own."""
    if not live.source_name:
        return None
    return {"name": live.source_name, "url": live.source_url, "credit": live.source_credit}


class NewsFeedMixin:
    """Mixin for Django's feed generators: hubs, photos, several authors, time of the last change."""

    feed: dict[str, Any]
    items: list[dict[str, Any]]
    link_element = "link"

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)  # type: ignore[misc]  # the generator's
        for hub in self.feed["hubs"]:
            handler.addQuickElement(self.link_element, "", {"rel": "hub", "href": hub})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)  # type: ignore[misc]  # the generator's
        if photo := item["photo"]:
            media = {"url": photo["url"], "type": photo["type"], "medium": "image"}
            size = {"width": str(photo["width"]), "height": str(photo["height"])}
            handler.startElement("media:content", AttributesImpl(media | size))
            if photo["credit"]:
                handler.addQuickElement("media:credit", photo["credit"])
            handler.endElement("media:content")


class RSSGenerator(NewsFeedMixin, Rss201rev2Feed):
    link_element = "atom:link"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | XML_NAMESPACES

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content:encoded", item["html"])
        for author in item["authors"]:
            handler.addQuickElement("dc:creator", author["name"])
        if source := item["source"]:
            if source["url"]:
                handler.addQuickElement("source", source["name"], {"url": source["url"]})
            else:  # <source> requires a URL
                handler.addQuickElement("dc:source", source["name"])
            if source["credit"]:
                handler.addQuickElement("dc:rights", source["credit"])


class AtomGenerator(NewsFeedMixin, Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:media": XML_NAMESPACES["xmlns:media"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content", item["html"], {"type": "html"})
        for author in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", author["name"])
            handler.addQuickElement("uri", author["url"])
            handler.endElement("author")
        if photo := item["photo"]:
            length = {"length": str(photo["bytes"])} if photo["bytes"] else {}
            link = {"rel": "enclosure", "href": photo["url"], "type": photo["type"]}
            handler.addQuickElement("link", "", link | length)
        if source := item["source"]:
            handler.startElement("source", AttributesImpl({}))
            handler.addQuickElement("title", source["name"])
            if source["url"]:
                handler.addQuickElement("link", "", {"rel": "alternate", "href": source["url"]})
            handler.endElement("source")


def render_rss(channel: Channel, articles: Iterable[FeedEntry]) -> str:
    """An RSS 2.0 document."""
    return render_xml_feed(RSSGenerator, channel, articles)


def render_atom(channel: Channel, articles: Iterable[FeedEntry]) -> str:
    """An Atom document."""
    return render_xml_feed(AtomGenerator, channel, articles)


def render_xml_feed(
    kind: type[RSSGenerator] | type[AtomGenerator], channel: Channel, articles: Iterable[FeedEntry]
) -> str:
    feed = kind(
        **xml_safe(
            {
                "title": channel.title,
                "link": channel.link,
                "description": channel.description,
                "subtitle": channel.description or None,
                "language": channel.language,
                "feed_url": channel.address,
                "feed_guid": channel.address,
                "feed_copyright": channel.rights or None,
                "author_name": channel.title,
                "hubs": channel.hubs,
                "updated": channel.updated,
            }
        )
    )
    for article in articles:
        entry = build_feed_entry(article, content=channel.content)
        source, photo = entry["source"], entry["photo"]
        feed.add_item(
            title=entry["title"],
            link=entry["link"],
            unique_id=entry["id"],
            unique_id_is_permalink=False,
            description=escape(entry["text"]),  # feed readers parse it as HTML
            pubdate=entry["published"],
            updateddate=entry["updated"],
            categories=entry["categories"],
            # RSS requires the length of an enclosure; AtomGenerator writes its own link.
            enclosures=[rss_enclosure(photo)]
            if kind is RSSGenerator and photo and photo["bytes"]
            else [],
            item_copyright=(source and source["credit"]) or None,
            **{name: entry[name] for name in ("html", "authors", "photo", "source")},
        )
    return str(feed.writeString("utf-8"))


def rss_enclosure(photo: dict[str, Any]) -> Enclosure:
    return Enclosure(photo["url"], str(photo["bytes"]), photo["type"])


def render_json_feed(channel: Channel, articles: Sequence[FeedEntry]) -> str:
    """A JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/)."""
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.link,
        "feed_url": channel.address,
        "language": channel.language,
        "items": [
            json_feed_item(build_feed_entry(article, content=channel.content))
            for article in articles
        ],
    }
    if channel.description:
        data["description"] = channel.description
    if channel.hubs:
        data["hubs"] = [{"type": "WebSub", "url": hub} for hub in channel.hubs]
    return json.dumps(data, ensure_ascii=False)


def json_feed_item(entry: dict[str, Any]) -> dict[str, Any]:
    photo, html = entry["photo"], entry["html"]
    item = {
        "id": entry["id"],
        "url": entry["link"],
        "title": entry["title"],
        **({"content_html": html, "summary": entry["text"]} if html else {}),
        "content_text": "" if html else entry["text"],
        "date_published": entry["published"].isoformat(),
        "date_modified": entry["updated"].isoformat(),
        "authors": entry["authors"],
        "tags": entry["categories"],
        "image": photo["url"] if photo else "",
        "attachments": [json_feed_attachment(photo)] if photo else [],
        "_source": entry["source"],
    }
    return {name: value for name, value in item.items() if value}


def json_feed_attachment(photo: dict[str, Any]) -> dict[str, Any]:
    item = {"url": photo["url"], "mime_type": photo["type"], "title": photo["alt"]}
    return {**item, **({"size_in_bytes": photo["bytes"]} if photo["bytes"] else {})}
