"""Validation rules of JSON Feed, Atom, RSS and NewsArticle, for the members that are used here.

JSON Feed 1.1 (jsonfeed.org/version/1.1, CC0), Atom (RFC 4287, section 4.1), RSS 2.0 (rssboard.org), and
NewsArticle as schema.org and Google's guide to articles have it. Whatever has another name is refused.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

from jsonschema import Draft202012Validator, FormatChecker

from tests.support.formats.ninjs import (
    DATE_TIME,
    POSITIVE_INTEGER,
    TEXT,
    URI,
    URN,
    array_schema,
    object_schema,
)

ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
IRI = re.compile(r"[a-z][a-z\d+.-]*:")
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
AUTHOR = object_schema(("name",), name=TEXT, url=URI, avatar=URI)
ATTACHMENT = object_schema(
    ("url", "mime_type"), url=URI, mime_type=TEXT, title=TEXT, size_in_bytes=POSITIVE_INTEGER
)
ITEM = {
    **object_schema(
        ("id",), id=URN, url=URI, external_url=URI, title=TEXT, content_html=TEXT, content_text=TEXT,
        summary=TEXT, image=URI, banner_image=URI, date_published=DATE_TIME, date_modified=DATE_TIME,
        authors=array_schema(AUTHOR), tags=array_schema(TEXT), language=TEXT,
        attachments=array_schema(ATTACHMENT),
        _source=object_schema(("name",), name=TEXT, url=TEXT, credit=TEXT),
    ),
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
}  # fmt: skip
JSON_FEED = object_schema(
    ("version", "title", "items"),
    version={"const": "https://jsonfeed.org/version/1.1"},
    title={**TEXT, "minLength": 1},
    home_page_url=URI,
    feed_url=URI,
    description=TEXT,
    next_url=URI,
    icon=URI,
    favicon=URI,
    authors=array_schema(AUTHOR),
    language=TEXT,
    hubs=array_schema(object_schema(("type", "url"), type=TEXT, url=URI)),
    items=array_schema(ITEM),
)


def schema_org_object(kind: str, *needs: str, **members: Any) -> dict[str, Any]:
    """JSON Schema of a schema.org object."""
    rule = object_schema(needs, **members)
    rule["properties"] = {**members, "@type": {"const": kind}}
    return rule | {"required": ["@type", *needs]}


IMAGE = schema_org_object(
    "ImageObject",
    "url",
    url=URI,
    width=POSITIVE_INTEGER,
    height=POSITIVE_INTEGER,
    caption=TEXT,
    creditText=TEXT,
)
NEWS_ARTICLE: dict[str, Any] = schema_org_object(
    "NewsArticle", "@context", "headline", "image", "datePublished", "dateModified", "author",
    "publisher", "mainEntityOfPage",
    **{"@context": {"const": "https://schema.org"}},
    mainEntityOfPage=URI, url=URI, identifier=URN, headline={**TEXT, "minLength": 1}, description=TEXT,
    inLanguage=TEXT,
    isAccessibleForFree={"type": "boolean"}, datePublished=DATE_TIME, dateModified=DATE_TIME,
    articleSection=TEXT, keywords=array_schema(TEXT), image={**array_schema(IMAGE), "minItems": 1},
    author={**array_schema(schema_org_object("Person", "name", "url", name=TEXT, url=URI)), "minItems": 1},
    publisher=schema_org_object("NewsMediaOrganization", "name", "logo", name=TEXT, url=URI, logo=IMAGE),
    copyrightNotice=TEXT, isBasedOn=URI, digitalSourceType=URI,
    correction=array_schema(schema_org_object("CorrectionComment", "text", text=TEXT,
    datePublished=DATE_TIME)),
)  # fmt: skip


def schema_errors(document: Any, rules: dict[str, Any]) -> list[str]:
    judge = Draft202012Validator(rules, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in judge.iter_errors(document)]


def json_feed_errors(text: str) -> list[str]:
    feed = json.loads(text)
    twice = [id_ for id_, n in Counter(i.get("id") for i in feed.get("items", ())).items() if n > 1]
    return [*schema_errors(feed, JSON_FEED), *(f"{id_} is there twice" for id_ in twice)]


def atom_errors(text: str) -> list[str]:
    return list(iter_atom_errors(ET.fromstring(text)))


def atom_element_errors(place: ET.Element) -> Iterator[str]:
    """Errors of an Atom feed or entry element."""
    for name in ("id", "title", "updated"):
        if len(place.findall(f"{ATOM}{name}")) != 1:
            yield f"{place.tag} has not one {name}"
    if not is_rfc3339_time(place.findtext(f"{ATOM}updated")):
        yield "a time without its offset"
    if not IRI.match(place.findtext(f"{ATOM}id") or ""):
        yield "an id that is no IRI"
    ways = [link.get("rel", "alternate") for link in place.findall(f"{ATOM}link")]
    if ways.count("alternate") != 1:
        yield f"{place.tag} has not one way to what it is about"


def iter_atom_errors(feed: ET.Element) -> Iterator[str]:
    if feed.tag != f"{ATOM}feed":
        yield "no feed"
    entries = feed.findall(f"{ATOM}entry")
    for place in (feed, *entries):
        yield from atom_element_errors(place)
    if [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") != 1:
        yield "the feed does not say where it is"
    authors = [place.find(f"{ATOM}author/{ATOM}name") for place in (feed, *entries)]
    if authors[0] is None and None in authors[1:]:
        yield "nobody wrote it"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(set(ids)) != len(ids):
        yield "an entry is there twice"


def rss_errors(text: str) -> list[str]:
    return list(iter_rss_errors(ET.fromstring(text)))


def iter_rss_errors(rss: ET.Element) -> Iterator[str]:
    channel = rss.find("channel")
    if rss.tag != "rss" or rss.get("version") != "2.0" or channel is None:
        yield "no RSS 2.0"
        return
    for name in ("title", "link", "description"):
        if not channel.findtext(name):
            yield f"the channel has no {name}"
    items = channel.findall("item")
    for item in items:
        yield from rss_item_errors(item)
    guids = [item.findtext("guid") for item in items]
    if len(set(guids)) != len(guids):
        yield "an item is there twice"


def rss_item_errors(item: ET.Element) -> Iterator[str]:
    yield from rss_identity_errors(item)
    for one in item.findall("enclosure"):
        if not (one.get("url") and one.get("type") and (one.get("length") or "").isdigit()):
            yield "an enclosure without its address, type or length"
    for one in item.findall("source"):
        if not (one.text and one.get("url")):
            yield "a source without its name or address"
    strange = {one.tag for one in item} - {
        *("title", "link", "description", "guid", "pubDate", "category", "enclosure", "source"),
        *(f"{DUBLIN_CORE}{name}" for name in ("creator", "source", "rights")),
        *(f"{CONTENT}encoded", f"{MEDIA}content"),
    }
    yield from (f"{tag} is not known" for tag in strange)


def rss_identity_errors(item: ET.Element) -> Iterator[str]:
    guid = item.find("guid")
    if guid is None or guid.get("isPermaLink") != "false" or not IRI.match(guid.text or ""):
        yield "an item without a permanent identifier"
    if not (item.findtext("link") or "").startswith("http"):
        yield "an item without an address"
    if not item.findtext("title") and not item.findtext("description"):
        yield "an item without words"
    if not is_rfc5322_date(item.findtext("pubDate")):
        yield "an item without its time"


def is_rfc3339_time(text: str | None) -> bool:
    try:
        return datetime.fromisoformat(text or "").tzinfo is not None
    except ValueError:
        return False


def is_rfc5322_date(text: str | None) -> bool:
    try:
        return parsedate_to_datetime(text or "").tzinfo is not None
    except ValueError:
        return False
