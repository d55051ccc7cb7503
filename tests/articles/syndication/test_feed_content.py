"""Feeds with full text: content, parameters, caching."""

from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from articles.models import Article, Author, Edition, Masthead
from articles.read_queries import live_feed_entries
from articles.syndication.feeds import build_feed_entry
from articles.syndication.sitemaps import render_news_sitemap
from desk.actions import publish_now, withdraw
from desk.actions.freezing import Correction
from media.models import Photo
from newsroom.conf.environment import read_choice
from newsroom.http import response_cache
from newsroom.http.cached_response import CachedResponse
from newsroom.http.canonical_urls import with_absolute_links
from newsroom.text.normalization import xml_safe
from outbox.cache_targets import affected_keys, affected_paths
from outbox.models import Event, Subscriber
from tests.support import make
from tests.support.formats.feed_rules import atom_errors, json_feed_errors, rss_errors

pytestmark = pytest.mark.django_db
RULES = {"rss.xml": rss_errors, "atom.xml": atom_errors, "feed.json": json_feed_errors}
FEED_PATHS = [f"/feeds/{name}" for name in RULES]
SITE = "http://testserver"


def agency_story() -> Article:
    """A live article from an agency, with a photo and a body with links, images and quotes."""
    photo = make.photo()
    body = (
        f'<p>로봇은 <a href="/articles/other/?a=1&amp;b=2">다른 기사</a>와 <a href="#note">주석</a>, '
        f'<a href="https://example.com/x">자료</a>, <a href="mailto:desk@example.com">편지</a>.</p>'
        f'<figure><img src="/media/photos/{photo.key}/640.jpg" alt="문"></figure>'
        "<p>끝 ]]&gt; 그리고 &lt;b&gt; href=&quot;/x&quot;.</p>"
    )
    return make.live(
        headline="전문이 실린 기사",
        body=body,
        lead_photo=photo,
        source_name="시험통신",
        source_url="https://example.com/robot",
        source_credit="시험통신 제공",
        authors=[make.author("한빛"), make.author("가람")],
    )


def full_entry(client: Client, name: str) -> Any:
    response = client.get(f"/feeds/{name}?content=full")
    result = feedparser.parse(response.content)
    assert not result.bozo, result.get("bozo_exception")
    return result.entries[0]


def test_the_full_text_is_only_in_feeds_with_full_content(
    client: Client,
) -> None:
    agency_story()
    make.live(headline="짧은 기사")
    for name, validate in RULES.items():
        for feed_path in ("/feeds", f"/sections/{quote('산업')}/feeds"):
            full_text = client.get(f"{feed_path}/{name}?content=full").content.decode()
            summary = client.get(f"{feed_path}/{name}").content.decode()
            assert "주석" in full_text
            assert "주석" not in summary
            assert summary == client.get(f"{feed_path}/{name}?content=summary").content.decode()
            assert validate(full_text) == [], (name, validate(full_text))
            assert validate(summary) == []


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_a_feed_parser_finds_text_author_source_photo_and_categories(
    name: str, client: Client
) -> None:
    article = agency_story()
    entry = full_entry(client, name)
    (content,) = entry.content
    assert content.type == "text/html"
    assert "멈춰" not in entry.summary
    assert entry.summary.startswith("연구실 복도")
    assert [author.name for author in entry.authors] == ["한빛", "가람"]
    assert [tag.term for tag in entry.tags] == ["산업", "로봇", "연구"]
    assert entry.source.title == "시험통신"
    assert entry.rights == "시험통신 제공"
    (enclosure,) = entry.enclosures
    photo = article.lead_photo
    assert photo
    assert enclosure.href == f"{SITE}/media/photos/{photo.key}/{photo.sources[-1]['name']}"
    assert (enclosure.type, int(enclosure.length)) == ("image/jpeg", photo.sources[-1]["bytes"])
    shown = client.get(enclosure.href.removeprefix(SITE))
    assert len(b"".join(shown.streaming_content)) == int(enclosure.length)  # type: ignore[attr-defined]


def test_a_json_feed_has_the_same_content(client: Client) -> None:
    agency_story()
    (item,) = client.get("/feeds/feed.json?content=full").json()["items"]
    assert "content_text" not in item
    assert "다른 기사" in item["content_html"]
    assert item["summary"] == "연구실 복도에서 벌어진 일"
    (attachment,) = item["attachments"]
    assert attachment["url"] == item["image"]
    assert attachment["size_in_bytes"] > 0
    assert item["tags"] == ["산업", "로봇", "연구"]
    assert item["_source"]["name"] == "시험통신"
    assert [author["name"] for author in item["authors"]] == ["한빛", "가람"]


