"""Simultaneous requests on threads, on PostgreSQL and real threads: quotas, keys, pins, counts, locks."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, ArticleCounts
from comments.actions import (
    delete_comment,
    hide_comment,
    pin_comment,
    post_comment,
    set_thread_policy,
    show_comment,
)
from comments.errors import CommentsClosed, TooManyComments, TooManyPins
from comments.models import Comment, IdempotencyKey
from comments.reconciliation import drift
from newsroom.errors import Refused
from tests.support import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article() -> Article:
    return make.live()


def assert_refused_or_done(out: Any) -> None:
    assert [o for o in out if isinstance(o, Exception) and not isinstance(o, Refused)] == []


@pytest.mark.parametrize(
    "quota", ["COMMENTS_PER_DAY", "COMMENTS_PER_ARTICLE_AND_DAY", "COMMENT_INTERVAL_SECONDS"]
)
def test_quota_holds_under_twenty_parallel_requests(
    article: Article, chi: User, settings: Any, quota: str
) -> None:
    """community B22."""
    setattr(settings, quota, 60 if "INTERVAL" in quota else 3)
    out = make.race(20, lambda n: post_comment(article, by=chi, text=f"{n}번째 글"))
    written = sum(isinstance(o, Comment) for o in out)
    assert written == (1 if "INTERVAL" in quota else 3)
    assert sum(isinstance(o, TooManyComments) for o in out) == 20 - written


def test_simultaneous_requests_with_one_key_are_one_comment(article: Article, chi: User) -> None:
    """community B09."""

    def post(number: int) -> Any:
        client = APIClient()
        client.force_login(chi)
        url = f"/api/v1/articles/{article.slug}/comments/"
        text = "다른 글" if number == 7 else "한 번만"
        return client.post(url, {"text": text}, format="json", HTTP_IDEMPOTENCY_KEY="key-1")

    answers: list[Any] = make.race(8, post)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses in (Counter({201: 7, 422: 1}), Counter({201: 1, 422: 7}))
    assert len({a.json()["id"] for a in answers if a.status_code == 201}) == 1
    assert (Comment.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_pins_under_one_article_are_limited_under_concurrency(
    article: Article, chi: User, mo: User
) -> None:
    """community B47."""
    comments = [post_comment(article, by=chi, text=f"{n}번째 글") for n in range(8)]
    out = make.race(8, lambda n: pin_comment(comments[n], by=mo))
    assert sum(isinstance(o, TooManyPins) for o in out) == 5
    assert Comment.objects.pinned().count() == 3


def test_pinning_concurrent_with_hiding_leaves_no_hidden_pin(
    article: Article, chi: User, mo: User
) -> None:
    """community B47."""
    comments = [post_comment(article, by=chi, text=f"{n}번째 글") for n in range(6)]

    def act(number: int) -> None:
        for comment in comments[number % 2 :: 2]:
            (pin_comment if number < 3 else hide_pinned)(comment, by=mo)

    def hide_pinned(comment: Comment, *, by: User) -> None:
        hide_comment(comment, by=by, reason="시험")

    assert_refused_or_done(make.race(6, act))
    assert not Comment.objects.pinned().exclude(state="visible").exists()


def test_counts_of_replies_are_exact_under_every_change_at_once(
    article: Article, chi: User, mal: User, mo: User
) -> None:
    """community B49; a reply that is deleted while it is answered makes no deadlock."""
    tops = [post_comment(article, by=chi, text=f"{n}번째 글") for n in range(2)]
    replies = [
        post_comment(article, by=mal, text=f"답글 {n}", parent=tops[n % 2].pk) for n in range(6)
    ]

    def act(number: int) -> None:
        for turn, reply in enumerate(replies):
            try:
                if number % 4 == 0:
                    post_comment(article, by=chi, text=f"{number} {turn}", parent=reply.pk)
                elif number % 4 == 1:
                    hide_comment(reply, by=mo, reason="시험")
                elif number % 4 == 2:
                    show_comment(reply, by=mo)
                elif turn % 3 == 0:
                    delete_comment(reply, by=mal)
            except Refused:
                continue

    assert make.race(12, act) == [None] * 12
    assert list(drift()) == []


def test_writer_waits_neither_for_another_comment_nor_its_count(
    article: Article, chi: User, mal: User
) -> None:
    """Two comments on one article are written at once up to the count, which is the last statement."""

    def write_within_a_second(writer: User) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            return post_comment(article, by=writer, text="둘째 글").state

    with transaction.atomic():
        # The first writer, before its count: it has the article and has inserted its row.
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM articles_article WHERE id = %s FOR SHARE", [article.pk])
        Comment.objects.create(article=article, author=chi, text="첫 글", fingerprint="")
        assert make.race(1, lambda _n: write_within_a_second(mal)) == ["visible"]
    assert ArticleCounts.objects.get(article=article).comments == 1


def test_policy_closes_a_thread_at_once(article: Article, chi: User, mo: User) -> None:
    """No comment is accepted by a transaction that begins after the decision is committed."""
    writers = [make.reader(f"writer{n}") for n in range(6)]

    def act(number: int) -> str:
        if number == 6:
            set_thread_policy(article, by=mo, mode="closed")
            return "closed"
        try:
            for turn in range(5):
                post_comment(article, by=writers[number], text=f"{number}의 {turn}번째 글")
        except CommentsClosed:
            return "refused"
        return "written"

    assert "closed" in make.race(7, act)
    article.refresh_from_db()
    assert article.comments_close_at
    late = Comment.objects.filter(article=article, created_at__gt=article.comments_close_at)
    assert not late.exists()
    assert ArticleCounts.objects.get(article=article).comments == Comment.objects.count()
