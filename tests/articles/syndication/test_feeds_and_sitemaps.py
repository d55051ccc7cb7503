"""News feeds by feedparser, and sitemaps by the rules of their standard."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import feedparser
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Masthead
from articles.syndication.sitemaps import MAX_SITEMAP_URLS
from desk.actions import edit, publish_now, withdraw
from outbox.models import Subscriber
from tests.support import make

pytestmark = pytest.mark.django_db
NAMES = ("rss.xml", "atom.xml", "feed.json")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def canonical(client: Client, article: Article) -> str:
    return str(client.get(f"/api/v1/articles/{article.slug}/").json()["url"])


def read(client: Client, path: str) -> Any:
    """The feed as feedparser reads it; fails if it is malformed."""
    response = client.get(path)
    assert response.status_code == 200
    urls = feedparser.parse(
        response.content, response_headers={"content-type": response["Content-Type"]}
    )
    assert not urls.bozo, urls.get("bozo_exception")
    return urls


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_a_feed_parser_finds_the_newest_first_by_canonical_urls(name: str, client: Client) -> None:
    older, newer = make.live(headline="먼저 나간 <기사> & 소식"), make.live(headline="나중 기사")
    feed = read(client, f"/feeds/{name}")
    assert [entry.title for entry in feed.entries] == ["나중 기사", "먼저 나간 <기사> & 소식"]
    assert [entry.link for entry in feed.entries] == [canonical(client, a) for a in (newer, older)]
    assert [entry.id for entry in feed.entries] == [article.urn() for article in (newer, older)]
    shown = datetime.fromisoformat(
        client.get(f"/api/v1/articles/{newer.slug}/").json()["published_at"]
    )
    assert tuple(feed.entries[0].published_parsed)[:6] == tuple(shown.utctimetuple())[:6]
    assert feed.feed.title == Masthead.current().name


def test_a_json_feed_has_the_fields_of_its_version(client: Client) -> None:
    article = make.live(lead_photo=make.photo())
    response = client.get("/feeds/feed.json")
    assert response["Content-Type"].startswith("application/feed+json")
    feed = response.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].endswith("/feeds/feed.json")
    (item,) = feed["items"]
    assert (item["id"], item["url"]) == (article.urn(), canonical(client, article))
    assert item["content_text"]
    assert datetime.fromisoformat(item["date_published"]).utcoffset() == timedelta(hours=9)
    (author,) = item["authors"]
    assert author["name"] == "한빛"
    assert author["url"].startswith("http://testserver/authors/")
    assert item["image"].startswith("http")


@pytest.mark.parametrize("name", NAMES)
def test_a_section_feed_has_articles_of_that_section_only(name: str, client: Client) -> None:
    make.live(headline="문화 소식", section=make.section("문화"))
    make.live(headline="산업 소식")
    body = client.get(f"/sections/{quote('문화')}/feeds/{name}").content.decode()
    assert "문화 소식" in body
    assert "산업 소식" not in body
    assert client.get(f"/sections/{quote('없는-곳')}/feeds/{name}").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_withdrawn_and_scheduled_articles_are_not_in_the_feed(
    name: str, client: Client, ben: User
) -> None:
    article = make.live(headline="거두어들일 소식")
    make.planned(headline="아직 나가지 않은 소식")
    before = client.get(f"/feeds/{name}")
    assert "거두어들일 소식" in before.content.decode()
    assert "아직 나가지 않은" not in before.content.decode()
    withdraw(article, notice="사실과 달라 거두어들였습니다.", by=ben)
    after = client.get(f"/feeds/{name}", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "거두어들일 소식" not in after.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_an_unchanged_feed_keeps_its_bytes(name: str, client: Client) -> None:
    assert client.get(f"/feeds/{name}")["ETag"]
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        again = client.get(f"/feeds/{name}")
    assert again["ETag"] == client.get(f"/feeds/{name}")["ETag"]


def test_a_changed_article_keeps_its_feed_id_and_moves_its_updated_time(
    client: Client, ben: User
) -> None:
    article = make.live(headline="처음 제목")
    before = read(client, "/feeds/atom.xml").entries[0]
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        publish_now(edit(make.draft_of(article), by=ben, headline="고친 제목"), by=ben)
        after = read(client, "/feeds/atom.xml").entries[0]
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated > before.updated
    assert after.title == "고친 제목"


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_names_its_websub_hubs_in_document_and_header(name: str, client: Client) -> None:
    hub = "https://hub.example.com/publish"
    Subscriber.objects.create(
        name="허브", kind=Subscriber.Kind.WEBSUB, url=hub, events=["article.*"]
    )
    response = client.get(f"/feeds/{name}")
    assert f'<{hub}>; rel="hub"' in response["Link"]
    assert f'/feeds/{name}>; rel="self"' in response["Link"]
    assert hub in response.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_costs_the_same_queries_for_one_article_and_many(
    name: str, client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    make.live()
    with django_assert_num_queries(4):  # the masthead, the stories, what changed last, hubs
        client.get(f"/feeds/{name}")
    for _ in range(5):
        make.live()
    with django_assert_num_queries(4):
        client.get(f"/feeds/{name}")


def locations(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    tree = ET.fromstring(response.content)
    return [str(loc.text) for loc in tree.iter(f"{SITEMAP}loc")]


def test_the_sitemap_index_leads_to_every_live_article(client: Client, ben: User) -> None:
    stories = [make.live() for _ in range(3)]
    withdraw(make.live(), notice="거두어들였습니다.", by=ben)
    make.planned()
    with time_machine.travel(timezone.now() - timedelta(days=40), tick=False):
        stories.append(make.live())
    host = "http://testserver"
    urls: list[str] = []
    for address in locations(client, "/sitemap.xml"):
        path = "/" + address.split("/", 3)[3]
        if "news" not in path:
            urls += locations(client, path)
    assert sorted(urls) == sorted(canonical(client, article) for article in stories)
    assert all(not address.startswith(host) or address.startswith("http") for address in urls)


def test_a_sitemap_of_an_empty_or_invalid_month_is_404(client: Client) -> None:
    make.live()
    for month in ("1999-01-1", "2026-13-1", "2026-00", "오늘", "9999-12", "2026-11-0", "2026-11-9"):
        assert client.get(f"/sitemap-{quote(month)}.xml").status_code == 404
    assert MAX_SITEMAP_URLS <= 50_000


def test_the_news_sitemap_counts_from_first_publication(client: Client, ben: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=49), tick=False):
        old = make.live()
    with time_machine.travel(timezone.now() - timedelta(hours=47), tick=False):
        recent = make.live(headline="이틀 안의 소식")
    publish_now(edit(make.draft_of(old), by=ben, headline="방금 고친 옛 소식"), by=ben)
    response = client.get("/sitemap-news.xml")
    tree = ET.fromstring(response.content)
    assert [str(e.text) for e in tree.iter(f"{SITEMAP}loc")] == [canonical(client, recent)]
    assert [e.text for e in tree.iter(f"{NEWS}title")] == ["이틀 안의 소식"]
    assert [e.text for e in tree.iter(f"{NEWS}language")] == ["ko"]
    assert [e.text for e in tree.iter(f"{NEWS}name")] == [Masthead.current().name]
    publication_date = datetime.fromisoformat(str(next(tree.iter(f"{NEWS}publication_date")).text))
    recent.refresh_from_db()
    assert recent.first_published_at
    assert publication_date == recent.first_published_at.replace(microsecond=0)
    assert publication_date.utcoffset() == timedelta(hours=9)


def test_robots_txt_names_the_sitemaps(client: Client) -> None:
    robots_txt = client.get("/robots.txt").content.decode()
    assert "/sitemap.xml" in robots_txt
    assert "/sitemap-news.xml" in robots_txt


@pytest.mark.parametrize(
    "path", [*(f"/feeds/{n}" for n in NAMES), "/sitemap.xml", "/sitemap-news.xml"]
)
def test_feeds_and_sitemaps_are_cacheable_and_answer_304(path: str, client: Client) -> None:
    make.live()
    response = client.get(path)
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "newest" in response["Surrogate-Key"].split()
    again = client.get(path, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(path)["ETag"] == response["ETag"]
    assert client.post(path).status_code == 405
