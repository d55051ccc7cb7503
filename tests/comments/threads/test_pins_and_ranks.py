"""Pinned comments, the order by rank, the count of visible replies, and the places of removed comments."""

import json
import math
from itertools import product
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    delete_comment,
    erase_comments,
    hide_comment,
    pin_comment,
    post_comment,
    show_comment,
    unpin_comment,
)
from comments.errors import CommentChanged, NotPinnable, TooManyPins
from comments.models import Comment
from comments.models.ranking import RANK_UNITS, Z
from comments.reconciliation import drift, recount
from newsroom.errors import NotAllowed

pytestmark = pytest.mark.django_db


def ids(results: Any) -> list[int]:
    return [comment["id"] for comment in results]


@pytest.fixture
def five(article: Article, chi: User) -> list[Comment]:
    return [post_comment(article, by=chi, text=f"{n}번째 글") for n in range(5)]


@pytest.mark.parametrize("sort", ["newest", "oldest", "best"])
def test_pinned_comments_stand_first_and_once(
    article: Article, five: list[Comment], mo: User, api: APIClient, sort: str
) -> None:
    """community B47."""
    pin_comment(five[2], by=mo)
    pin_comment(five[0], by=mo)
    url = f"/api/v1/articles/{article.slug}/comments/?page_size=2&sort={sort}"
    shown = list[int]()
    while url:
        page = api.get(url).json()
        shown += ids(page["results"])
        url = page["next"]
    others = [five[4].pk, five[3].pk, five[1].pk]
    in_order = others[::-1] if sort == "oldest" else others
    assert shown == [five[2].pk, five[0].pk, *in_order]
    assert [
        c["is_pinned"]
        for c in api.get(f"/api/v1/articles/{article.slug}/comments/").json()["results"]
    ] == [True, True, False, False, False]


def test_comment_is_unpinned_when_readers_no_longer_see_it(
    five: list[Comment], chi: User, mo: User, reading: Any
) -> None:
    """community B47."""
    for comment in five[:3]:
        pin_comment(comment, by=mo)
    with pytest.raises(TooManyPins):
        pin_comment(five[3], by=mo)
    hide_comment(five[0], by=mo, reason="시험")
    delete_comment(five[1], by=chi)
    show_comment(five[0], by=mo)
    assert [c["id"] for c in reading() if c["is_pinned"]] == [five[2].pk]
    unpin_comment(five[2], by=mo)
    assert not any(c["is_pinned"] for c in reading())
    erase_comments(chi)
    assert not Comment.objects.pinned().exists()


def test_only_moderators_pin_visible_comments_that_answer_the_article(
    article: Article, five: list[Comment], chi: User, mo: User
) -> None:
    reply = post_comment(article, by=chi, text="답글", parent=five[0].pk)
    hide_comment(five[1], by=mo, reason="시험")
    for wrong in (reply, five[1]):
        with pytest.raises(NotPinnable):
            pin_comment(wrong, by=mo)
    with pytest.raises(NotAllowed):
        pin_comment(five[0], by=chi)
    with pytest.raises(CommentChanged):
        pin_comment(five[0], by=mo, version=7)
    pin_comment(five[0], by=mo, version=1)
    pin_comment(five[0], by=mo, version=1)  # again
    assert Entry.objects.filter(verb="pinned").count() == 1


def wilson(likes: int, dislikes: int) -> float:
    """Lower bound of the Wilson score interval, written as in textbooks."""
    n = likes + dislikes
    if n == 0:
        return 0.0
    if likes == 0:
        return -wilson(dislikes, 0)
    p = likes / n
    spread = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (p + Z * Z / (2 * n) - spread) / (1 + Z * Z / n)


def test_rank_is_the_wilson_lower_bound(article: Article, chi: User) -> None:
    """community B45, B46."""
    counts = [*product((0, 1, 2, 40, 99), (0, 1, 60)), (2_000_000_000, 2_000_000_000)]
    Comment.objects.bulk_create(
        Comment(article=article, author=chi, text="글", likes=likes, dislikes=dislikes)
        for likes, dislikes in counts
    )
    ranks = {(c.likes, c.dislikes): c.rank for c in Comment.objects.all()}
    for (likes, dislikes), rank in ranks.items():
        assert abs(rank - wilson(likes, dislikes) * RANK_UNITS) <= 1, (likes, dislikes)
    assert ranks[1, 0] < ranks[99, 1]
    assert ranks[0, 60] < ranks[0, 1] < ranks[0, 0] == 0 < ranks[1, 60] < ranks[1, 0]


def reply_counts() -> dict[int, int]:
    answered = Comment.objects.filter(parent=None).order_by("pk")
    return dict(answered.values_list("pk", "visible_replies"))


def test_place_of_a_removed_comment_stays_while_a_reply_is_visible(
    article: Article, chi: User, mal: User, mo: User, reading: Any
) -> None:
    """community B32, B33, B35."""
    top = post_comment(article, by=chi, text="지울 글")
    replies = [post_comment(article, by=mal, text=f"답글 {n}", parent=top.pk) for n in range(3)]
    delete_comment(top, by=chi)
    delete_comment(top, by=chi)
    (place,) = reading()
    assert (place["state"], place["reply_count"], place["reactions"]) == ("deleted", 3, None)
    assert "지울" not in json.dumps(place, ensure_ascii=False)
    delete_comment(replies[0], by=mal)
    hide_comment(replies[1], by=mo, reason="시험")
    assert ids(reading()) == [top.pk]
    hide_comment(replies[2], by=mo, reason="시험")
    assert reading() == []
    show_comment(replies[1], by=mo)
    assert ids(reading()) == [top.pk]
    erase_comments(mal)
    assert (reading(), reply_counts(), list(drift())) == ([], {top.pk: 0}, [])


def test_wrong_count_of_replies_is_repaired(article: Article, chi: User) -> None:
    """community B49."""
    top = post_comment(article, by=chi, text="글")
    post_comment(article, by=chi, text="답글", parent=top.pk)
    Comment.objects.filter(pk=top.pk).update(visible_replies=5)
    (wrong,) = drift()
    assert (wrong.count, wrong.stored, wrong.rows) == ("visible_replies", 5, 1)
    recount(wrong)
    assert (list(drift()), reply_counts()) == ([], {top.pk: 1})
