"""Requests of reader pages and of machine formats: feeds, sitemaps, oEmbed, health, photos."""

import re
from urllib.parse import quote

from bench.recorded_responses.environment import SITE_URL
from bench.recorded_responses.public_api_requests import AUTHORS, Addresses
from bench.recorded_responses.requester import Requester, relative_url

TAXONOMY_PAGES = {
    "sections": ("industry", "research", "policy", "education", "science", "life", "nothing"),
    "authors": AUTHORS,
    "tags": ("로봇", "해솔시", "음성 AI", "음성-ai", "농업", "시험"),
}
SEARCHES = ("", "로봇", "로봇 해솔시", '"음성 AI"', "-로봇", "x" * 400, "없는말없는말")
OTHER_PAGES = (
    *("account/", "account/verify/x/", "account/password/", "account/password/x/", "me/"),
    *("favicon.ico", "robots.txt", "nothing/", "abcdefgh12345678.txt", "api/", "desk/"),
)
FEED_QUERIES = (
    *("content=full", "content=summary", "limit=3", "limit=30", "content=x", "nothing=3"),
)
SITEMAPS = (
    *("sitemap.xml", "sitemap-news.xml", "sitemap-2026-06.xml", "sitemap-2026-05.xml"),
    *("sitemap-2026-06-1.xml", "sitemap-bad.xml"),
)
OEMBED_QUERIES = (
    *("", "&format=xml", "&format=yaml", "&maxwidth=200&maxheight=100", "&maxwidth=x"),
)


def request_pages(requester: Requester, addresses: Addresses) -> None:
    get = requester.get
    get("/")
    get("/", "reader by session", "chief by session")
    get("/", accept_language="en")
    get("/?cursor=bad")
    request_list_pages(requester)
    for slug in [*addresses.live, *addresses.gone, addresses.former, "없는-기사", "moved-here"]:
        get(f"/articles/{quote(slug)}/")
    newest = f"/articles/{quote(addresses.live[0])}"
    get(f"{newest}/", "reader by session")
    get(newest)
    get(f"/articles/{quote(addresses.gone[0])}/", accept_language="en")
    for kind, slugs in TAXONOMY_PAGES.items():
        for slug in slugs:
            get(f"/{kind}/{quote(slug)}/")
    for words in SEARCHES:
        get(f"/search/?q={quote(words)}")
    for path in OTHER_PAGES:
        get(f"/{path}")
    get("/me/", "reader by session")
    get("/account/", "reader by session")


def request_list_pages(requester: Requester) -> None:
    """The list of all articles, and every page that it links."""
    requester.get("/articles/")
    html = requester.newsroom.clients["anybody"].get("/articles/").content.decode()
    for link in sorted(set(re.findall(r'href="([^"]*cursor=[^"]*)"', html))):
        requester.get(relative_url(link.replace("&amp;", "&"), base="/articles/"))


def request_machine_formats(requester: Requester, addresses: Addresses) -> None:
    request_feeds(requester)
    for path in SITEMAPS:
        requester.get(f"/{path}")
    for slug in [*addresses.live[:4], *addresses.gone, addresses.former]:
        url = quote(f"{SITE_URL}/articles/{quote(slug)}/", safe="")
        for query in OEMBED_QUERIES:
            requester.get(f"/oembed?url={url}{query}")
    requester.get("/oembed")
    for path in ("health/live", "health/ready", "metrics"):
        requester.get(f"/{path}")
    request_photos(requester, addresses)


def request_feeds(requester: Requester) -> None:
    for kind in ("rss.xml", "atom.xml", "feed.json"):
        requester.get(f"/feeds/{kind}")
        etag = requester.newsroom.clients["anybody"].get(f"/feeds/{kind}")["ETag"]
        requester.get(f"/feeds/{kind}", if_none_match=etag)
        for query in FEED_QUERIES:
            requester.get(f"/feeds/{kind}?{query}")
        for section in ("industry", "policy", "nothing"):
            requester.get(f"/sections/{section}/feeds/{kind}")


def request_photos(requester: Requester, addresses: Addresses) -> None:
    """Every rendition that a live article names."""
    photos: set[str] = set()
    for slug in addresses.live:
        path = f"/api/v1/articles/{quote(slug)}/"
        output = requester.newsroom.clients["anybody"].get(path).content.decode()
        photos |= set(re.findall(r"/media/photos/[^\"\\ ]+", output))
    for path in sorted(photos):
        requester.get(path)
    first = min(photos)
    requester.get(first, range="bytes=0-99")
    requester.get(first, method="HEAD")
    requester.get("/media/photos/nothing/nothing.jpg")
