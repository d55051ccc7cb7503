"""Sitemaps by an independent parser, and one canonical URL of an article everywhere."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit

import feedparser
import pytest
from django.test import Client
from usp.tree import sitemap_tree_for_homepage
from usp.web_client.abstract_client import (
    AbstractWebClient,
    LocalWebClient,
    LocalWebClientSuccessResponse,
)

from accounts.models import User
from articles.tasks import count_views, update_change_feed
from desk.actions import withdraw
from tests.support import make
from tests.support.clients.search_client import index_pending_articles
from tests.support.clients.view_beacons import post_views_of_readers

pytestmark = pytest.mark.django_db
HOME = "http://testserver"


class DjangoWebClient(LocalWebClient):
    """HTTP client of the sitemap parser over Django's test client."""

    def get(self, url: str) -> Any:
        parts = urlsplit(url)
        response = Client().get(f"{parts.path}?{parts.query}".rstrip("?"))
        assert response.status_code == 200, url
        return LocalWebClientSuccessResponse(url=url, data=response.content.decode())


def test_a_sitemap_parser_finds_every_live_article_from_robots_txt(ben: User) -> None:
    assert issubclass(DjangoWebClient, AbstractWebClient)
    stories = [make.live() for _ in range(3)]
    withdraw(make.live(), notice="거두어들였습니다.", by=ben)
    make.planned()
    tree = sitemap_tree_for_homepage(
        f"{HOME}/", web_client=DjangoWebClient(), use_known_paths=False
    )
    kinds = {type(one).__name__ for one in tree.all_sitemaps()}
    assert "InvalidSitemap" not in kinds
    pages = list(tree.all_pages())
    urls = {page.url for page in pages}
    assert urls == {f"{HOME}/articles/{quote(story.slug)}/" for story in stories}
    news = [page.news_story for page in pages if page.news_story]
    assert {one.title for one in news} == {s.live.headline for s in stories if s.live}
    assert all(one.publish_date.utcoffset() for one in news)


def test_an_article_has_one_canonical_url_everywhere(client: Client) -> None:
    """publishing 56: page, API, JSON-LD, Open Graph, feeds, sitemaps, ninjs, oEmbed: byte for byte."""
    article = make.live(poll=make.poll_data(), lead_photo=make.photo())
    other = make.live(section=make.section("문화"), headline="곁에 선 고양이", related=[article])
    post_views_of_readers(article.slug, 1)
    count_views()
    update_change_feed()
    index_pending_articles()
    feed_path, section = f"/articles/{quote(article.slug)}/", quote("산업")
    feed = f"/sections/{section}/feeds"
    page = client.get(feed_path).content.decode()
    api = client.get(f"/api/v1{feed_path}").json()
    month = re.search(r"/sitemap-\d[\d-]+\.xml", client.get("/sitemap.xml").content.decode())
    assert month
    ld = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert ld
    written = json.loads(ld[1])
    canonical_urls = {
        api["url"],
        api["seo"]["canonical"],
        api["seo"]["open_graph"]["og:url"],
        api["seo"]["json_ld"]["url"],
        written["mainEntityOfPage"],
        *(unescape(at) for at in re.findall(r'rel="canonical" href="([^"]+)"', page)),
        *(unescape(at) for at in re.findall(r'property="og:url" content="([^"]+)"', page)),
        written["url"],
        *(
            client.get(f"/api/v1/articles/{name}").json()["results"][0]["url"]
            for name in (
                "?q=문을",
                "?section=산업",
                "?section=산업&fields=url",
                "changes/",
                "popular/",
            )
        ),
        client.get(f"{feed}/feed.json").json()["items"][0]["url"],
        *(
            feedparser.parse(client.get(f"{feed}/{kind}.xml").content).entries[0].link
            for kind in ("rss", "atom")
        ),
        client.get("/feeds/feed.json").json()["items"][1]["url"],
        client.get(f"/api/v1/articles/{other.slug}/").json()["related"][0]["url"],
        re.findall(r"<loc>([^<]+)</loc>", client.get(month[0]).content.decode())[0],
        re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap-news.xml").content.decode())[1],
        client.get(f"/api/v1{feed_path}ninjs/").json()["renditions"][0]["href"],
        client.get("/oembed", {"url": api["url"]}).json()["url"],
    }
    assert canonical_urls == {f"{HOME}{feed_path}"}
