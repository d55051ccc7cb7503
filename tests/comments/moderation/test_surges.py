"""Surges: an abnormal pace raises one alert, which moderators see and which ends by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import surges
from comments.actions.surges import delete_old_surges, watch_surges
from comments.models import Comment, Reaction, Report, SurgeAlert
from tests.support import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A surge is six rows or more."""
    monkeypatch.setattr(surges, "MIN_ROWS", dict.fromkeys(SurgeAlert.Kind, 6))


def comments(article: Article, writer: User, number: int, *, at: datetime) -> list[Comment]:
    rows = [
        Comment.objects.create(article=article, author=writer, text=f"글 {n}")
        for n in range(number)
    ]
    Comment.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=at)
    return rows


def test_a_surge_is_one_alert_until_it_is_over(article: Article, chi: User, mo: User) -> None:
    """community B57."""
    now = timezone.now()
    comments(article, chi, 8, at=now - timedelta(minutes=2))
    assert watch_surges(now) == (1, 0)
    assert watch_surges(now + timedelta(minutes=1)) == (0, 0)
    alert = SurgeAlert.objects.get()
    assert (alert.article, alert.kind, alert.peak) == (article, "comments", 8)
    client = Client()
    client.force_login(mo)
    home = client.get(reverse("admin:index")).content.decode()
    assert "댓글: 10분에 8건" in home
    assert watch_surges(now + timedelta(minutes=20)) == (0, 0)
    assert watch_surges(now + timedelta(minutes=40)) == (0, 1)
    assert watch_surges(now + timedelta(minutes=41)) == (0, 0)
    assert "댓글: 10분에 8건" not in client.get(reverse("admin:index")).content.decode()
    verbs = Entry.objects.filter(verb__startswith="surge").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["surge_began", "surge_ended"]
    assert delete_old_surges(now + timedelta(days=91)) == 1
    assert Comment.objects.visible().count() == 8


def test_a_busy_story_at_its_own_pace_is_no_surge(article: Article, chi: User) -> None:
    """community B57."""
    now = timezone.now()
    comments(article, chi, 100, at=now - timedelta(hours=2))
    comments(article, chi, 14, at=now - timedelta(minutes=2))
    assert watch_surges(now) == (0, 0)
    comments(article, chi, 1, at=now - timedelta(minutes=1))
    assert watch_surges(now) == (1, 0)


def test_reactions_and_reports_count_by_story_and_by_writer(
    article: Article, chi: User, ada: User
) -> None:
    """community B57: a crowd against one writer under several stories."""
    now = timezone.now()
    other = make.live()
    rows = [*comments(article, chi, 3, at=now), *comments(other, chi, 3, at=now)]
    for number, comment in enumerate(rows):
        reader = make.reader(f"crowd{number}")
        Reaction.objects.create(comment=comment, reader=reader, value="dislike")
        Report.objects.create(comment=comment, reader=reader, reason="abuse")
    assert watch_surges(now + timedelta(seconds=1)) == (2, 0)
    alerts: Any = SurgeAlert.objects.order_by("kind").values_list("kind", "writer", "article")
    assert list(alerts) == [("reactions", chi.pk, None), ("reports", chi.pk, None)]
    client = Client()
    client.force_login(ada)
    assert "몰림" not in client.get(reverse("admin:index")).content.decode()


def test_queries_do_not_grow_with_the_rows(article: Article, chi: User, settings: Any) -> None:
    numbers = []
    now = timezone.now()
    for number in (6, 20):
        comments(article, chi, number, at=now - timedelta(minutes=1))
        SurgeAlert.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            watch_surges(now)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_a_surge_that_fails_delays_no_other(
    article: Article, chi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, other = timezone.now(), make.live()
    comments(article, chi, 8, at=now - timedelta(minutes=2))
    comments(other, chi, 7, at=now - timedelta(minutes=2))
    raise_surge = surges.raise_surge

    def fail_for_one(surge: surges.Surge, *, now: datetime) -> bool:
        if surge.number == article.pk:
            raise RuntimeError
        return raise_surge(surge, now=now)

    monkeypatch.setattr(surges, "raise_surge", fail_for_one)
    assert watch_surges(now) == (1, 0)
    assert SurgeAlert.objects.get().article == other
