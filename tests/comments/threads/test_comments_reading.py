"""Reading comments: pagination, query counts, caching, own comments."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import hide_comment, post_comment, react_to_comment
from desk.actions import withdraw
from tests.support import make
from tests.support.clients.comment_client import SignIn, post_comment_by_api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_thread_pagination_is_stable_while_comments_are_posted(
    article: Article, chi: User, mal: User, api: APIClient, sort: str
) -> None:
    """community B42."""
    before = [post_comment(article, by=chi, text=f"{n}번째 글").pk for n in range(11)]
    url, ids = f"/api/v1/articles/{article.slug}/comments/?sort={sort}&page_size=3", list[int]()
    while url:
        page = api.get(url).json()
        ids += [comment["id"] for comment in page["results"]]
        if len(ids) < 12:
            post_comment(article, by=mal, text=f"{len(ids)} 뒤에 끼어든 글")
        url = page["next"]
    assert len(ids) == len(set(ids))
    assert set(before) <= set(ids)
    walked = [pk for pk in ids if pk in before]
    assert walked == (before if sort == "oldest" else before[::-1])


@pytest.mark.parametrize(
    "query",
    [
        *(
            "cursor=x",
            "cursor=",
            "cursor=-1",
            "cursor=%00",
            "cursor=" + "9" * 50,
            "cursor=WyJuIixbMV1d:bad",
            "nosuch=1",
        ),
        *("sort=worst", "sort=", "page_size=0", "page_size=101", "page_size=x", "parent=x"),
        *("parent=-1", f"parent={2**63}", "sort=newest&sort=oldest"),
    ],
)
def test_thread_refuses_unknown_parameters(api: APIClient, article: Article, query: str) -> None:
    """community B44."""
    refused = api.get(f"/api/v1/articles/{article.slug}/comments/?{query}")
    assert refused.status_code == 400
    name = query.partition("=")[0]
    assert refused.json()["errors"][0]["pointer"] == f"/{name}"


def test_thread_refuses_the_cursor_of_another_thread(
    api: APIClient, article: Article, chi: User
) -> None:
    """community B44."""
    other = make.live()
    for n in range(3):
        post_comment(other, by=chi, text=f"{n}번째 글")
    url = api.get(f"/api/v1/articles/{other.slug}/comments/?page_size=1").json()["next"]
    cursor = url.partition("cursor=")[2].partition("&")[0]
    foreign = api.get(f"/api/v1/articles/{article.slug}/comments/?page_size=1&cursor={cursor}")
    assert foreign.status_code == 400
    assert api.get(url.replace(cursor, cursor[:-1] + "~")).status_code == 400
    assert api.get(url).status_code == 200


def test_walk_of_the_best_order_has_each_comment_whose_rank_stays_once(
    article: Article, chi: User, mal: User, api: APIClient
) -> None:
    """community B43: what readers react to meanwhile may be on two pages or none, as documented."""
    comments = [post_comment(article, by=chi, text=f"{n}번째 글").pk for n in range(9)]
    moved = {comments[0], comments[8]}  # the last and the first of the order
    url, ids = f"/api/v1/articles/{article.slug}/comments/?sort=best&page_size=2", list[int]()
    while url:
        page = api.get(url).json()
        ids += [comment["id"] for comment in page["results"]]
        react_to_comment(comments[8], value="dislike", by=mal)
        react_to_comment(comments[0], value="like", by=mal)
        url = page["next"]
    assert [pk for pk in ids if pk not in moved] == comments[7:0:-1]
    assert ids.count(comments[8]) == 2
    assert ids.count(comments[0]) == 0


def test_clock_of_a_web_process_does_not_order_comments(
    article: Article, chi: User, reading: Any
) -> None:
    """community B21."""
    ids = list[int]()
    for hours in (5, -5, 0):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            ids.append(post_comment(article, by=chi, text=f"{hours}시간 다른 시계").pk)
    comments = reading("?sort=oldest")
    assert [comment["id"] for comment in comments] == ids
    posted = [datetime.fromisoformat(comment["created_at"]) for comment in comments]
    assert posted == sorted(posted)
    assert posted[-1] - posted[0] < timedelta(hours=1)


def test_thread_costs_the_same_queries_for_one_and_for_twenty(
    api: APIClient, article: Article, chi: User, mal: User
) -> None:
    def query_count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert api.get(f"/api/v1/articles/{article.slug}/comments/").status_code == 200
        return len(queries)

    top = post_comment(article, by=chi, text="첫 글")
    post_comment(article, by=mal, text="첫 답글", parent=top.pk)
    one = query_count()
    for n in range(19):
        top = post_comment(article, by=chi, text=f"{n}번째 글")
        post_comment(article, by=mal, text=f"{n}번째 답글", parent=top.pk)
    assert query_count() == one <= 3


def test_thread_is_public_and_has_no_personal_data(
    api: APIClient, article: Article, chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    post_comment_by_api(client, article)
    url = f"/api/v1/articles/{article.slug}/comments/"
    signed_in, others = client.get(url), api.get(url)
    assert signed_in.content == others.content
    assert "public" in signed_in["Cache-Control"]
    assert signed_in["ETag"] == others["ETag"]
    assert api.get(url, HTTP_IF_NONE_MATCH=signed_in["ETag"]).status_code == 304
    assert b"example.com" not in signed_in.content


def test_own_comment_list_has_held_and_hidden_ones(
    article: Article, chi: User, mal: User, ben: User, as_user: SignIn
) -> None:
    """community B17, B36."""
    withdrawn = make.live()
    client = as_user(chi)
    post_comment(article, by=mal, text="남의 글")
    hidden = post_comment(article, by=chi, text="가려진 글")
    hide_comment(hidden, by=ben, reason="비밀 사유")
    post_comment(article, by=chi, text="바보라고 쓴 글")
    client.delete(f"/api/v1/comments/{post_comment(article, by=chi, text='지운 글').pk}/")
    post_comment(withdrawn, by=chi, text="내려간 기사의 글")
    withdraw(withdrawn, notice="내렸습니다.", by=ben)
    response = client.get("/api/v1/me/comments/")
    rows = response.json()["results"]
    assert [(row["text"], row["state"]) for row in rows] == [
        ("내려간 기사의 글", "visible"),
        ("바보라고 쓴 글", "held"),
        ("가려진 글", "hidden"),
    ]
    assert rows[0]["article"] is None
    assert rows[1]["article"]["slug"] == article.slug
    assert "비밀 사유" not in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_own_comment_list_needs_signing_in(api: APIClient) -> None:
    assert api.get("/api/v1/me/comments/").status_code == 401


def test_own_comment_list_costs_the_same_queries_for_one_and_for_twenty(
    chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)

    def query_count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/me/comments/").status_code == 200
        return len(queries)

    post_comment(make.live(), by=chi, text="첫 글")
    one = query_count()
    for n in range(19):
        post_comment(make.live(), by=chi, text=f"{n}번째 글")
    assert query_count() == one
