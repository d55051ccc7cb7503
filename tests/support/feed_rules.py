"""The rules of what machines read of us, in our own words, for the members that we use.

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

from tests.support.ninjs import SIZE, TEXT, TIME, URI, URN, many, thing

ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
IRI = re.compile(r"[a-z][a-z\d+.-]*:")
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
AUTHOR = thing(("name",), name=TEXT, url=URI, avatar=URI)
ATTACHMENT = thing(("url", "mime_type"), url=URI, mime_type=TEXT, title=TEXT, size_in_bytes=SIZE)
ITEM = {
    **thing(
        ("id",), id=URN, url=URI, external_url=URI, title=TEXT, content_html=TEXT, content_text=TEXT,
        summary=TEXT, image=URI, banner_image=URI, date_published=TIME, date_modified=TIME,
        authors=many(AUTHOR), tags=many(TEXT), language=TEXT, attachments=many(ATTACHMENT),
        _source=thing(("name",), name=TEXT, url=TEXT, credit=TEXT),
    ),
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
}  # fmt: skip
JSON_FEED = thing(
    ("version", "title", "items"),
    version={"const": "https://jsonfeed.org/version/1.1"},
    title={**TEXT, "minLength": 1},
    home_page_url=URI,
    feed_url=URI,
    description=TEXT,
    next_url=URI,
    icon=URI,
    favicon=URI,
    authors=many(AUTHOR),
    language=TEXT,
    hubs=many(thing(("type", "url"), type=TEXT, url=URI)),
    items=many(ITEM),
)


def named(kind: str, *needs: str, **members: Any) -> dict[str, Any]:
    """A thing of schema.org's."""
    rule = thing(needs, **members)
    rule["properties"] = {**members, "@type": {"const": kind}}
    return rule | {"required": ["@type", *needs]}


IMAGE = named("ImageObject", "url", url=URI, width=SIZE, height=SIZE, caption=TEXT, creditText=TEXT)
NEWS: dict[str, Any] = named(
    "NewsArticle", "@context", "headline", "image", "datePublished", "dateModified", "author",
    "publisher", "mainEntityOfPage",
    **{"@context": {"const": "https://schema.org"}},
    mainEntityOfPage=URI, url=URI, identifier=URN, headline={**TEXT, "minLength": 1}, description=TEXT,
    inLanguage=TEXT,
    isAccessibleForFree={"type": "boolean"}, datePublished=TIME, dateModified=TIME,
    articleSection=TEXT, keywords=many(TEXT), image={**many(IMAGE), "minItems": 1},
    author={**many(named("Person", "name", "url", name=TEXT, url=URI)), "minItems": 1},
    publisher=named("NewsMediaOrganization", "name", "logo", name=TEXT, url=URI, logo=IMAGE),
    copyrightNotice=TEXT, isBasedOn=URI, digitalSourceType=URI,
    correction=many(named("CorrectionComment", "text", text=TEXT, datePublished=TIME)),
)  # fmt: skip


def faults_of_json(document: Any, rules: dict[str, Any]) -> list[str]:
    judge = Draft202012Validator(rules, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in judge.iter_errors(document)]


def faults_of_json_feed(text: str) -> list[str]:
    feed = json.loads(text)
    twice = [id_ for id_, n in Counter(i.get("id") for i in feed.get("items", ())).items() if n > 1]
    return [*faults_of_json(feed, JSON_FEED), *(f"{id_} is there twice" for id_ in twice)]


def faults_of_atom(text: str) -> list[str]:
    return list(atom_faults(ET.fromstring(text)))


def place_faults(place: ET.Element) -> Iterator[str]:
    """Of a feed or an entry."""
    for name in ("id", "title", "updated"):
        if len(place.findall(f"{ATOM}{name}")) != 1:
            yield f"{place.tag} has not one {name}"
    if not is_moment(place.findtext(f"{ATOM}updated")):
        yield "a time without its offset"
    if not IRI.match(place.findtext(f"{ATOM}id") or ""):
        yield "an id that is no IRI"
    ways = [link.get("rel", "alternate") for link in place.findall(f"{ATOM}link")]
    if ways.count("alternate") != 1:
        yield f"{place.tag} has not one way to what it is about"


def atom_faults(feed: ET.Element) -> Iterator[str]:
    if feed.tag != f"{ATOM}feed":
        yield "no feed"
    entries = feed.findall(f"{ATOM}entry")
    for place in (feed, *entries):
        yield from place_faults(place)
    if [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") != 1:
        yield "the feed does not say where it is"
    authors = [place.find(f"{ATOM}author/{ATOM}name") for place in (feed, *entries)]
    if authors[0] is None and None in authors[1:]:
        yield "nobody wrote it"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(set(ids)) != len(ids):
        yield "an entry is there twice"


def faults_of_rss(text: str) -> list[str]:
    return list(rss_faults(ET.fromstring(text)))


def rss_faults(rss: ET.Element) -> Iterator[str]:
    channel = rss.find("channel")
    if rss.tag != "rss" or rss.get("version") != "2.0" or channel is None:
        yield "no RSS 2.0"
        return
    for name in ("title", "link", "description"):
        if not channel.findtext(name):
            yield f"the channel has no {name}"
    items = channel.findall("item")
    for item in items:
        yield from item_faults(item)
    guids = [item.findtext("guid") for item in items]
    if len(set(guids)) != len(guids):
        yield "an item is there twice"


def item_faults(item: ET.Element) -> Iterator[str]:
    yield from identity_faults(item)
    for one in item.findall("enclosure"):
        if not (one.get("url") and one.get("type") and (one.get("length") or "").isdigit()):
            yield "an enclosure without its address, type or length"
    for one in item.findall("source"):
        if not (one.text and one.get("url")):
            yield "a source without its name or address"
    strange = {one.tag for one in item} - {
        *("title", "link", "description", "guid", "pubDate", "category", "enclosure", "source"),
        *(f"{DUBLIN}{name}" for name in ("creator", "source", "rights")),
        *(f"{CONTENT}encoded", f"{MEDIA}content"),
    }
    yield from (f"{tag} is not known" for tag in strange)


def identity_faults(item: ET.Element) -> Iterator[str]:
    guid = item.find("guid")
    if guid is None or guid.get("isPermaLink") != "false" or not IRI.match(guid.text or ""):
        yield "an item without a permanent identifier"
    if not (item.findtext("link") or "").startswith("http"):
        yield "an item without an address"
    if not item.findtext("title") and not item.findtext("description"):
        yield "an item without words"
    if not is_mail_date(item.findtext("pubDate")):
        yield "an item without its time"


def is_moment(text: str | None) -> bool:
    try:
        return datetime.fromisoformat(text or "").tzinfo is not None
    except ValueError:
        return False


def is_mail_date(text: str | None) -> bool:
    try:
        return parsedate_to_datetime(text or "").tzinfo is not None
    except ValueError:
        return False
