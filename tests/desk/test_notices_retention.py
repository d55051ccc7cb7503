"""Retention of notices: settled ones are deleted after a while, and no others."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from desk.models import Notice
from desk.notifications import delete_settled_notices
from desk.tasks import delete_old_notices
from newsroom.celery import app

pytestmark = pytest.mark.django_db
What = Notice.What
KEEP, LONG_AGO = timedelta(days=90), timedelta(days=91)


def notice(person: User | None, what: What, **columns: Any) -> Notice:
    at = timezone.now() - 2 * LONG_AGO
    return Notice.objects.create(
        person=person, what=what, kind="desk.release", subject=1, label="로봇", at=at, **columns
    )


@pytest.mark.parametrize("days", [89, 91])
def test_resolved_notices_are_kept_for_three_months(ben: User, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    for what in (What.FAILED, What.OFF, What.FAILING):
        notice(ben, what, over_at=then)
        notice(ben, what, over_at=then, seen_at=then)
        notice(None, what, over_at=then)
    assert delete_settled_notices(retention=KEEP) == (9 if days > 90 else 0)


@pytest.mark.parametrize("what", [What.PUBLISHED_LATE, What.MISSED])
def test_read_news_is_deleted(ben: User, what: What) -> None:
    then = timezone.now() - LONG_AGO
    unread = notice(ben, what)
    fresh = notice(ben, what, seen_at=timezone.now() - timedelta(days=1))
    notice(ben, what, seen_at=then)
    notice(ben, what, mailed_at=then, mail_at=None)
    assert delete_settled_notices(retention=KEEP) == 2
    assert list(Notice.objects.order_by("pk")) == [unread, fresh]


def test_unresolved_notices_are_never_deleted(ben: User) -> None:
    then = timezone.now() - LONG_AGO
    for what in (What.FAILED, What.OFF, What.FAILING):
        notice(ben, what, seen_at=then, mail_at=None)
    assert delete_settled_notices(retention=KEEP) == 0


def test_old_notices_are_deleted_in_batches(ben: User) -> None:
    for _ in range(7):
        notice(ben, What.FAILED, over_at=timezone.now() - LONG_AGO)
    assert delete_settled_notices(retention=KEEP, batch_size=3) == 7


def test_retention_task_runs_at_night_with_the_configured_retention(
    ben: User, settings: Any
) -> None:
    entry = app.conf.beat_schedule["delete-settled-notices"]
    assert entry["task"] == delete_old_notices.name
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({4}, {40})
    notice(ben, What.FAILED, over_at=timezone.now() - LONG_AGO)
    settings.NOTIFICATION_RETENTION_DAYS = 100
    assert delete_old_notices() == "0 notices deleted"
    settings.NOTIFICATION_RETENTION_DAYS = 90
    assert delete_old_notices() == "1 notices deleted"
