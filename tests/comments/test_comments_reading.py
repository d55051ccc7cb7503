"""Readers read comments: pages, costs, caches, one's own list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import hide_comment, post_comment
from desk.actions import withdraw
from tests.support import make
from tests.support.comment_client import SignIn, post_comment_by_api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_walking_a_thread_meets_every_comment_once_while_others_write(
    article: Article, chi: User, mal: User, api: APIClient, sort: str
) -> None:
    before = [post_comment(article, by=chi, text=f"{n}번째 글").pk for n in range(11)]
    url, seen = f"/api/v1/articles/{article.slug}/comments/?sort={sort}&page_size=3", list[int]()
    while url:
        page = api.get(url).json()
        seen += [comment["id"] for comment in page["results"]]
        if len(seen) < 12:
            post_comment(article, by=mal, text=f"{len(seen)} 뒤에 끼어든 글")
        url = page["next"]
    assert len(seen) == len(set(seen))
    assert set(before) <= set(seen)
    walked = [pk for pk in seen if pk in before]
    assert walked == (before if sort == "oldest" else before[::-1])


@pytest.mark.parametrize(
    "query",
    [
        *("cursor=x", "cursor=%00", "cursor=" + "9" * 50, "cursor=WyJuIixbMV1d:bad", "nosuch=1"),
        *("sort=worst", "sort=", "page_size=0", "page_size=101", "page_size=x", "parent=x"),
        *("parent=-1", f"parent={2**63}", "sort=newest&sort=oldest"),
    ],
)
def test_a_wrong_parameter_is_named(api: APIClient, article: Article, query: str) -> None:
    refused = api.get(f"/api/v1/articles/{article.slug}/comments/?{query}")
    assert refused.status_code == 400
    name = query.partition("=")[0]
    assert refused.json()["errors"][0]["pointer"] == f"/{name}"


def test_a_cursor_of_another_thread_does_not_belong_here(
    api: APIClient, article: Article, chi: User
) -> None:
    other = make.live()
    for n in range(3):
        post_comment(other, by=chi, text=f"{n}번째 글")
    url = api.get(f"/api/v1/articles/{other.slug}/comments/?page_size=1").json()["next"]
    cursor = url.partition("cursor=")[2].partition("&")[0]
    foreign = api.get(f"/api/v1/articles/{article.slug}/comments/?page_size=1&cursor={cursor}")
    assert foreign.status_code == 400


def test_a_thread_costs_the_same_for_one_comment_and_for_twenty(
    api: APIClient, article: Article, chi: User, mal: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert api.get(f"/api/v1/articles/{article.slug}/comments/").status_code == 200
        return len(queries)

    top = post_comment(article, by=chi, text="첫 글")
    post_comment(article, by=mal, text="첫 답글", parent=top.pk)
    one = cost()
    for n in range(19):
        top = post_comment(article, by=chi, text=f"{n}번째 글")
        post_comment(article, by=mal, text=f"{n}번째 답글", parent=top.pk)
    assert cost() == one <= 3


def test_reading_a_thread_is_public_and_holds_nothing_personal(
    api: APIClient, article: Article, chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    post_comment_by_api(client, article)
    where = f"/api/v1/articles/{article.slug}/comments/"
    mine, others = client.get(where), api.get(where)
    assert mine.content == others.content
    assert "public" in mine["Cache-Control"]
    assert mine["ETag"] == others["ETag"]
    assert api.get(where, HTTP_IF_NONE_MATCH=mine["ETag"]).status_code == 304
    assert b"example.com" not in mine.content


def test_my_comments_are_mine_with_what_waits(
    article: Article, chi: User, mal: User, ben: User, as_user: SignIn
) -> None:
    gone = make.live()
    client = as_user(chi)
    post_comment(article, by=mal, text="남의 글")
    hidden = post_comment(article, by=chi, text="가려진 글")
    hide_comment(hidden, by=ben, reason="비밀 사유")
    post_comment(article, by=chi, text="바보라고 쓴 글")
    client.delete(f"/api/v1/comments/{post_comment(article, by=chi, text='지운 글').pk}/")
    post_comment(gone, by=chi, text="내려간 기사의 글")
    withdraw(gone, notice="내렸습니다.", by=ben)
    answer = client.get("/api/v1/me/comments/")
    rows = answer.json()["results"]
    assert [(row["text"], row["state"]) for row in rows] == [
        ("내려간 기사의 글", "visible"),
        ("바보라고 쓴 글", "held"),
        ("가려진 글", "hidden"),
    ]
    assert rows[0]["article"] is None
    assert rows[1]["article"]["slug"] == article.slug
    assert "비밀 사유" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_nobody_has_a_list_without_signing_in(api: APIClient) -> None:
    assert api.get("/api/v1/me/comments/").status_code == 401


def test_my_comments_cost_the_same_for_one_and_for_twenty(chi: User, as_user: SignIn) -> None:
    client = as_user(chi)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/me/comments/").status_code == 200
        return len(queries)

    post_comment(make.live(), by=chi, text="첫 글")
    one = cost()
    for n in range(19):
        post_comment(make.live(), by=chi, text=f"{n}번째 글")
    assert cost() == one
