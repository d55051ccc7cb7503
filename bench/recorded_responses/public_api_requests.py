"""Requests of the public API: articles, comments, polls, taxonomy, accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from bench.recorded_responses.requester import Requester

ARTICLES = "/api/v1/articles/"
SEARCHES = (
    *("로봇", "로봇 해솔시", '"음성 AI"', "해솔시 -로봇", "로봇 OR 도서관", "도서관", "ㄹㅂ"),
    *("AI", "a", " ", "x" * 400, "윤하람"),
)
ARTICLE_QUERIES = [
    "",
    "?page_size=1",
    "?page_size=0",
    "?page_size=101",
    "?page_size=x",
    "?cursor=bad",
    "?nothing=1",
    "?fields=slug,headline",
    "?fields=slug,headline,counts&page_size=2",
    "?fields=nothing",
    "?fields=",
    "?published_after=2026-06-13",
    "?published_before=2026-06-13T00:00:00%2B09:00",
    "?published_after=2026-06-13&published_before=2026-06-14",
    "?published_after=bad",
    *(f"?q={quote(words)}" for words in SEARCHES),
    f"?q={quote('로봇')}&section=industry",
    f"?q={quote('해솔시')}&published_after=2026-06-13&fields=slug,highlights",
    f"?section=industry&tag={quote('로봇')}",
]
FILTER_VALUES = (
    *("industry", "policy", "life", "로봇", "해솔시", "음성 AI", "haram", "gaon", "nothing"),
)
AUTHORS = ("haram", "ideun", "daon", "roun", "gaon", "nobody")
SITE_PATHS = (
    *("masthead/", "schema/", "schema/?lang=en", "docs/", "nothing/", "", "articles", "desk/"),
    "masthead/?x=1",
)
COMMENT_IDS = range(1, 12)
POLL_IDS = range(1, 9)
UNKNOWN_ID = 999_999


@dataclass(frozen=True)
class Addresses:
    """Slugs of the live articles, of those that are gone, and the former one of a moved article."""

    live: list[str]
    gone: list[str]
    former: str


def request_public_api(requester: Requester, former_slug: str) -> Addresses:
    """All of it; the slugs that the lists name."""
    addresses = read_addresses(requester, former_slug)
    request_lists(requester)
    for slug in [
        *(*addresses.live, *addresses.gone, addresses.former),
        *("없는-기사", "UPPER-Case", "a" * 300),
    ]:
        request_article(requester, slug)
    request_newest_article(requester, f"{ARTICLES}{quote(addresses.live[0])}/")
    request_rankings_and_changes(requester)
    request_comments_and_polls(requester, addresses.live)
    request_taxonomy(requester)
    for path in SITE_PATHS:
        requester.get(f"/api/v1/{path}")
    return addresses


def read_addresses(requester: Requester, former_slug: str) -> Addresses:
    newsroom = requester.newsroom
    cards = newsroom.read("anybody", f"{ARTICLES}?page_size=50")["results"]
    changes = newsroom.read("anybody", f"{ARTICLES}changes/?page_size=100")["results"]
    live = [card["slug"] for card in cards]
    gone = {slug for slug in map(slug_of_change, changes) if slug and slug not in live}
    return Addresses(live, sorted(gone), former_slug)


def slug_of_change(change: dict[str, Any]) -> str | None:
    """The slug of the article in a row of the change feed, wherever this version writes it."""
    nested = [value.get("slug") for value in change.values() if isinstance(value, dict)]
    for slug in (change.get("slug"), *nested):
        if slug:
            return str(slug)
    if change.get("url"):
        return unquote(change["url"].rstrip("/").rpartition("/")[2])
    return None


def request_lists(requester: Requester) -> None:
    for query in ARTICLE_QUERIES:
        requester.get(ARTICLES + query)
    for name in ("section", "tag", "author"):
        for value in FILTER_VALUES:
            requester.get(f"{ARTICLES}?{name}={quote(value)}&page_size=3")
    requester.follow_pages(f"{ARTICLES}?page_size=5")
    requester.follow_pages(f"{ARTICLES}?q={quote('로봇')}&page_size=2")


def request_article(requester: Requester, slug: str) -> None:
    path = f"{ARTICLES}{quote(slug)}/"
    requester.get(path)
    requester.get(path, accept_language="en")
    for part in ("editions/", "ninjs/", "comments/"):
        requester.get(path + part)


def request_newest_article(requester: Requester, path: str) -> None:
    """One article in every representation, with every method and header that matters."""
    get = requester.get
    for sort in ("newest", "oldest", "best", "worst"):
        get(f"{path}comments/?sort={sort}")
    requester.follow_pages(f"{path}comments/?page_size=1")
    get(f"{path}comments/?page_size=0")
    get(f"{path}editions/?page_size=1")
    get(path[:-1])
    get(f"{path}?utm_source=x")
    get(f"{path}?fields=slug,headline")
    etag = get(path)["ETag"]
    get(path, if_none_match=etag)
    get(path, if_none_match='"other"')
    for method in ("HEAD", "POST", "OPTIONS"):
        get(path, method=method)
    get(path, accept="text/html")
    get(path, accept="application/xml")
    get(path, accept_encoding="gzip")
    get(path, accept_encoding="br")
    get(path, origin="https://elsewhere.example")


def request_rankings_and_changes(requester: Requester) -> None:
    for window in ("1h", "24h", "7d", "2h"):
        requester.get(f"{ARTICLES}popular/?window={window}&page_size=4")
    for prefix in ("로", "로봇", "ai", "음성", "ㄹㅂ", "x" * 300, ""):
        requester.get(f"{ARTICLES}suggest/?q={quote(prefix)}")
    requester.follow_pages(f"{ARTICLES}changes/?page_size=7", max_pages=6)
    requester.get(f"{ARTICLES}changes/")
    requester.get(f"{ARTICLES}changes/?since=bad")


def request_comments_and_polls(requester: Requester, slugs: Iterable[str]) -> None:
    comments = set()
    for slug in slugs:
        path = f"{ARTICLES}{quote(slug)}/comments/"
        for comment in requester.newsroom.read("anybody", f"{path}?page_size=50")["results"]:
            comments.add(comment["id"])
            if comment.get("replies") or comment.get("reply_count"):
                requester.get(f"{path}?parent={comment['id']}")
    for pk in [*sorted(comments), UNKNOWN_ID, *COMMENT_IDS]:
        requester.get(f"/api/v1/comments/{pk}/")
    for pk in POLL_IDS:
        requester.get(f"/api/v1/polls/{pk}/")
        requester.get(f"/polls/{pk}/embed/")


def request_taxonomy(requester: Requester) -> None:
    for kind in ("sections", "authors", "tags"):
        requester.get(f"/api/v1/{kind}/")
        requester.follow_pages(f"/api/v1/{kind}/?page_size=2")
        requester.get(f"/api/v1/{kind}/?page_size=1000")
    for slug in AUTHORS:
        requester.get(f"/api/v1/authors/{slug}/")


def request_accounts(requester: Requester, addresses: Addresses) -> None:
    """What a reader's account shows, and the sign-in API, to three kinds of clients."""
    clients = ("anybody", "reader by session", "chief by session")
    for path in ("", "comments/", "export/", "saves/", "state/", "saves/?page_size=1"):
        requester.get(f"/api/v1/me/{path}", *clients)
    slugs = ",".join(map(quote, addresses.live[:5]))
    requester.get(f"/api/v1/me/state/?articles={slugs}", *clients)
    for path in ("config", "auth/session", "account/email", "account/authenticators"):
        requester.get(f"/_allauth/browser/v1/{path}", *clients)
