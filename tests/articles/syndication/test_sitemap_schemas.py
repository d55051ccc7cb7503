"""Sitemaps by the rules of their published schemas (tests/schemas/), and of the protocol besides."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from xmlschema import XMLSchema

from articles.syndication.sitemaps import NEWS_SITEMAP_NAMESPACE, SITEMAP_NAMESPACE
from tests.support import make

pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).resolve().parents[2] / "support" / "schemas"
OPENED = f"xmlns='{SITEMAP_NAMESPACE}' xmlns:news='{NEWS_SITEMAP_NAMESPACE}'"
STORY = (
    "<url><loc>http://testserver/articles/a/</loc><lastmod>2026-11-22T09:00:00+09:00</lastmod><news:news>"
    "<news:publication><news:name>뉴스룸</news:name><news:language>ko</news:language></news:publication>"
    "<news:publication_date>2026-11-22T09:00:00+09:00</news:publication_date><news:title>문</news:title>"
    "</news:news></url>"
)
GOOD = f"<urlset {OPENED}>{STORY}</urlset>"
INDEX = (
    f"<sitemapindex {OPENED}><sitemap><loc>http://testserver/a.xml</loc></sitemap></sitemapindex>"
)


@cache
def schema(root: str) -> XMLSchema:
    """The rules for a document with this root."""
    names = {
        "urlset": ["sitemap.xsd", "sitemap-news.xsd"],
        "sitemapindex": ["siteindex.xsd"],
    }[root]
    return XMLSchema([SCHEMAS / name for name in names])


def faults_of(document: str) -> list[str]:
    """What the schemas mind about it."""
    root = ET.fromstring(document).tag.rpartition("}")[2]
    return [str(fault.reason) for fault in schema(root).iter_errors(document)]


def all_of_them(client: Client) -> Iterator[tuple[str, str]]:
    """Every sitemap of the site, from its index: address and document."""
    index = client.get("/sitemap.xml").content.decode()
    yield "http://testserver/sitemap.xml", index
    for loc in ET.fromstring(index).iter(f"{{{SITEMAP_NAMESPACE}}}loc"):
        assert loc.text
        yield loc.text, client.get(urlsplit(loc.text).path).content.decode()


def test_the_judge_is_the_one_we_know() -> None:
    assert version("xmlschema").startswith("4.")


def test_every_sitemap_keeps_the_rules_of_its_schema(client: Client) -> None:
    make.live(headline="<제목> & 이름", slug="가" * 80)
    with time_machine.travel(timezone.now() - timedelta(days=70), tick=False):
        make.live()
    found = dict(all_of_them(client))
    assert len(found) == 4  # the index, the news, two months
    for address, document in found.items():
        assert faults_of(document) == [], address


def test_every_address_is_the_site_s_and_below_the_folder_of_its_sitemap(client: Client) -> None:
    """sitemaps.org, "Sitemap file location"; 50,000 addresses and 50 MB a file."""
    make.live()
    for address, document in all_of_them(client):
        folder = address.rpartition("/")[0] + "/"
        places = [
            str(loc.text) for loc in ET.fromstring(document).iter(f"{{{SITEMAP_NAMESPACE}}}loc")
        ]
        assert all(place.startswith(folder) for place in places), address
        assert all(place.isascii() for place in places), address
        assert 0 < len(places) <= 50_000
        assert len(document.encode()) < 50 * 2**20
        assert document.startswith('<?xml version="1.0" encoding="utf-8"?>')


def test_without_news_the_news_sitemap_is_empty_which_is_all_that_its_schema_minds(
    client: Client,
) -> None:
    """Its address stands in robots.txt, so it is there; Google takes an empty one for what it is."""
    empty = client.get("/sitemap-news.xml").content.decode()
    (fault,) = faults_of(empty)
    assert "not complete" in fault
    assert faults_of(client.get("/sitemap.xml").content.decode()) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<loc>http://testserver/articles/a/</loc>", ""),
        ("http://testserver/articles/a/", "/a/"),
        ("http://testserver/articles/a/", f"http://testserver/{'a' * 2048}"),
        ("<lastmod>2026-11-22T09:00:00+09:00<", "<lastmod>2026-11-22 09:00<"),
        ("<lastmod>2026-11-22T09:00:00+09:00<", "<lastmod>어제<"),
        ("<news:news>", "<priority>1.5</priority><news:news>"),
        ("<news:news>", "<changefreq>sometimes</changefreq><news:news>"),
        ("<news:news>", "<other/><news:news>"),
        ("<news:language>ko<", "<news:language>ko-KR<"),
        ("<news:name>뉴스룸</news:name>", ""),
        ("<news:publication_date>2026-11-22T09:00:00+09:00</news:publication_date>", ""),
        ("<news:title>문</news:title>", ""),
        ("<news:title>문</news:title>", "<news:title>문</news:title><news:mood>맑음</news:mood>"),
        (STORY, ""),
    ],
)
def test_the_schemas_refuse_what_is_no_sitemap(good: str, bad: str) -> None:
    """The negative control."""
    assert faults_of(GOOD) == []
    assert good in GOOD
    assert faults_of(GOOD.replace(good, bad))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<loc>http://testserver/a.xml</loc>", ""),
        ("http://testserver/a.xml", "a.xml"),
        ("</loc>", "</loc><lastmod>2026-13-01</lastmod>"),
        ("</loc>", "</loc><priority>0.5</priority>"),
    ],
)
def test_the_schemas_refuse_what_is_no_index(good: str, bad: str) -> None:
    """The negative control."""
    assert faults_of(INDEX) == []
    assert good in INDEX
    assert faults_of(INDEX.replace(good, bad))


def test_robots_as_python_s_own_reader_understands_them_may_read_what_is_public_alone(
    client: Client,
) -> None:
    """RFC 9309"""
    story = make.live()
    robots = RobotFileParser("http://testserver/robots.txt")
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    assert robots.site_maps() == [
        "http://testserver/sitemap.xml",
        "http://testserver/sitemap-news.xml",
    ]
    read = ["/", f"/articles/{story.slug}/", "/api/v1/articles/", "/feeds/rss.xml", "/sitemap.xml"]
    kept = ["/admin/", "/desk/previews/x/", "/api/v1/me/", "/me/", "/_allauth/app/v1/config"]
    assert [path for path in read + kept if robots.can_fetch("Yeti", path)] == read
