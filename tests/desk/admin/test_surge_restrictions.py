"""Buttons of a surge on the desk home: slow mode, holding all, and back to the policy before."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import post_comment, react_to_comment, set_thread_policy
from comments.actions.surge_restrictions import Restriction, restrict_surge, undo_restriction
from comments.actions.surges import QUIET_TIME, delete_old_surges, watch_surges
from comments.errors import NoSuchThread, SlowMode
from comments.models import SurgeAlert, ThreadPolicy
from newsroom.errors import NotAllowed
from outbox.models import Event

pytestmark = pytest.mark.django_db
HOME = "/admin/"


def alert_about(*, kind: str = "comments", **subject: Any) -> SurgeAlert:
    now = timezone.now()
    return SurgeAlert.objects.create(
        kind=kind, peak=80, expected=3, started_at=now, last_seen_at=now, **subject
    )


def press(client: Client, alert: SurgeAlert, verb: str) -> str:
    """Press a button of the alert; the desk home afterwards."""
    url = reverse("admin:surge_restriction", args=[alert.pk, verb])
    assert url in client.get(HOME).content.decode() or verb == "undo"
    return client.post(url, follow=True).content.decode()


def policy() -> tuple[str, int]:
    row = ThreadPolicy.objects.get()
    return row.mode, row.slow_mode_seconds


@pytest.fixture
def moderator(mo: User, client: Client) -> Client:
    client.force_login(mo)
    return client


def test_two_presses_and_one_undo_return_to_the_policy_before(
    article: Article, chi: User, mo: User, moderator: Client
) -> None:
    """community B57: the surge ends by itself, the restriction by a person."""
    set_thread_policy(article, by=mo, slow_mode_seconds=10)
    alert, other = alert_about(article=article), alert_about(article=article, kind="reports")
    form = reverse("admin:articles_article_press", args=[article.pk, "comments"])
    assert f"{form}?next=" in moderator.get(HOME).content.decode()
    assert "천천히 쓰기 60초" in press(moderator, alert, "slow")
    post_comment(article, by=chi, text="하나")
    with pytest.raises(SlowMode):
        post_comment(article, by=chi, text="둘")
    assert "댓글 모두 보류" in press(moderator, other, "hold")
    assert policy() == ("hold", 60)
    later = timezone.now() + QUIET_TIME * 2
    assert watch_surges(later) == (0, 2)
    assert delete_old_surges(later + QUIET_TIME * 10_000) == 1
    home = moderator.get(HOME).content.decode()
    assert "급증은 끝났지만" in home
    press(moderator, alert, "undo")
    assert policy() == ("edition", 10)
    assert "급증" not in moderator.get(HOME).content.decode()
    entries = Entry.objects.filter(verb="policy_changed").order_by("pk")
    assert {entry.by for entry in entries} == {mo.pk}
    assert [entry.details["reason"] for entry in entries][1:] == [
        *("급증: 댓글", "급증: 신고", "급증: 댓글"),
    ]


def order(api: Client, article: Article, **params: Any) -> tuple[list[int], str]:
    """The ids of a page of the thread, and the address of the next."""
    page = api.get(f"/api/v1/articles/{article.slug}/comments/", params).json()
    return [comment["id"] for comment in page["results"]], page["next"] or ""


def test_newest_first_alone_is_a_lever_that_undoing_takes_back(
    article: Article, chi: User, mo: User, moderator: Client
) -> None:
    """community B57: the order is fixed without deleting anything, and the former one returns."""
    old, best, new = (
        post_comment(article, by=chi, text=text).pk for text in ("첫 글", "둘째 글", "셋째 글")
    )
    react_to_comment(best, value="like", by=mo)
    reply = post_comment(article, by=mo, text="답글", parent=old).pk
    second = post_comment(article, by=chi, text="둘째 답글", parent=old).pk
    reader = Client()
    assert order(reader, article, sort="best")[0] == [best, new, old]
    begun = order(reader, article, sort="oldest", page_size=1)[1]
    alert = alert_about(article=article, kind="reactions")
    assert "최신순으로만" in press(moderator, alert, "newest")
    events = Event.objects.filter(name="comment.policy_changed")
    assert events.count() == 1
    for sort in ("best", "oldest", "newest"):
        assert order(reader, article, sort=sort)[0] == [new, best, old]
    ids, following = order(reader, article, sort="best", page_size=1)
    assert ids == [new]
    assert "sort=newest" in following
    rest = reader.get(following).json()["results"]
    assert [comment["id"] for comment in rest] == [best]
    assert [comment["id"] for comment in reader.get(begun).json()["results"]] == [best]
    assert order(reader, article, parent=old, sort="oldest")[0] == [reply, second]
    assert "이전대로 되돌렸습니다" in press(moderator, alert, "undo")
    assert events.count() == 2
    assert order(reader, article, sort="best")[0] == [best, new, old]
    assert reader.get(following).status_code == 200


def test_undoing_keeps_the_order_that_was_fixed_before(article: Article, mo: User) -> None:
    set_thread_policy(article, by=mo, newest_first=True)
    alert = alert_about(article=article)
    restrict_surge(alert, restriction=Restriction.NEWEST, by=mo)
    assert not SurgeAlert.objects.restricting().exists()
    restrict_surge(alert, restriction=Restriction.SLOW, by=mo)
    policy = undo_restriction(alert, by=mo)
    assert (policy.newest_first, policy.slow_mode_seconds) == (True, 0)


def test_undoing_takes_nothing_back_that_a_colleague_decided_since(
    article: Article, mo: User, moderator: Client
) -> None:
    alert = alert_about(article=article)
    press(moderator, alert, "hold")
    set_thread_policy(article, by=mo, mode="closed")
    assert "되돌릴 것이 없습니다" in press(moderator, alert, "undo")
    assert policy() == ("closed", 0)
    restrict_surge(alert, restriction=Restriction.HOLD, by=mo)
    assert policy() == ("closed", 0)
    restrict_surge(alert, restriction=Restriction.SLOW, by=mo)
    press(moderator, alert, "undo")
    assert policy() == ("closed", 0)


def test_only_moderators_and_only_by_post(
    article: Article, chi: User, ada: User, mo: User, moderator: Client
) -> None:
    alert, about_chi = alert_about(article=article), alert_about(writer=chi, kind="reports")
    url = reverse("admin:surge_restriction", args=[alert.pk, "hold"])
    assert moderator.get(url).status_code == 405
    assert moderator.post(url.replace("hold", "close")).status_code == 404
    for person in (ada, chi):
        client = Client()
        client.force_login(person)
        assert client.post(url).status_code in {302, 403}
        with pytest.raises(NotAllowed):
            restrict_surge(alert, restriction=Restriction.HOLD, by=person)
    with pytest.raises(NoSuchThread):
        restrict_surge(about_chi, restriction=Restriction.SLOW, by=mo)
    assert not ThreadPolicy.objects.exists()