def test_urls_in_full_text_are_absolute_and_lookalikes_unchanged(
    client: Client,
) -> None:
    article = agency_story()
    html = client.get("/feeds/feed.json?content=full").json()["items"][0]["content_html"]
    page = f"{SITE}/articles/{quote(article.slug)}/"
    assert f'href="{SITE}/articles/other/?a=1&amp;b=2"' in html
    assert f'href="{page}#note"' in html
    assert 'href="https://example.com/x"' in html
    assert 'href="mailto:desk@example.com"' in html
    assert f'src="{SITE}/media/photos/' in html
    assert 'href="/x"' in html  # words about an address, not one
    assert "]]&gt;" in html


def test_urls_of_every_form_become_absolute() -> None:
    base = f"{SITE}/articles/a/"
    given = (
        '<img srcset="/m/1.jpg 480w, /m/2.jpg?a=1&amp;b=2 2x" src="b.jpg" alt="src=&quot;/no&quot;">'
        '<a title="a > b" href="//cdn.example.com/c">가</a><a href="/태그/">나</a><code>src="/no"</code>'
    )
    result = with_absolute_links(given, base=base)
    assert f'srcset="{SITE}/m/1.jpg 480w, {SITE}/m/2.jpg?a=1&amp;b=2 2x"' in result
    assert f'src="{base}b.jpg"' in result
    assert 'alt="src=&quot;/no&quot;"' in result
    assert 'title="a > b" href="http://cdn.example.com/c"' in result
    assert f'href="{SITE}/{quote("태그")}/"' in result
    assert '<code>src="/no"</code>' in result
    assert with_absolute_links(result, base=base) == result


def test_characters_invalid_in_xml_do_not_break_a_feed(client: Client) -> None:
    invalid = "\x0b\x00\ufffe\x1f"
    article = agency_story()
    photo = Photo.objects.get()
    # Past the actions, which keep no such character.
    Photo.objects.update(alt="\x0b문", credit="\x1f뉴스룸")
    Author.objects.update(name="한\x0b빛")
    Masthead.objects.create(pk=1, name="신문\x0b", copyright="\x1f권리")
    entry: Any = live_feed_entries(True).get(pk=article.pk)
    entry.live.headline = f"제목{invalid}"
    entry.live.source_name = f"통신{invalid}"
    entry.lead_photo = photo
    assert "\x0b" not in str(build_feed_entry(entry, content="full"))
    assert "\x0b" not in render_news_sitemap([entry], paper="신문\x0b", language="ko")
    for feed_path in FEED_PATHS:
        response = client.get(f"{feed_path}?content=full")
        assert response.status_code == 200
        if feed_path.endswith(".xml"):
            ET.fromstring(response.content)
    assert client.get("/sitemap-news.xml").status_code == 200
    assert xml_safe({"a": [f"가{invalid}", ("나\x0b",)]}) == {"a": ["가", ("나",)]}
    assert xml_safe("\t\n\r 가😀") == "\t\n\r 가😀"


def test_a_photo_of_unknown_size_has_no_rss_enclosure(
    client: Client,
) -> None:
    article = agency_story()
    photo = Photo.objects.get()
    photo.sources = [{k: v for k, v in s.items() if k != "bytes"} for s in photo.sources]
    photo.save(update_fields=["sources"])
    rss = full_entry(client, "rss.xml")
    assert rss.enclosures == []
    assert rss.media_content
    (atom,) = full_entry(client, "atom.xml").enclosures
    assert "length" not in atom
    assert (
        "size_in_bytes" not in client.get("/feeds/feed.json").json()["items"][0]["attachments"][0]
    )
    assert article.lead_photo_id == photo.pk


def test_a_source_without_url_is_named_in_feeds(client: Client) -> None:
    make.live(source_name="시험통신")
    text = client.get("/feeds/rss.xml").content.decode()
    assert "<dc:source>시험통신</dc:source>" in text
    assert rss_errors(text) == []
    assert full_entry(client, "atom.xml").source.title == "시험통신"


# -- what one may ask --------------------------------------------------------------------------


