"""Feeds and structured data by the rules of their standards (tests/support/formats/feed_rules.py)."""

import copy
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from desk.actions import publish_now
from outbox.models import Subscriber
from tests.support import make
from tests.support.formats.feed_rules import (
    NEWS_ARTICLE,
    atom_errors,
    json_feed_errors,
    rss_errors,
    schema_errors,
)

pytestmark = pytest.mark.django_db
RULES = {"rss.xml": rss_errors, "atom.xml": atom_errors, "feed.json": json_feed_errors}


def article_with_all_fields(**more: Any) -> dict[str, Any]:
    source = {"source_name": "시험통신", "source_url": "https://example.com/robot"}
    disclosed = {"ai_kind": "assisted", "ai_note": "초안을 다듬는 데 썼습니다."}
    return {"lead_photo": make.photo(), **source, **disclosed, **more}


@pytest.fixture
def feed_documents(client: Client) -> dict[str, str]:
    """All feeds: with a hub, a full and a minimal article; of the site, of a section, and empty."""
    Subscriber.objects.create(
        name="허브",
        kind=Subscriber.Kind.WEBSUB,
        url="https://hub.example.com/",
        events=["article.*"],
    )
    empty = {f"empty {name}": f"/feeds/{name}" for name in RULES}
    documents = {name: client.get(path).content.decode() for name, path in empty.items()}
    make.live(headline="<b>문</b> & 로봇 ]]>", **article_with_all_fields())
    make.live()
    feed_paths = {f"site {name}": f"/feeds/{name}" for name in RULES}
    feed_paths |= {f"section {name}": f"/sections/{quote('산업')}/feeds/{name}" for name in RULES}
    return documents | {
        name: client.get(path).content.decode() for name, path in feed_paths.items()
    }


def test_every_feed_conforms_to_its_standard(feed_documents: dict[str, str]) -> None:
    assert len(feed_documents) == 9
    for name, document in feed_documents.items():
        assert RULES[name.rpartition(" ")[2]](document) == [], name


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("feed.json", '"version": "https://jsonfeed.org/version/1.1"', '"version": "1.1"'),
        ("feed.json", '"content_text"', '"content"'),
        ("feed.json", '"date_published": "2', '"date_published": "gestern 2'),
        ("feed.json", '"authors": [{"name": "한빛"', '"authors": [{"nick": "한빛"'),
        ("feed.json", '"items": [', '"items": [{"id": "x"}, '),
        ("atom.xml", "<updated>", "<updated>gestern "),
        ("atom.xml", "<entry><title>", "<entry><title>가</title><title>"),
        ("atom.xml", 'rel="self"', 'rel="alternate"'),
        ("atom.xml", "<id>http", "<id>/"),
        ("atom.xml", "<id>urn:uuid", "<id>/urn"),
        ("rss.xml", 'isPermaLink="false"', 'isPermaLink="true"'),
        ("rss.xml", "<enclosure length=", "<enclosure size="),
        ("rss.xml", 'version="2.0"', 'version="0.91"'),
        ("rss.xml", "<pubDate>", "<pubDate>gestern "),
        ("rss.xml", "</guid>", "</guid><mood>맑음</mood>"),
        ("rss.xml", "<guid", "<id"),
    ],
)
def test_the_feed_validator_refuses_unknown_elements(
    feed_documents: dict[str, str], name: str, valid: str, invalid: str
) -> None:
    """Negative control of the validator."""
    document = feed_documents[f"site {name}"]
    assert valid in document
    broken = document.replace(valid, invalid).replace(
        "</guid>" if invalid == "<id" else "\0", "</id>"
    )
    assert RULES[name](broken)


def test_structured_data_conforms_to_the_rules_for_news_articles(client: Client) -> None:
    story = make.changed(
        make.draft_of(make.live(**article_with_all_fields())), headline="로봇은 문을 열지 못했다"
    )
    publish_now(story, by=make.ben(), correction={"kind": "correction", "note": "열지 못했습니다."})
    (card,) = client.get("/api/v1/articles/").json()["results"]
    seo = client.get(f"/api/v1/articles/{card['slug']}/").json()["seo"]
    data = seo["json_ld"]
    assert {"correction", "isBasedOn", "digitalSourceType", "image"} <= set(data)
    assert schema_errors(data, NEWS_ARTICLE) == []
    open_graph = seo["open_graph"]  # ogp.me: the four that every page needs
    assert all(open_graph[f"og:{name}"] for name in ("title", "type", "image", "url"))
    for name, value in (
        ("image", [{"@type": "ImageObject", "url": "/media/x.jpg"}]),
        ("datePublished", "2026-11-22T09:00:00"),
        ("author", []),
        ("headline", ""),
        ("@type", "Blog"),
        ("mood", "맑음"),
    ):
        assert schema_errors(copy.deepcopy(data) | {name: value}, NEWS_ARTICLE), name
