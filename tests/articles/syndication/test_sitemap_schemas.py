"""Sitemaps by their published schemas (tests/support/formats/schemas/) and by the protocol."""

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
SCHEMAS = Path(__file__).resolve().parents[2] / "support" / "formats" / "schemas"
PARSED = f"xmlns='{SITEMAP_NAMESPACE}' xmlns:news='{NEWS_SITEMAP_NAMESPACE}'"
STORY = (
    "<url><loc>http://testserver/articles/a/</loc><lastmod>2026-11-22T09:00:00+09:00</lastmod><news:news>"
    "<news:publication><news:name>뉴스룸</news:name><news:language>ko</news:language></news:publication>"
    "<news:publication_date>2026-11-22T09:00:00+09:00</news:publication_date><news:title>문</news:title>"
    "</news:news></url>"
)
GOOD = f"<urlset {PARSED}>{STORY}</urlset>"
INDEX = (
    f"<sitemapindex {PARSED}><sitemap><loc>http://testserver/a.xml</loc></sitemap></sitemapindex>"
)


@cache
def schema(root: str) -> XMLSchema:
    """The schema of documents with this root element."""
    names = {
        "urlset": ["sitemap.xsd", "sitemap-news.xsd"],
        "sitemapindex": ["siteindex.xsd"],
    }[root]
    return XMLSchema([SCHEMAS / name for name in names])


def schema_errors(document: str) -> list[str]:
    """Errors of a document by its schema."""
    root = ET.fromstring(document).tag.rpartition("}")[2]
    return [str(error.reason) for error in schema(root).iter_errors(document)]


def all_sitemaps(client: Client) -> Iterator[tuple[str, str]]:
    """(URL, document) of all sitemaps of the site, from its index."""
    index = client.get("/sitemap.xml").content.decode()
    yield "http://testserver/sitemap.xml", index
    for loc in ET.fromstring(index).iter(f"{{{SITEMAP_NAMESPACE}}}loc"):
        assert loc.text
        yield loc.text, client.get(urlsplit(loc.text).path).content.decode()


def test_the_sitemap_schemas_are_the_published_ones() -> None:
    assert version("xmlschema").startswith("4.")


def test_every_sitemap_conforms_to_its_schema(client: Client) -> None:
    make.live(headline="<제목> & 이름", slug="가" * 80)
    with time_machine.travel(timezone.now() - timedelta(days=70), tick=False):
        make.live()
    documents = dict(all_sitemaps(client))
    assert len(documents) == 4  # the index, the news, two months
    for address, document in documents.items():
        assert schema_errors(document) == [], address


def test_sitemap_urls_are_on_the_site_and_below_the_folder_of_the_sitemap(client: Client) -> None:
    """sitemaps.org, "Sitemap file location"; 50,000 URLs and 50 MB a file."""
    make.live()
    for address, document in all_sitemaps(client):
        folder = address.rpartition("/")[0] + "/"
        places = [
            str(loc.text) for loc in ET.fromstring(document).iter(f"{{{SITEMAP_NAMESPACE}}}loc")
        ]
        assert all(place.startswith(folder) for place in places), address
        assert all(place.isascii() for place in places), address
        assert 0 < len(places) <= 50_000
        assert len(document.encode()) < 50 * 2**20
        assert document.startswith('<?xml version="1.0" encoding="utf-8"?>')


def test_an_empty_news_sitemap_violates_only_the_minimum_of_its_schema(
    client: Client,
) -> None:
    """robots.txt names it, so it must exist; Google accepts an empty one."""
    empty = client.get("/sitemap-news.xml").content.decode()
    (error,) = schema_errors(empty)
    assert "not complete" in error
    assert schema_errors(client.get("/sitemap.xml").content.decode()) == []


@pytest.mark.parametrize(
    ("valid", "invalid"),
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
def test_the_sitemap_schemas_refuse_invalid_sitemaps(valid: str, invalid: str) -> None:
    """Negative control of the schemas."""
    assert schema_errors(GOOD) == []
    assert valid in GOOD
    assert schema_errors(GOOD.replace(valid, invalid))


@pytest.mark.parametrize(
    ("valid", "invalid"),
    [
        ("<loc>http://testserver/a.xml</loc>", ""),
        ("http://testserver/a.xml", "a.xml"),
        ("</loc>", "</loc><lastmod>2026-13-01</lastmod>"),
        ("</loc>", "</loc><priority>0.5</priority>"),
    ],
)
def test_the_index_schema_refuses_invalid_indexes(valid: str, invalid: str) -> None:
    """Negative control of the schemas."""
    assert schema_errors(INDEX) == []
    assert valid in INDEX
    assert schema_errors(INDEX.replace(valid, invalid))


def test_robots_txt_allows_public_paths_only(
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
    allowed = ["/admin/", "/desk/previews/x/", "/api/v1/me/", "/me/", "/_allauth/app/v1/config"]
    assert [path for path in read + allowed if robots.can_fetch("Yeti", path)] == read
