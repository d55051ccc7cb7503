"""Plans of threads and of the list in the admin: no page reads more than it shows."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from bench.load.comments import load_comments
from comments.actions import pin_comment, post_comment
from comments.admin import comment_list
from comments.models import Comment
from tests.support import make
from tests.support.plan_work import counting_plan_work

pytestmark = pytest.mark.django_db
COMMENTS = 3_000
# Of all steps of a plan together: a page of 20 with its authors, and 20 replies to each.
MAX_VISITED_ROWS = 700
# Of a statement of a post: the writer's latest comments, of which one index page is read.
MAX_VISITED_TO_POST = 100
MAX_STATEMENTS_TO_POST = 14
INDEX_BY_SORT = {"newest": "threads_newest", "oldest": "threads_newest", "best": "threads_best"}


@pytest.fixture
def crowded(article: Article, chi: User, mal: User, mo: User) -> Article:
    """An article with many visible, many hidden comments and many replies to one, beside another one."""
    other = make.live()
    load_comments(other, COMMENTS, author=mal)
    load_comments(other, 40, author=make.reader("sol"))
    answered = post_comment(article, by=chi, text="답글이 많은 글")
    load_comments(article, COMMENTS, author=chi, parent=answered)
    load_comments(article, COMMENTS, author=chi)
    load_comments(article, COMMENTS, author=chi, state="hidden")
    load_comments(article, 10, author=chi, state="held")
    newest = Comment.objects.in_thread().filter(article=article, parent=None).latest("pk")
    pin_comment(newest, by=mo)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return article


def thread_urls(article: Article) -> Iterator[str]:
    """First and second pages in every order, of the thread and of the replies to its first comment."""
    base = f"/api/v1/articles/{article.slug}/comments/"
    answered = Comment.objects.filter(article=article).earliest("pk")
    for query in ("", f"&parent={answered.pk}"):
        for sort in INDEX_BY_SORT:
            first = f"{base}?sort={sort}{query}"
            yield first
            yield Client().get(first).json()["next"].removeprefix("http://testserver")
    yield f"/api/v1/comments/{answered.pk}/"


@pytest.mark.postgres
def test_no_page_of_a_thread_visits_rows_that_it_does_not_show(crowded: Article) -> None:
    """community B50."""
    with connection.cursor() as cursor:
        # The planner reads and joins the few pages of a test in full, where an index will do at a million.
        for way in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    wrong = {}
    for url in thread_urls(crowded):
        with counting_plan_work() as work:
            assert Client().get(url).status_code == 200
        if above := work.above(MAX_VISITED_ROWS):
            wrong[url] = above
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1).replace("\\n", "\n")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads plans of SQLite")
def test_pages_of_threads_are_read_from_partial_indexes_on_sqlite(crowded: Article) -> None:
    """community B50."""
    for url in thread_urls(crowded):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(url).status_code == 200
        plans = plans_of(queries)
        assert plans, url
        for plan in plans:
            assert "TEMP B-TREE FOR ORDER BY" not in plan or "replies_in_order" in plan, (url, plan)
            assert not re.search(r"SCAN comments_comment(?! USING INDEX)", plan), (url, plan)
        if "parent=" not in url and "sort=" in url:
            sort = re.search(r"sort=(\w+)", url)
            assert sort
            assert any(INDEX_BY_SORT[sort[1]] in plan for plan in plans), (url, plans)


def plans_of(queries: Any) -> list[str]:
    """The plans of the captured statements that read comments."""
    plans = []
    for query in queries.captured_queries:
        if re.search(r'FROM "comments_comment" ', query["sql"]):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plans.append("\n".join(row[3] for row in cursor.fetchall()))
    return plans


def test_thread_with_most_comments_hidden_shows_the_others(
    crowded: Article, chi: User, mal: User, reading: Any
) -> None:
    Comment.objects.filter(article=crowded, parent=None, state="visible", author=chi).exclude(
        pk=Comment.objects.filter(article=crowded).earliest("pk").pk
    ).update(state="hidden")
    last = post_comment(crowded, by=mal, text="마지막 글")
    shown = reading()
    assert [comment["id"] for comment in shown][-2] == last.pk
    assert (shown[-1]["reply_count"], len(shown[-1]["replies"])) == (COMMENTS, 20)


def admin_lists() -> Iterator[str]:
    base = reverse("admin:comments_comment_changelist")
    for query in (
        "",
        "?p=2",
        "?state__exact=hidden",
        "?state__exact=visible",
        "?q=노을빛",
        "?q=sol",
        "?q=chi",
    ):
        yield f"{base}{query}"


def test_list_of_comments_in_the_admin_counts_nothing(
    crowded: Article, mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B96."""
    monkeypatch.setattr(comment_list, "SEARCHED_COMMENTS", 500)
    monkeypatch.setattr(comment_list, "MAX_FOUND", 50)
    client = Client()
    client.force_login(mo)
    found = {}
    for url in admin_lists():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url)
        assert page.status_code == 200
        found[url.partition("?")[2]] = len(page.context["cl"].result_list)
        counted = [q["sql"] for q in queries.captured_queries if "COUNT(*)" in q["sql"]]
        assert not [sql for sql in counted if 'FROM "comments_comment"' in sql], url
    assert found.pop("q=노을빛") == 1  # of nine; the others are not among the newest
    assert set(found.values()) == {30}
    first = client.get(reverse("admin:comments_comment_changelist")).context["cl"].result_list
    states = [comment.state for comment in first]
    assert states[:11] == ["held"] * 10 + ["hidden"]


@pytest.mark.postgres
def test_no_list_of_comments_in_the_admin_visits_all_of_them(
    crowded: Article, mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B96."""
    monkeypatch.setattr(comment_list, "SEARCHED_COMMENTS", 300)
    monkeypatch.setattr(comment_list, "MAX_FOUND", 50)
    with connection.cursor() as cursor:
        for way in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    client = Client()
    client.force_login(mo)
    for url in admin_lists():
        with counting_plan_work() as work:
            assert client.get(url).status_code == 200
        assert not work.above(1_500), url


@pytest.mark.postgres
def test_posting_visits_no_older_comments_of_a_prolific_writer(crowded: Article, chi: User) -> None:
    """community B50: the statements of a post are few, and none reads what the writer has ever posted."""
    post_comment(crowded, by=chi, text="바닷가 도서관에서 읽는 아침 신문")
    text = "산길을 걷다가 만난 고양이는 우산을 좋아한다"
    with counting_plan_work() as work, CaptureQueriesContext(connection) as queries:
        posted = post_comment(crowded, by=chi, text=text)
    assert posted.state == Comment.State.VISIBLE
    assert not work.above(MAX_VISITED_TO_POST)
    statements = [q["sql"] for q in queries.captured_queries if "explained" not in q["sql"]]
    assert len(statements) <= MAX_STATEMENTS_TO_POST, statements
