"""Feeds: the newest stories for readers' programs. RSS 2.0, Atom (RFC 4287), JSON Feed 1.1. Pure.

Entries carry the words of a card, not the body; their identity is the canonical address, the same
string as everywhere else. A story that is withdrawn or over is not in the next copy.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from articles.models import Article
from media.showing import as_read
from newsroom.addresses import absolute

LONGEST = 50  # entries
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # what an empty feed was last changed at: it must not move
MEDIA = "http://search.yahoo.com/mrss/"


@dataclass(frozen=True)
class Channel:
    """What a feed says of itself; addresses are absolute, `hubs` those of WebSub."""

    title: str
    description: str
    link: str
    address: str
    language: str
    rights: str = ""
    hubs: tuple[str, ...] = ()


def words_of(card: Article) -> dict[str, Any]:
    """An entry of a feed: a row of `as_cards()`."""
    live: Any = card.live
    return {
        "title": live.headline,
        "link": absolute(card.get_absolute_url()),
        "text": live.deck or " · ".join(live.summary),
        "authors": [row["name"] for row in card.author_rows],
        "section": card.section.name if card.section else "",
        "published": timezone.localtime(card.first_published_at),
        "updated": timezone.localtime(card.published_at),
        "photo": widest(as_read(card.lead_photo, live.lead_photo_text)),
    }


def widest(photo: dict[str, Any] | None) -> dict[str, Any] | None:
    return photo["sources"][-1] if photo and photo["sources"] else None


class WithHubs:
    """Mixed into a generator of Django's: hubs, pictures, and a time that only stories move."""

    feed: dict[str, Any]
    items: list[dict[str, Any]]
    link_element = "link"

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)  # type: ignore[misc]  # the generator's
        for hub in self.feed["hubs"]:
            handler.addQuickElement(self.link_element, "", {"rel": "hub", "href": hub})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)  # type: ignore[misc]  # the generator's
        if photo := item["photo"]:
            told = {"url": photo["url"], "type": photo["type"], "medium": "image"}
            size = {"width": str(photo["width"]), "height": str(photo["height"])}
            handler.addQuickElement("media:content", "", told | size)


class RSS(WithHubs, Rss201rev2Feed):
    link_element = "atom:link"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:media": MEDIA}


class Atom(WithHubs, Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:media": MEDIA}


def as_rss(channel: Channel, cards: Iterable[Article]) -> str:
    """An RSS 2.0 document."""
    return written(RSS, channel, cards)


def as_atom(channel: Channel, cards: Iterable[Article]) -> str:
    """An Atom document."""
    return written(Atom, channel, cards)


def written(kind: type[RSS] | type[Atom], channel: Channel, cards: Iterable[Article]) -> str:
    feed = kind(
        title=channel.title,
        link=channel.link,
        description=channel.description,
        subtitle=channel.description or None,
        language=channel.language,
        feed_url=channel.address,
        feed_guid=channel.address,
        feed_copyright=channel.rights or None,
        author_name=channel.title,
        hubs=channel.hubs,
    )
    for entry in map(words_of, cards):
        feed.add_item(
            title=entry["title"],
            link=entry["link"],
            unique_id=entry["link"],
            unique_id_is_permalink=True,
            description=escape(entry["text"]),  # read as HTML by every program
            author_name=", ".join(entry["authors"]) or None,
            pubdate=entry["published"],
            updateddate=entry["updated"],
            categories=[entry["section"]] if entry["section"] else [],
            photo=entry["photo"],
        )
    return str(feed.writeString("utf-8"))


def as_json(channel: Channel, cards: Sequence[Article]) -> str:
    """A JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/)."""
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.link,
        "feed_url": channel.address,
        "language": channel.language,
        "items": [as_item(words_of(card)) for card in cards],
    }
    if channel.description:
        data["description"] = channel.description
    if channel.hubs:
        data["hubs"] = [{"type": "WebSub", "url": hub} for hub in channel.hubs]
    return json.dumps(data, ensure_ascii=False)


def as_item(entry: dict[str, Any]) -> dict[str, Any]:
    item = {
        "id": entry["link"],
        "url": entry["link"],
        "title": entry["title"],
        "content_text": entry["text"],
        "date_published": entry["published"].isoformat(),
        "date_modified": entry["updated"].isoformat(),
        "authors": [{"name": name} for name in entry["authors"]],
        "tags": [entry["section"]] if entry["section"] else [],
        "image": entry["photo"]["url"] if entry["photo"] else "",
    }
    return {name: value for name, value in item.items() if value}
