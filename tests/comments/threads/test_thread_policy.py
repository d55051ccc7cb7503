"""Thread policies: opened, held, closed, closed after days, slow mode, at once and by a moderator."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import edit_comment, post_comment, react_to_comment, set_thread_policy
from comments.errors import (
    CommentsClosed,
    NoSuchThread,
    PolicyChanged,
    PolicyOutOfRange,
    SlowMode,
)
from comments.models import Comment, ThreadPolicy
from newsroom.errors import NotAllowed
from outbox.models import Event
from tests.support import make
from tests.support.clients.comment_client import SignIn, backdate_comment, post_comment_by_api

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def page(api: APIClient, article: Article) -> Any:
    return api.get(f"/api/v1/articles/{article.slug}/").json()


def test_policy_works_at_once_and_is_in_the_log(
    article: Article, chi: User, mo: User, api: APIClient
) -> None:
    """community B20: a closed thread takes no comment, no edit and no reaction, and hides nothing."""
    posted = post_comment(article, by=mo, text="먼저 쓴 글")
    own = post_comment(article, by=chi, text="내가 쓴 글")
    set_thread_policy(article, by=mo, mode="closed", reason="좌표가 찍힘")
    assert not page(api, article)["comments_open"]
    with pytest.raises(CommentsClosed):
        post_comment(article, by=chi, text="더 할 말")
    with pytest.raises(CommentsClosed):
        edit_comment(own, by=chi, text="고친 글")
    with pytest.raises(CommentsClosed):
        react_to_comment(posted.pk, value="like", by=chi)
    thread = api.get(f"/api/v1/articles/{article.slug}/comments/").json()["results"]
    assert [comment["id"] for comment in thread] == [own.pk, posted.pk]
    entry = Entry.objects.get(verb="policy_changed")
    assert entry.details == {"mode": "closed", "reason": "좌표가 찍힘"}
    assert Event.objects.filter(name="comment.policy_changed").count() == 1
    set_thread_policy(article, by=mo, mode="edition")
    assert page(api, article)["comments_open"]
    post_comment(article, by=chi, text="더 할 말")


@pytest.mark.parametrize(
    ("edition", "policy", "outcome"),
    [
        ("open", "edition", "visible"),
        ("open", "hold", "held"),
        ("open", "closed", "refused"),
        ("hold", "open", "held"),
        ("hold", "closed", "refused"),
        ("closed", "open", "refused"),
    ],
)
def test_stricter_of_edition_and_policy_counts(
    chi: User, mo: User, edition: str, policy: str, outcome: str
) -> None:
    article = make.live(comments_mode=edition)
    set_thread_policy(article, by=mo, mode=policy)
    try:
        state = post_comment(article, by=chi, text="잘 읽었습니다.").state
    except CommentsClosed:
        state = "refused"
    assert state == outcome


def test_thread_closes_after_days_by_the_clock_of_the_database(
    article: Article, chi: User, mo: User, api: APIClient
) -> None:
    """community B19."""
    set_thread_policy(article, by=mo, closes_after_days=3)
    article.refresh_from_db()
    close_at = article.comments_close_at
    assert close_at
    assert article.first_published_at
    assert close_at - article.first_published_at == timedelta(days=3)
    with time_machine.travel(close_at - SECOND, tick=False):
        post_comment(article, by=chi, text="닫히기 1초 전")
        assert page(api, article)["comments_open"]
    with time_machine.travel(close_at, tick=False):
        assert not page(api, article)["comments_open"]
        with pytest.raises(CommentsClosed):
            post_comment(article, by=chi, text="닫힌 뒤")
        set_thread_policy(article, by=mo, mode="open")
        post_comment(article, by=chi, text="다시 연 뒤")
        assert page(api, article)["comments_open"]


def test_no_cache_lifetime_reaches_beyond_the_close_of_comments(
    article: Article, mo: User, api: APIClient, settings: Any
) -> None:
    settings.SHARED_CACHE_SECONDS = settings.SHARED_CACHE_STALE_SECONDS = 60
    set_thread_policy(article, by=mo, closes_after_days=1)
    article.refresh_from_db()
    assert article.comments_close_at
    with time_machine.travel(article.comments_close_at - 10 * SECOND, tick=False):
        header = api.get(f"/api/v1/articles/{article.slug}/")["Cache-Control"]
    assert "s-maxage=9," in header


def test_future_publication_time_is_no_error(article: Article, chi: User, mo: User) -> None:
    """community B19."""
    published_at = article.first_published_at
    assert published_at
    Article.objects.filter(pk=article.pk).update(
        first_published_at=published_at + timedelta(days=400)
    )
    set_thread_policy(article, by=mo, closes_after_days=3_650)
    post_comment(article, by=chi, text="미래의 기사")


def test_slow_mode_makes_each_reader_wait(
    article: Article, chi: User, mal: User, mo: User, as_user: SignIn
) -> None:
    set_thread_policy(article, by=mo, slow_mode_seconds=90)
    assert "한 사람이 90초에 하나씩" in APIClient().get(f"/articles/{article.slug}/").text
    client = as_user(chi)
    first = post_comment_by_api(client, article, "첫 글").json()["id"]
    for _ in range(2):  # a refused attempt does not prolong the wait
        backdate_comment(first, seconds=60)
        refused = post_comment_by_api(client, article, "둘째 글")
        assert (refused.status_code, refused.json()["code"]) == (429, "slow_mode")
        assert 28 <= int(refused["Retry-After"]) <= 30
    post_comment(article, by=mal, text="다른 독자")
    post_comment(make.live(), by=chi, text="다른 기사")
    backdate_comment(first, seconds=91)
    assert post_comment_by_api(client, article, "둘째 글").status_code == 201
    with pytest.raises(SlowMode):
        post_comment(article, by=chi, text="셋째 글")
    post_comment(article, by=mo, text="편집국에서는 기다리지 않습니다.")


def test_policy_is_for_moderators_and_published_articles(
    article: Article, chi: User, ada: User, mo: User
) -> None:
    for person in (chi, ada):
        with pytest.raises(NotAllowed):
            set_thread_policy(article, by=person, mode="closed")
    with pytest.raises(NoSuchThread):
        set_thread_policy(make.planned().article, by=mo, mode="closed")
    for wrong in ({"mode": "half"}, {"slow_mode_seconds": -1}, {"closes_after_days": 3_651}):
        with pytest.raises(PolicyOutOfRange):
            set_thread_policy(article, by=mo, **wrong)
    assert not ThreadPolicy.objects.exists()
    with pytest.raises(ObjectDoesNotExist):
        _ = Article.objects.get(pk=article.pk).thread_policy


def test_policy_read_before_another_decision_is_refused(article: Article, mo: User) -> None:
    read = set_thread_policy(article, by=mo, slow_mode_seconds=10)
    set_thread_policy(article, by=mo, mode="hold", version=read.version)
    with pytest.raises(PolicyChanged):
        set_thread_policy(article, by=mo, mode="open", version=read.version)
    same = set_thread_policy(article, by=mo, mode="hold")
    assert (same.version, Entry.objects.filter(verb="policy_changed").count()) == (2, 2)
    assert not Comment.objects.exists()


def test_moderators_change_the_policy_by_the_desk_api(
    article: Article, mo: User, ada: User, as_user: SignIn
) -> None:
    url = f"/api/v1/desk/articles/{article.slug}/comments-policy/"
    assert as_user(ada).get(url).status_code == 403
    client = as_user(mo)
    read = client.get(url)
    numbers = {"slow_mode_seconds": 0, "closes_after_days": 0, "newest_first": False}
    unset = {"article": article.slug, "mode": "edition", **numbers, "close_at": None}
    assert read.json() == unset
    body = {"mode": "hold", "slow_mode_seconds": 30, "reason": "몰림"}
    assert client.patch(url, body, format="json").status_code == 428
    changed = client.patch(url, body, format="json", headers={"if-match": read["ETag"]})
    assert changed.json() == unset | {"mode": "hold", "slow_mode_seconds": 30}
    stale = client.patch(url, body, format="json", headers={"if-match": read["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "policy_changed")
    tag = {"if-match": changed["ETag"]}
    for wrong in ({"mode": "half"}, {"slow_mode_seconds": -1}, {"version": 1}):
        assert client.patch(url, wrong, format="json", headers=tag).status_code == 400
    planned = make.planned().article
    assert client.get(url.replace(article.slug, planned.slug)).status_code == 404


def test_moderators_change_the_policy_in_the_admin(article: Article, mo: User) -> None:
    client = Client()
    client.force_login(mo)
    url = reverse("admin:articles_article_press", args=[article.pk, "comments"])
    assert client.get(url).status_code == 200
    sent = {"mode": "closed", "slow_mode_seconds": 0, "closes_after_days": 0, "version": 0}
    assert client.post(url, sent).status_code == 302
    assert ThreadPolicy.objects.get().mode == "closed"
    refused = client.post(url, sent | {"mode": "open"})
    assert "그사이 다른 사람이" in refused.text
    assert ThreadPolicy.objects.get().mode == "closed"
