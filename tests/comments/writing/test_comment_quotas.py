"""Quotas of comments and idempotency keys."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.actions import delete_comment, post_comment
from comments.actions.idempotency import delete_outdated_keys
from comments.actions.quotas import SEOUL, SeoulDay
from comments.errors import TooManyComments
from comments.models import Comment, IdempotencyKey
from comments.tasks import delete_idempotency_keys
from newsroom.celery import app
from newsroom.server.wsgi_environ import UNREADABLE_VALUE
from pages.account_data import delete_account
from tests.support import make
from tests.support.clients.comment_client import SignIn, backdate_comment

pytestmark = pytest.mark.django_db


def post_with_key(
    client: Any, article: Article, key: str, text: str = "한 번만", **more: Any
) -> Any:
    url = f"/api/v1/articles/{article.slug}/comments/"
    return client.post(url, {"text": text} | more, format="json", HTTP_IDEMPOTENCY_KEY=key)


def backdate_to_yesterday(comment: Comment) -> None:
    """One second before the day in Seoul began."""
    day = SeoulDay.around(timezone.now())
    Comment.objects.filter(pk=comment.pk).update(created_at=day.begins_at - timedelta(seconds=1))


def test_quota_of_the_day_counts_deleted_comments(
    article: Article, chi: User, settings: Any
) -> None:
    """community B22: by the day in Seoul; deleting gives nothing back."""
    settings.COMMENTS_PER_DAY = 2
    first = post_comment(article, by=chi, text="하나")
    delete_comment(post_comment(make.live(), by=chi, text="둘"), by=chi)
    with pytest.raises(TooManyComments) as refused:
        post_comment(article, by=chi, text="셋")
    midnight = SeoulDay.around(timezone.now()).ends_at
    assert abs(refused.value.retry_after - (midnight - timezone.now()).total_seconds()) < 5
    assert midnight.astimezone(SEOUL).hour == 0
    backdate_to_yesterday(first)
    post_comment(article, by=chi, text="셋")


FIRST_AND_NEXT_DAY = ("2026-12-01T23:59:00+09:00", "2026-12-02T00:01:00+09:00")
FROM_MIDNIGHT_ON = ("2026-12-02T00:00:00+09:00", "2026-12-02T23:59:59+09:00")
ACROSS_MIDNIGHT_OF_UTC = ("2026-12-02T00:01:00+09:00", "2026-12-02T09:01:00+09:00")


@pytest.mark.parametrize("times", [FIRST_AND_NEXT_DAY, FROM_MIDNIGHT_ON, ACROSS_MIDNIGHT_OF_UTC])
def test_day_of_a_quota_begins_at_midnight_in_seoul(
    article: Article,
    chi: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    times: tuple[str, str],
) -> None:
    """community B22."""
    settings.COMMENTS_PER_DAY = 1
    first_at, now = map(datetime.fromisoformat, times)
    first = post_comment(article, by=chi, text="하나")
    Comment.objects.filter(pk=first.pk).update(created_at=first_at)
    monkeypatch.setattr("comments.actions.quotas.database_now", lambda: now)
    if times != FIRST_AND_NEXT_DAY:
        with pytest.raises(TooManyComments) as refused:
            post_comment(article, by=chi, text="둘")
        assert now + timedelta(seconds=refused.value.retry_after) == datetime(
            2026, 12, 3, tzinfo=SEOUL
        )
    else:
        assert post_comment(article, by=chi, text="둘").state == Comment.State.VISIBLE


def test_quota_under_one_article(article: Article, chi: User, settings: Any) -> None:
    """community B22."""
    settings.COMMENTS_PER_ARTICLE_AND_DAY = 1
    post_comment(article, by=chi, text="하나")
    with pytest.raises(TooManyComments):
        post_comment(article, by=chi, text="둘")
    post_comment(make.live(), by=chi, text="다른 기사에서")


def test_refused_comment_does_not_prolong_the_wait(
    article: Article, chi: User, as_user: SignIn, settings: Any
) -> None:
    """community B23."""
    settings.COMMENT_INTERVAL_SECONDS = 60
    client = as_user(chi)
    first = post_with_key(client, article, "a", "하나").json()["id"]
    backdate_comment(first, seconds=50)
    waits = [post_with_key(client, article, f"b{n}", f"글 {n}") for n in range(3)]
    assert {(one.status_code, one.json()["code"]) for one in waits} == {(429, "too_many_comments")}
    assert all(1 <= int(one["Retry-After"]) <= 10 for one in waits)
    backdate_comment(first, seconds=60)
    assert post_with_key(client, article, "b0", "글 0").status_code == 201


def test_members_of_staff_have_no_quotas(article: Article, mo: User, settings: Any) -> None:
    settings.COMMENTS_PER_DAY = settings.COMMENTS_PER_ARTICLE_AND_DAY = 1
    for n in range(3):
        post_comment(article, by=mo, text=f"안내 {n}")
    assert mo.comments.count() == 3


def test_repeated_request_with_its_key_is_one_comment(
    article: Article, chi: User, mal: User, as_user: SignIn
) -> None:
    """community B09."""
    first = post_with_key(as_user(chi), article, "key-1")
    backdate_comment(first.json()["id"], minutes=5)  # no double click any more
    first_body = as_user(chi).get(f"/api/v1/comments/{first.json()['id']}/").json()
    again = post_with_key(as_user(chi), article, "key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first_body
    other_bodies = ({"text": "다른 글"}, {"parent": first.json()["id"]})
    for other in other_bodies:
        refused = post_with_key(as_user(chi), article, "key-1", **other)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = post_with_key(as_user(chi), make.live(), "key-1")
    assert elsewhere.status_code == 422
    assert Comment.objects.count() == 1
    assert post_with_key(as_user(mal), article, "key-1").status_code == 201  # a key of one's own


def test_key_of_a_double_click_is_answered_as_the_first_time(
    article: Article, chi: User, as_user: SignIn
) -> None:
    """community B09, B10."""
    first = post_with_key(as_user(chi), article, "key-1")
    double = post_with_key(as_user(chi), article, "key-2")
    again = post_with_key(as_user(chi), article, "key-2")
    assert [one.status_code for one in (first, double, again)] == [201, 200, 200]
    assert first.json()["id"] == double.json()["id"] == again.json()["id"]
    assert post_with_key(as_user(chi), article, "key-2", "다른 글").status_code == 422


def test_idempotency_key_is_kept_for_a_day(article: Article, chi: User, as_user: SignIn) -> None:
    """community B09."""
    post_with_key(as_user(chi), article, "key-1")
    IdempotencyKey.objects.update(used_at=timezone.now() - timedelta(hours=24))
    assert post_with_key(as_user(chi), article, "key-1", "내일의 글").status_code == 201
    assert IdempotencyKey.objects.count() == 1
    delete_account(chi)
    assert not IdempotencyKey.objects.exists()


def test_outdated_keys_are_deleted_nightly_in_batches(
    article: Article, chi: User, mal: User
) -> None:
    comment = post_comment(article, by=chi, text="로봇이 뒷문으로 나갔습니다.")
    outdated = timezone.now() - timedelta(hours=24)
    for number in range(5):
        for reader, used_at in ((chi, outdated), (mal, timezone.now())):
            IdempotencyKey.objects.create(
                reader=reader, key=f"key{number}", comment=comment, used_at=used_at
            )
    assert delete_outdated_keys(batch_size=2) == 5
    assert IdempotencyKey.objects.filter(reader=mal).count() == 5
    assert delete_idempotency_keys() == "0 keys deleted"
    schedule = app.conf.beat_schedule["delete-idempotency-keys"]
    assert schedule["task"] == delete_idempotency_keys.name


@pytest.mark.parametrize("key", ["", "a" * 65, "a b", "열쇠", UNREADABLE_VALUE])
def test_malformed_idempotency_key_is_a_400(
    article: Article, chi: User, as_user: SignIn, key: str
) -> None:
    assert post_with_key(as_user(chi), article, key).status_code == 400
    assert not Comment.objects.exists()
