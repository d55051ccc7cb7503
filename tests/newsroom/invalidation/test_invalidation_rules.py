"""Invalidation rules: a change that any public response shows invalidates one of that response's keys.

Every public page is rendered before and after each change, without the cache. Where a page differs, the
invalidation log must say so of the keys that it carried before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import (
    Article,
    ArticleCounts,
    Author,
    Masthead,
    PopularityRank,
    RelatedArticle,
    Section,
    Tag,
)
from comments.actions import hide_comment, post_comment, react_to_comment
from comments.cache_targets import thread_key
from comments.models import ThreadPolicy
from desk.actions import publish_now, withdraw
from desk.actions.freezing import Correction
from desk.models import Draft
from media.models import Photo
from newsroom.db.invalidation_log import Change, InvalidationLog
from newsroom.db.invalidation_rules import INVALIDATION_RULES, INVALIDATION_TABLE, KEY_RESOLVERS
from newsroom.db.invalidation_triggers import covered_tables, restore_invalidation_triggers
from newsroom.db.tables_read import collect_tables_read, tables_in
from polls.actions import cast_vote
from polls.cache_targets import poll_key
from polls.models import Poll, Side
from polls.voter_key import Voter
from saves.actions import save_article
from tests.support import make

pytestmark = pytest.mark.django_db
# Read by responses that are reused until any commit: they change too often, or are read too seldom.
UNCOVERED_TABLES = {"articles_change", "articles_feedchange", "articles_sitemapmonth"}


@pytest.fixture(autouse=True)
def _triggers(db: None) -> None:
    restore_invalidation_triggers()


@dataclass
class Newsroom:
    """Live articles with whatever a page shows."""

    story: Article
    other: Article
    draft: Draft
    ben: User
    chi: User

    def paths(self) -> Iterator[str]:
        for article in (self.story, self.other):
            yield from (f"/api/v1/articles/{article.slug}/", f"/articles/{article.slug}/")
            yield f"/api/v1/articles/{article.slug}/comments/"
            yield f"/api/v1/articles/{article.slug}/editions/"
        lists = "/api/v1/articles/"
        yield from (lists, f"{lists}?page_size=1", f"{lists}popular/", "/", "/articles/")
        for kind, slug in (("section", "산업"), ("tag", "로봇"), ("author", "한빛")):
            yield from (f"{lists}?{kind}={slug}", f"/{kind}s/{slug}/", f"/api/v1/{kind}s/")
        yield from (
            f"/api/v1/polls/{self.story.poll_id}/",
            "/api/v1/authors/한빛/",
            "/api/v1/masthead/",
        )


@pytest.fixture
def newsroom(ben: User, chi: User) -> Newsroom:
    other = make.live(section=make.section("산업"))
    draft = make.draft(
        by=ben,
        section=make.section("산업"),
        authors=[make.author("한빛")],
        tags=["로봇"],
        lead_photo=make.photo(),
        poll=make.poll_data(),
    )
    story = publish_now(draft, by=ben).article
    RelatedArticle.objects.update_or_create(article=story, related=other, defaults={"score": 3})
    RelatedArticle.objects.update_or_create(article=other, related=story, defaults={"score": 3})
    Masthead.objects.get_or_create(pk=1)
    post_comment(story, by=chi, text="손이 비어서 좋겠습니다.")
    return Newsroom(Article.objects.get(pk=story.pk), other, draft, ben, chi)


class RenderedPage(NamedTuple):
    status: int
    content: bytes
    keys: frozenset[str]
    tables: set[str]


def render_all(paths: list[str]) -> dict[str, RenderedPage]:
    pages = {}
    for path in paths:
        with collect_tables_read() as tables:
            response = Client().get(path)
        keys: frozenset[str] = getattr(response, "cache_keys", frozenset())
        pages[path] = RenderedPage(response.status_code, response.content, keys, set(tables))
    return pages


NEW_ROWS_ON_POSTGRESQL = f"""
SELECT kind, value, bool_and(is_count), bool_or(kind = 'pruned'), max(id) FROM {INVALIDATION_TABLE}
WHERE id > %s GROUP BY kind, value
"""


class Reader:
    """Reads the invalidation log through the connection of the test, whose transaction is not committed.

    On PostgreSQL by ids, of which it has a single writer: snapshots do not tell a transaction's own rows.
    """

    def __init__(self) -> None:
        self.log = InvalidationLog()
        self.last_id = 0
        self.read()

    def read(self) -> int:
        if connection.vendor == "sqlite":
            self.log.read_sqlite(connection.connection)
        else:
            with connection.cursor() as cursor:
                cursor.execute(NEW_ROWS_ON_POSTGRESQL, [self.last_id])
                rows = cursor.fetchall()
                self.log.add(cursor, [row[:4] for row in rows])
                self.last_id = max((row[4] for row in rows), default=self.last_id)
        return self.log.position


def edit_headline(at: Newsroom) -> None:
    Draft.objects.filter(pk=at.draft.pk).update(headline="고친 제목")
    publish_now(Draft.objects.get(pk=at.draft.pk), by=at.ben)


def correct(at: Newsroom) -> None:
    note = Correction(kind="correction", note="숫자를 바로잡습니다.")
    publish_now(Draft.objects.get(pk=at.draft.pk), by=at.ben, correction=note)


def move_to_section(at: Newsroom) -> None:
    Draft.objects.filter(pk=at.draft.pk).update(section=make.section("정책"))
    publish_now(Draft.objects.get(pk=at.draft.pk), by=at.ben)


def vote(at: Newsroom) -> None:
    voter = Voter(account=at.chi.pk, browser="")
    cast_vote(at.story.poll_id or 0, side="pro", voter=voter)


def hide(at: Newsroom) -> None:
    hide_comment(first_comment(at), by=make.staff("mo", role="moderator"), reason="시험")


def first_comment(at: Newsroom) -> Any:
    return at.story.comments.get()


CHANGES: dict[str, Callable[[Newsroom], object]] = {
    "a new edition": edit_headline,
    "a correction": correct,
    "another section": move_to_section,
    "a withdrawal": lambda at: withdraw(at.story, notice="내렸습니다.", by=at.ben),
    "a withdrawn related story": lambda at: withdraw(at.other, notice="내렸습니다.", by=at.ben),
    "a new story": lambda _at: make.live(section=make.section("산업"), tags=["로봇"]),
    "an expiry": lambda at: Article.objects.filter(pk=at.story.pk).update(expires_at=timezone.now()),
    "a legal hold": lambda at: Article.objects.filter(pk=at.other.pk).update(held_at=timezone.now()),
    "closed comments": lambda at: Article.objects.filter(pk=at.story.pk).update(comments_mode="closed"),
    "another slug": lambda at: Article.objects.filter(pk=at.other.pk).update(slug="새-주소"),
    "the name of a section": lambda _at: Section.objects.filter(slug="산업").update(name="기업"),
    "the name of an author": lambda _at: Author.objects.filter(slug="한빛").update(name="한별"),
    "the name of a tag": lambda _at: Tag.objects.filter(slug="로봇").update(name="기계"),
    "a tag less": lambda at: at.story.taggings.all().delete(),
    "an author less": lambda at: at.story.bylines.all().delete(),
    "the masthead": lambda _at: Masthead.objects.update(name="새 이름", greeting="반갑습니다"),
    "a photo's size": lambda _at: Photo.objects.update(width=111, height=77, sources=[]),
    "a question": lambda _at: Poll.objects.update(question="새 물음?"),
    "an argument": lambda _at: Side.objects.filter(key="pro").update(argument="빠르니까"),
    "a related story less": lambda at: RelatedArticle.objects.filter(article=at.story).delete(),
    "a comment": lambda at: post_comment(at.story, by=at.chi, text="생각이 바뀌었습니다."),
    "a hidden comment": hide,
    "a nickname": lambda at: User.objects.filter(pk=at.chi.pk).update(nickname="치치"),
    "a closed account": lambda at: User.objects.filter(pk=at.chi.pk).update(closing_at=timezone.now()),
    "a vote": vote,
    "a save": lambda at: save_article(at.story, by=at.chi),
    "views": lambda at: ArticleCounts.objects.filter(article=at.story).update(views=7),
    "a ranking": lambda at: PopularityRank.objects.create(window="24h", article=at.other, views=9),
    "a reaction": lambda at: react_to_comment(first_comment(at).pk, value="like", by=make.reader("sol")),
}  # fmt: skip
COUNTS = {"a vote", "a save", "views", "a ranking", "a reaction"}
# Text of the thread, and a count on other pages.
TEXTS_OF_THREADS = {"a comment", "a hidden comment"}


@pytest.mark.parametrize("change", CHANGES)
def test_pages_that_show_a_change_are_invalidated(newsroom: Newsroom, change: str) -> None:
    reader, paths = Reader(), list(newsroom.paths())
    before, position = render_all(paths), reader.read()
    CHANGES[change](newsroom)
    reader.read()
    after = render_all(paths)
    changed = [
        path
        for path, page in before.items()
        if page.status == 200 and (page.status, page.content) != after[path][:2]
    ]
    assert changed, "no page shows it"

    def expected(path: str) -> Change:
        is_count = change in COUNTS or (
            change in TEXTS_OF_THREADS and not path.endswith("/comments/")
        )
        return Change.COUNTS if is_count else Change.CONTENT

    missed = [
        path
        for path in changed
        if before[path].tables.isdisjoint(UNCOVERED_TABLES)
        and reader.log.change_since(position, before[path].keys) < expected(path)
    ]
    assert not missed, [(path, sorted(before[path].keys)) for path in missed]


def test_a_key_left_out_of_the_rules_is_found(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(
        "newsroom.db.invalidation_log.KEY_RESOLVERS",
        {**KEY_RESOLVERS, "poll": lambda *_: []},
    )
    with pytest.raises(AssertionError, match="poll-"):
        test_pages_that_show_a_change_are_invalidated(newsroom, "a vote")


def test_pages_depend_on_tables_with_rules_only(newsroom: Newsroom) -> None:
    with connection.cursor() as cursor:
        covered = covered_tables(cursor, is_postgresql=connection.vendor == "postgresql")
    assert {rule.table for rule in INVALIDATION_RULES.values()} == covered
    pages = render_all(list(newsroom.paths()))
    uncovered = {
        path: page.tables - covered for path, page in pages.items() if page.tables - covered
    }
    assert not uncovered


def test_one_vote_leaves_other_pages_alone(newsroom: Newsroom) -> None:
    reader = Reader()
    other = render_all([f"/api/v1/articles/{make.live().slug}/"])
    position = reader.read()
    vote(newsroom)
    reader.read()
    (page,) = other.values()
    assert reader.log.change_since(position, page.keys) is Change.NONE


def test_the_order_of_a_thread_and_another_poll_of_a_story_invalidate_what_shows_them(
    newsroom: Newsroom,
) -> None:
    reader, story = Reader(), newsroom.story
    thread, poll = thread_key(story.slug), poll_key(story.poll_id or 0)
    position = reader.read()
    ThreadPolicy.objects.create(article=story, newest_first=True)
    Article.objects.filter(pk=story.pk).update(poll=None)
    reader.read()
    assert reader.log.change_since(position, {thread}) is Change.CONTENT
    assert reader.log.change_since(position, {poll}) is Change.CONTENT


def test_unknown_kinds_and_deleted_rows_invalidate_everything(newsroom: Newsroom) -> None:
    reader = Reader()
    insert = f"INSERT INTO {INVALIDATION_TABLE} (kind, value, is_count) VALUES (%s, %s, %s)"
    for kind, value in (("of a newer version", "1"), ("*", ""), ("pruned", "9000000000")):
        position = reader.log.position
        with connection.cursor() as cursor:
            cursor.execute(insert, [kind, value, False])
        assert reader.read() > position
        assert reader.log.change_since(position, frozenset()) is Change.CONTENT


def test_tables_are_found_in_subqueries_and_raw_sql() -> None:
    sql = 'WITH own AS (SELECT 1) SELECT * FROM "articles_tag" t JOIN own ON true, polls_vote v'
    assert tables_in(sql) == {"articles_tag", "polls_vote"}
    assert tables_in("SELECT 1 FROM articles_searchwords") == {"articles_searchwords"}
