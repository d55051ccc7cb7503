"""Life cycle of a story in every feed and document: the table of docs/syndication.md.

The test that compares them (tests/articles/syndication/test_feed_changes.py) prints the table where
it differs.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

import time_machine
from django.test import Client

from articles.models import Article
from desk.actions import edit, publish_now, restore, withdraw
from desk.actions.freezing import Correction
from desk.tasks import process_due
from tests.support import make
from tests.support.clients.change_feed_client import record_all_changes

SEOUL = ZoneInfo("Asia/Seoul")
START_TIME = datetime(2026, 11, 2, 9, tzinfo=SEOUL)
OLD_SECTION, NEW_SECTION = quote("산업"), quote("문화")
# Where a document says since when it is as it is: the first of its times is the latest.
TIME_PATTERNS = {
    "atom": r"</id><updated>(.*?)<",
    "sitemap": r"<lastmod>(.*?)<",
    "changes": r'"at":"(.*?)"',
    "ninjs": r'"versionCreated":"(.*?)"',
}
STORY_PATH_SUFFIX = "-address/"  # how the addresses of the story end
MONTH_SITEMAP = "/sitemap-2026-11-1.xml"
DOCUMENT_PATHS = [
    *("/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/feeds/atom.xml?content=full"),
    *(f"/sections/{OLD_SECTION}/feeds/{name}" for name in ("rss.xml", "atom.xml", "feed.json")),
    *(f"/sections/{NEW_SECTION}/feeds/{name}" for name in ("rss.xml", "atom.xml", "feed.json")),
    *("/sitemap.xml", MONTH_SITEMAP, "/sitemap-news.xml"),
    "/api/v1/articles/changes/",
    "/api/v1/articles/{slug}/ninjs/",
]


class DocumentState(NamedTuple):
    """State of a document: its articles, its time of change, its validator."""

    ids: list[str]
    updated: datetime | None
    etag: str
    status: int = 200


def read_document(path: str) -> DocumentState:
    answer = Client().get(path)
    if answer.status_code != 200:
        return DocumentState([], None, "", answer.status_code)
    text = answer.content.decode()
    return DocumentState(ids_in(path, text), updated_at_of(path, text, answer), answer["ETag"])


def ids_in(path: str, text: str) -> list[str]:
    if "sitemap" in path:  # which know nothing but addresses
        return re.findall(r"<loc>([^<]*/articles/[^<]*)</loc>", text)
    return re.findall(r"urn:uuid:[0-9a-f-]{36}", text)


def updated_at_of(path: str, text: str, answer: Any) -> datetime | None:
    if "rss.xml" in path:
        return parsedate_to_datetime(first_match(r"<lastBuildDate>(.*?)<", text))
    if "feed.json" in path:
        modified_header = answer.get("Last-Modified")
        return parsedate_to_datetime(modified_header) if modified_header else None
    if "sitemap-" in path:
        # Of the story itself: these files have no time of their own.
        own = [url for url in re.findall(r"<url>.*?</url>", text) if STORY_PATH_SUFFIX in url]
        return latest_time(r"<(?:lastmod|news:publication_date)>(.*?)<", "".join(own))
    kind = re.sub(r".*/(\w+)(?:\.xml)?[/?]?.*?$", r"\1", path.partition("?")[0])
    return latest_time(TIME_PATTERNS[kind], text)


def first_match(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text[:500]
    return match[1]


def latest_time(pattern: str, text: str) -> datetime | None:
    return max(map(datetime.fromisoformat, re.findall(pattern, text)), default=None)


def story_steps() -> Iterator[tuple[str, Article, Callable[[], Any]]]:
    """The steps of a story's life, an hour apart: name, article, action."""
    with frozen_at(0):
        make.live(slug="beside", section=make.section("산업"))
        make.live(slug="elsewhere", section=make.section("문화"))
        record_all_changes()
        ben, chief = make.ben(), make.staff("chief", role="chief")
        draft = make.draft(slug="first-address", section=make.section("산업"))
    yield "before", Article(slug="first-address"), lambda: None
    with frozen_at(1):
        article = publish_now(draft, by=ben).article
    yield "publish", article, lambda: None
    draft = make.draft_of(article)
    note: Correction = {"kind": "correction", "note": "하나를 고쳤습니다."}
    yield (
        "correct",
        article,
        lambda: publish_now(edit(draft, by=ben, deck="고친 부제"), by=ben, correction=note),
    )
    moved: dict[str, Any] = {"slug": "second-address", "section": make.section("문화")}
    yield (
        "move",
        article,
        lambda: publish_now(edit(make.draft_of(article), by=ben, **moved), by=ben),
    )
    yield "withdraw", article, lambda: withdraw(article, notice="사실과 달라 내립니다.", by=ben)
    yield "restore", article, lambda: restore_and_republish(article, ben=ben, chief=chief)
    yield "expire", article, process_due


def restore_and_republish(article: Article, *, ben: Any, chief: Any) -> None:
    restore(article, by=chief)
    ends = START_TIME + timedelta(hours=6)
    publish_now(edit(make.draft_of(article), by=ben, deck="되살린 부제", expires_at=ends), by=ben)


@contextmanager
def frozen_at(hours: int, *, seconds: float = 0) -> Iterator[None]:
    moment = (START_TIME + timedelta(hours=hours, seconds=seconds)).astimezone(UTC)
    with time_machine.travel(moment, tick=False):
        yield


def observed_steps() -> Iterator[tuple[str, Article, dict[str, list[DocumentState]]]]:
    """The steps with the state of each document: at once, a second later, after the sweep has settled."""
    for hour, (step, article, act) in enumerate(story_steps()):
        states: dict[str, list[DocumentState]] = {path: [] for path in DOCUMENT_PATHS}
        with frozen_at(hour):
            act()
            observe_documents(article, states)
        with frozen_at(hour, seconds=1):
            observe_documents(article, states)
        with frozen_at(hour, seconds=2):
            record_all_changes()
        with frozen_at(hour, seconds=30):
            observe_documents(article, states)
        yield step, article, states


def observe_documents(article: Article, states: dict[str, list[DocumentState]]) -> None:
    slug = Article.objects.get(pk=article.pk).slug if article.pk else article.slug
    for path in DOCUMENT_PATHS:
        states[path].append(read_document(path.format(slug=slug)))


def comparison_table() -> str:
    """The table in Markdown: for each document and step whether the story is in it, under its one
    identifier, since when it is as it is, and the how manieth validator it has."""
    steps = list(observed_steps())
    urn = steps[1][1].urn()
    names = [step for step, _article, _states in steps]
    lines = ["| document | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for path in DOCUMENT_PATHS:
        tags: list[str] = []
        cells = [
            table_cell(states[path][-1], urn=urn, tags=tags) for _step, _article, states in steps
        ]
        lines.append(f"| `{display_path(path)}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def display_path(path: str) -> str:
    return path.replace(OLD_SECTION, "old").replace(NEW_SECTION, "new").removeprefix("/api/v1")


def table_cell(states: DocumentState, *, urn: str, tags: list[str]) -> str:
    if states.status != 200:
        return str(states.status)
    if states.etag not in tags:
        tags.append(states.etag)
    is_in = any(one == urn or STORY_PATH_SUFFIX in one for one in states.ids)
    time = f"{states.updated.astimezone(SEOUL):%H:%M}" if states.updated else "–"
    return f"{'in' if is_in else 'out'} {time} v{tags.index(states.etag) + 1}"
