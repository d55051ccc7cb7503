"""Wrong clocks of processes: releases are due by the clock of the database, and nothing stalls."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import Celery
from django.test import Client
from django.utils import timezone

from articles.models import Article
from desk import health
from desk.actions import expire, publish_now, record_failure, record_heartbeat
from desk.errors import Embargoed
from desk.models import Heartbeat, Release
from desk.tasks import process_due
from newsroom.api.throttling import RatePolicy, count_request
from newsroom.beat_scheduler import FileScheduler
from tests.support import make

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def by_machine(off: timedelta) -> time_machine.travel:
    """This machine's clock is off by so much; the database's is not."""
    return time_machine.travel(timezone.now() + off, tick=True)


@pytest.mark.postgres
@pytest.mark.database_clock
@pytest.mark.django_db
def test_worker_with_clock_hours_ahead_publishes_and_expires_nothing_early() -> None:
    waiting = make.planned(at=timezone.now() + HOUR)
    ending = make.live(expires_at=timezone.now() + HOUR)
    embargoed = make.draft(embargo_until=timezone.now() + HOUR)
    with by_machine(3 * HOUR):
        assert (process_due().published, expire(ending.pk)) == (0, False)
        with pytest.raises(Embargoed):
            publish_now(embargoed, by=make.ben())
    waiting.refresh_from_db()
    assert waiting.state == Release.State.PENDING
    assert Article.objects.get(pk=ending.pk).live_id


@pytest.mark.postgres
@pytest.mark.database_clock
@pytest.mark.django_db
def test_worker_with_clock_hours_behind_publishes_on_time() -> None:
    release = make.planned()
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now())
    with by_machine(-3 * HOUR):
        assert process_due().published == 1
    release.refresh_from_db()
    assert release.settled_at
    assert release.settled_at >= release.due_at


@pytest.mark.django_db
def test_failed_release_is_retried_soon_after_the_clock_was_set_back_by_an_hour() -> None:
    release, now = make.planned(), timezone.now()
    Release.objects.filter(pk=release.pk).update(due_at=now - SECOND)
    with at(now + HOUR):
        record_failure([release.pk], reason="망이 끊겼습니다.")
        record_heartbeat("publish_due", min_interval=timedelta(0))
    with at(now):
        assert process_due().published == 1
        assert process_due().published == 0


@pytest.mark.django_db
def test_health_is_red_for_a_scheduler_stopped_before_the_clock_was_set_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "STARTED", health.STARTED - 3600)
    Heartbeat.objects.create(name="publish_due", at=timezone.now() + HOUR)
    assert client.get("/health/ready").json()["checks"]["clock"]["well"] is False


class Sending(FileScheduler):
    """A scheduler that notes what it would send, and to no broker."""

    producer: Any = None

    def __init__(self, **options: Any) -> None:
        self.sent: list[str] = []
        super().__init__(**options)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self.sent.append(entry.name)


def scheduler(file: Path) -> Sending:
    app = Celery("tests", broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {
        "quick": {"task": "quick", "schedule": 1.0},
        "slow": {"task": "slow", "schedule": 5.0},
    }
    return Sending(app=app, schedule_filename=str(file))


def ticked(made: Sending, moment: datetime) -> list[str]:
    """What is sent at this moment."""
    made.sent.clear()
    with at(moment):
        while not made.tick():
            pass
    return made.sent


def test_beat_continues_when_the_clock_is_set_back_by_an_hour(tmp_path: Path) -> None:
    now = timezone.now()
    with at(now):
        made = scheduler(tmp_path / "beat")
    assert sorted(ticked(made, now + 6 * SECOND)) == ["quick", "slow"]
    back = now - HOUR
    ticked(made, back)
    assert ticked(made, back + 2 * SECOND) == ["quick"]
    assert sorted(ticked(made, back + 8 * SECOND)) == ["quick", "slow"]
    assert sorted(ticked(made, now + 3 * HOUR)) == ["quick", "slow"]


def test_beat_stores_last_runs_and_works_without_storage(
    tmp_path: Path,
) -> None:
    now, file = timezone.now(), tmp_path / "beat"
    with at(now):
        made = scheduler(file)
    ticked(made, now + 9 * SECOND)
    made.close()
    with at(now + 10 * SECOND):
        assert scheduler(file).schedule["slow"].last_run_at == now + 9 * SECOND
    for content in (b"\x00\x01 no JSON", b"[]", b'{"slow": 7}'):
        file.write_bytes(content)
        assert ticked(scheduler(file), timezone.now() + 9 * SECOND)
    lost = scheduler(tmp_path / "no-folder" / "beat")
    assert ticked(lost, timezone.now() + 9 * SECOND)
    lost.close()


def test_rate_limit_window_survives_a_clock_set_back_by_an_hour() -> None:
    minute, now = RatePolicy("vote", 5, 60), timezone.now()
    with at(now + HOUR):
        for _ in range(6):
            limit = count_request(minute, client="203.0.113.7")
        assert limit
        assert limit.is_exceeded
    with at(now):
        fresh = count_request(minute, client="203.0.113.7")
    assert fresh
    assert not fresh.is_exceeded
