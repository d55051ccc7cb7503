"""Sitemaps as an outside reader understands them, and one canonical string for a story everywhere."""

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
from desk.actions import withdraw
from tests import make

pytestmark = pytest.mark.django_db
HOME = "http://testserver"


class Fetching(LocalWebClient):
    """The reader's own client, over Django's."""

    def get(self, url: str) -> Any:
        parts = urlsplit(url)
        answer = Client().get(f"{parts.path}?{parts.query}".rstrip("?"))
        assert answer.status_code == 200, url
        return LocalWebClientSuccessResponse(url=url, data=answer.content.decode())


def test_an_outside_reader_finds_every_live_story_from_robots_txt(ben: User) -> None:
    assert issubclass(Fetching, AbstractWebClient)
    stories = [make.live() for _ in range(3)]
    withdraw(make.live(), notice="거두어들였습니다.", by=ben)
    make.planned()
    tree = sitemap_tree_for_homepage(f"{HOME}/", web_client=Fetching(), use_known_paths=False)
    kinds = {type(one).__name__ for one in tree.all_sitemaps()}
    assert "InvalidSitemap" not in kinds
    pages = list(tree.all_pages())
    found = {page.url for page in pages}
    assert found == {f"{HOME}/articles/{quote(story.slug)}/" for story in stories}
    news = [page.news_story for page in pages if page.news_story]
    assert {one.title for one in news} == {s.live.headline for s in stories if s.live}
    assert all(one.publish_date.utcoffset() for one in news)


def test_a_story_has_one_canonical_string_everywhere(client: Client) -> None:
    """publishing 56: page, API, JSON-LD, Open Graph, feeds, sitemaps, ninjs, oEmbed: byte for byte."""
    article = make.live(poll=make.poll_words(), lead_photo=make.photo())
    road = f"/articles/{quote(article.slug)}/"
    page = client.get(road).content.decode()
    api = client.get(f"/api/v1{road}").json()
    month = re.search(r"/sitemaps/[\w-]+\.xml", client.get("/sitemap.xml").content.decode())
    assert month
    ld = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert ld
    written = json.loads(ld[1])
    told = {
        api["url"],
        api["seo"]["canonical"],
        api["seo"]["open_graph"]["og:url"],
        api["seo"]["json_ld"]["url"],
        written["mainEntityOfPage"],
        *(unescape(at) for at in re.findall(r'rel="canonical" href="([^"]+)"', page)),
        *(unescape(at) for at in re.findall(r'property="og:url" content="([^"]+)"', page)),
        client.get("/api/v1/articles/").json()["results"][0]["url"],
        client.get("/feeds/feed.json").json()["items"][0]["url"],
        *(
            feedparser.parse(client.get(f"/feeds/{name}").content).entries[0].link
            for name in ("rss.xml", "atom.xml")
        ),
        *re.findall(r"<loc>([^<]+)</loc>", client.get(month[0]).content.decode()),
        *re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap-news.xml").content.decode()),
        client.get(f"/api/v1{road}ninjs/").json()["uri"],
        client.get("/oembed", {"url": api["url"]}).json()["url"],
    }
    assert told == {f"{HOME}{road}"}