@pytest.mark.parametrize("feed_path", FEED_PATHS)
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=19", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("limit=", "limit"),
        ("limit=20&limit=30", "limit"),
        ("content=body", "content"),
        ("content=", "content"),
        ("page=2", "page"),
        ("utm_source=x", "utm_source"),
    ],
)
def test_unknown_feed_parameters_are_refused_by_name(
    feed_path: str, query: str, named: str, client: Client
) -> None:
    response = client.get(f"{feed_path}?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert [error["pointer"] for error in response.json()["errors"]] == [f"/{named}"]
    assert response["Cache-Control"] == "no-store"


def test_a_feed_has_as_many_entries_as_requested(client: Client) -> None:
    for _ in range(21):
        make.live()
    assert len(client.get("/feeds/feed.json").json()["items"]) == 21
    for limit, result in ((20, 20), (100, 21)):
        feed = client.get(f"/feeds/feed.json?limit={limit}").json()
        assert len(feed["items"]) == result
        assert feed["feed_url"] == f"{SITE}/feeds/feed.json?limit={limit}"
    plain = client.get("/feeds/feed.json?limit=50&content=summary").json()
    assert plain["feed_url"] == f"{SITE}/feeds/feed.json"


def test_the_default_feed_content_is_a_setting(client: Client, settings: Any) -> None:
    agency_story()
    settings.FEED_CONTENT = "full"
    plain = client.get("/feeds/feed.json").json()
    assert "다른 기사" in plain["items"][0]["content_html"]
    assert plain["feed_url"] == f"{SITE}/feeds/feed.json"
    summary = client.get("/feeds/feed.json?content=summary").json()
    assert "content_html" not in summary["items"][0]
    assert summary["feed_url"] == f"{SITE}/feeds/feed.json?content=summary"


def test_the_feed_content_setting_is_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, result in (("", "summary"), (" Full ", "full")):
        monkeypatch.setenv("FEED_CONTENT", given)
        assert read_choice("FEED_CONTENT", "summary", "full", default="summary") == result
    monkeypatch.setenv("FEED_CONTENT", "all")
    with pytest.raises(Exception, match="FEED_CONTENT must be one of summary, full, not 'all'"):
        read_choice("FEED_CONTENT", "summary", "full", default="summary")


# -- caches and hubs ---------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["?content=full", "?limit=20", "?content=full&limit=100"])
@pytest.mark.parametrize("feed_path", FEED_PATHS)
def test_every_feed_variant_has_its_etag_surrogate_keys_and_cache_entry(
    feed_path: str, query: str, client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    article, ben = agency_story(), make.ben()
    plain, response = client.get(feed_path), client.get(f"{feed_path}{query}")
    assert response["Surrogate-Key"] == plain["Surrogate-Key"]
    assert "Accept-Encoding" in response["Vary"]
    assert "public" in response["Cache-Control"]
    again = client.get(f"{feed_path}{query}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert response["ETag"] != plain["ETag"]
    settings.RESPONSE_CACHE_SECONDS = 60
    client.get(f"{feed_path}{query}")
    with django_assert_num_queries(0):
        assert client.get(f"{feed_path}{query}").content == response.content
    settings.RESPONSE_CACHE_SECONDS = 0
    withdraw(article, notice="거두어들였습니다.", by=ben)
    event = Event.objects.latest("pk")
    purged_keys = affected_keys(event.name, key=event.key, data=event.data)
    assert set(purged_keys) & set(response["Surrogate-Key"].split())
    assert "전문이 실린" not in client.get(f"{feed_path}{query}").content.decode()


def test_url_purges_cover_both_feed_contents(ben: User) -> None:
    withdraw(make.live(), notice="거두어들였습니다.", by=ben)
    event = Event.objects.latest("pk")
    purged_paths = affected_paths(event.name, key=event.key, data=event.data)
    for feed_path in (*FEED_PATHS, f"/sections/{quote('산업')}/feeds/atom.xml"):
        assert {feed_path, f"{feed_path}?content=full", f"{feed_path}?content=summary"} <= set(
            purged_paths
        )


def test_a_feed_names_its_hubs_only_where_they_are_notified(client: Client) -> None:
    hub = "https://hub.example.com/"
    Subscriber.objects.create(
        name="허브", kind=Subscriber.Kind.WEBSUB, url=hub, events=["article.*"]
    )
    full_text = client.get("/feeds/atom.xml?content=full")
    assert (
        f'<{SITE}/feeds/atom.xml?content=full>; rel="self", <{hub}>; rel="hub"' == full_text["Link"]
    )
    assert hub not in client.get("/feeds/atom.xml?limit=20")["Link"]


def test_the_response_cache_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest entries go, but one that was used meanwhile goes after the others."""
    monkeypatch.setattr(response_cache, "MAX_CACHE_BYTES", 350)
    cache = response_cache.ResponseCacheMiddleware(lambda _request: HttpResponse())
    for number in range(12):
        content = HttpResponse(b"x" * 100)
        entry = CachedResponse(content, None, fresh_until=0, token=None, basis=None)
        entry.is_recently_used = number == 7
        cache.store(("", "", str(number)), entry, "ko")
    assert [key[2] for key in cache.responses] == ["10", "7", "11"]
    assert cache.bytes == 300


@pytest.mark.parametrize("content", ["summary", "full"])
def test_a_feed_costs_the_same_queries_with_either_content(
    content: str, client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(4):
        agency_story()
    with django_assert_num_queries(4):
        client.get(f"/feeds/rss.xml?content={content}")


def test_a_correction_is_in_the_feed_with_a_new_updated_time(client: Client) -> None:
    article = agency_story()
    before = full_entry(client, "atom.xml")
    note: Correction = {"kind": "correction", "note": "하나를 고쳤습니다."}
    changed = make.changed(make.draft_of(article), body="<p>고쳐 쓴 본문입니다.</p>")
    publish_now(changed, by=make.ben(), correction=note)
    after = full_entry(client, "atom.xml")
    (content,) = after.content
    assert (after.id, content.value) == (before.id, "<p>고쳐 쓴 본문입니다.</p>")
    assert after.updated > before.updated
    assert Edition.objects.count() == 2
