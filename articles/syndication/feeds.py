"""Feeds: the newest stories for readers' programs. RSS 2.0, Atom (RFC 4287), JSON Feed 1.1. Pure.

An entry has the permanent identifier of its article, which is no address.  It carries a summary, or the
whole text.  A story that is withdrawn or over is not in the next copy.
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

from articles.models import Article
from media.representation import as_read
from newsroom.http.canonical_urls import absolute, with_absolute_links
from newsroom.text.normalization import serializable

MIN_ENTRIES, DEFAULT_ENTRIES, MAX_ENTRIES = 20, 50, 100
SUMMARY, FULL = "summary", "full"  # what an entry carries
NAMESPACES = {
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


@dataclass(frozen=True)
class Channel:
    """What a feed says of itself; addresses are absolute, `hubs` those of WebSub.

    `updated` is when the feed changed last; `content` says what its entries carry.
    """

    title: str
    description: str
    link: str
    address: str
    language: str
    updated: datetime
    content: str = SUMMARY
    rights: str = ""
    hubs: tuple[str, ...] = ()


def entry_of(article: Article, *, content: str) -> dict[str, Any]:
    """An entry of a feed: a row of `as_feed_entries()`, in characters that XML can hold."""
    live: Any = article.live
    link = absolute(article.get_absolute_url())
    section = [article.section.name] if article.section else []
    entry = {
        "id": article.urn(),
        "title": live.headline,
        "link": link,
        "text": live.deck or " · ".join(live.summary),
        "html": with_absolute_links(live.body_html, base=link) if content == FULL else "",
        "authors": [author_of(row) for row in article.author_rows],
        "categories": list(dict.fromkeys([*section, *(row["name"] for row in article.tag_rows)])),
        "published": timezone.localtime(article.first_published_at),
        "updated": timezone.localtime(article.published_at),
        "photo": photo_of(article),
        "source": source_of(live),
    }
    found: dict[str, Any] = serializable(entry)
    return found


def author_of(row: dict[str, Any]) -> dict[str, str]:
    return {"name": row["name"], "url": absolute(f"/authors/{row['slug']}/")}


def photo_of(article: Article) -> dict[str, Any] | None:
    """The widest file of the lead photo; its size in bytes where it is known."""
    live: Any = article.live
    photo = as_read(article.lead_photo, live.lead_photo_text)
    if article.lead_photo is None or not photo or not photo["sources"]:
        return None
    size = article.lead_photo.sources[-1].get("bytes")
    return {**photo["sources"][-1], "bytes": size, "alt": photo["alt"], "credit": photo["credit"]}


def source_of(live: Any) -> dict[str, str] | None:
    """Whom the story is from, where it is not the paper's own."""
    if not live.source_name:
        return None
    return {"name": live.source_name, "url": live.source_url, "credit": live.source_credit}


class NewsFeed:
    """Mixed into a generator of Django's: hubs, pictures, several authors, and when it changed last."""

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
            told = {"url": photo["url"], "type": photo["type"], "medium": "image"}
            size = {"width": str(photo["width"]), "height": str(photo["height"])}
            handler.startElement("media:content", AttributesImpl(told | size))
            if photo["credit"]:
                handler.addQuickElement("media:credit", photo["credit"])
            handler.endElement("media:content")


class RSS(NewsFeed, Rss201rev2Feed):
    link_element = "atom:link"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | NAMESPACES

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content:encoded", item["html"])
        for author in item["authors"]:
            handler.addQuickElement("dc:creator", author["name"])
        if source := item["source"]:
            if source["url"]:
                handler.addQuickElement("source", source["name"], {"url": source["url"]})
            else:  # RSS knows no source without an address
                handler.addQuickElement("dc:source", source["name"])
            if source["credit"]:
                handler.addQuickElement("dc:rights", source["credit"])


class Atom(NewsFeed, Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:media": NAMESPACES["xmlns:media"]}

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


def as_rss(channel: Channel, articles: Iterable[Article]) -> str:
    """An RSS 2.0 document."""
    return written(RSS, channel, articles)


def as_atom(channel: Channel, articles: Iterable[Article]) -> str:
    """An Atom document."""
    return written(Atom, channel, articles)


def written(kind: type[RSS] | type[Atom], channel: Channel, articles: Iterable[Article]) -> str:
    feed = kind(
        **serializable(
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
        entry = entry_of(article, content=channel.content)
        source, photo = entry["source"], entry["photo"]
        feed.add_item(
            title=entry["title"],
            link=entry["link"],
            unique_id=entry["id"],
            unique_id_is_permalink=False,
            description=escape(entry["text"]),  # read as HTML by every program
            pubdate=entry["published"],
            updateddate=entry["updated"],
            categories=entry["categories"],
            # RSS wants the length of what it encloses. Atom's link is ours, with it or without.
            enclosures=[enclosure(photo)] if kind is RSS and photo and photo["bytes"] else [],
            item_copyright=(source and source["credit"]) or None,
            **{name: entry[name] for name in ("html", "authors", "photo", "source")},
        )
    return str(feed.writeString("utf-8"))


def enclosure(photo: dict[str, Any]) -> Enclosure:
    return Enclosure(photo["url"], str(photo["bytes"]), photo["type"])


def as_json(channel: Channel, articles: Sequence[Article]) -> str:
    """A JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/)."""
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.link,
        "feed_url": channel.address,
        "language": channel.language,
        "items": [as_item(entry_of(article, content=channel.content)) for article in articles],
    }
    if channel.description:
        data["description"] = channel.description
    if channel.hubs:
        data["hubs"] = [{"type": "WebSub", "url": hub} for hub in channel.hubs]
    return json.dumps(data, ensure_ascii=False)


def as_item(entry: dict[str, Any]) -> dict[str, Any]:
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
        "attachments": [attachment(photo)] if photo else [],
        "_source": entry["source"],
    }
    return {name: value for name, value in item.items() if value}


def attachment(photo: dict[str, Any]) -> dict[str, Any]:
    said = {"url": photo["url"], "mime_type": photo["type"], "title": photo["alt"]}
    return {**said, **({"size_in_bytes": photo["bytes"]} if photo["bytes"] else {})}
