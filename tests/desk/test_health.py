"""Health: what a supervisor asks, and what turns it red."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from desk import health
from desk.admin.home import desk_home_of
from desk.models import Heartbeat, Release
from desk.tasks import publish_due
from outbox.actions import publish_event
from outbox.models import Event
from tests.support import make


@pytest.fixture
def _long_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process was started an hour ago."""
    monkeypatch.setattr(health, "STARTED", health.STARTED - 3600)


@pytest.fixture
def _just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "STARTED", time.monotonic())


HERE = {"host": "localhost:8000"}


def ill(answer: Any) -> set[str]:
    return {name for name, check in answer.json()["checks"].items() if not check["well"]}


def test_liveness_answers_ok(client: Client, django_assert_num_queries: Any) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"live": True})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("_long_up")
def test_readiness_is_ok_while_everything_works(db: None, client: Client) -> None:
    publish_due()
    answer = client.get("/health/ready")
    assert answer.status_code == 200, answer.content
    assert answer.json()["ready"] is True
    parts = {"database", "broker", "clock", "overdue", "failed", "outbox", "notices", "storage"}
    assert set(answer.json()["checks"]) == parts
    assert answer["Cache-Control"] == "no-store"
    assert "Vary" not in answer
    assert not answer.cookies


@pytest.mark.usefixtures("_just_started")
def test_readiness_allows_a_grace_period_after_the_start(db: None, client: Client) -> None:
    assert client.get("/health/ready").status_code == 200


@pytest.mark.usefixtures("_long_up")
def test_readiness_is_red_for_a_scheduler_that_never_ran(db: None, client: Client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert ill(answer) == {"clock"}


@pytest.mark.usefixtures("_long_up")
@pytest.mark.parametrize(("age", "well"), [(15, True), (25, False), (4000, False)])
def test_readiness_is_red_within_half_a_minute_of_a_stopped_scheduler(
    db: None, client: Client, age: int, well: bool
) -> None:
    """publishing 25."""
    Heartbeat.objects.create(name="publish_due", at=timezone.now() - timedelta(seconds=age))
    answer = client.get("/health/ready", headers=HERE)
    assert answer.status_code == (200 if well else 503)
    assert answer.json()["checks"]["clock"]["told"] in {age, age + 1}


@pytest.mark.usefixtures("_long_up")
def test_readiness_is_red_for_an_overdue_release(db: None, client: Client) -> None:
    release = make.planned()
    publish_due()
    for late, well in ((-60, True), (10, True), (40, False)):
        due = timezone.now() - timedelta(seconds=late)
        Release.objects.filter(pk=release.pk).update(due_at=due)
        assert ill(client.get("/health/ready")) == (set() if well else {"overdue"})


@pytest.mark.usefixtures("_long_up")
def test_readiness_is_red_for_a_failed_release_and_names_no_story(db: None, client: Client) -> None:
    release = make.planned(headline="비밀 기사")
    publish_due()
    Release.objects.filter(pk=release.pk).update(state="failed", reason="비밀 까닭")
    answer = client.get("/health/ready")
    assert ill(answer) == {"failed"}
    assert "비밀" not in answer.content.decode()


@pytest.mark.usefixtures("_long_up")
def test_anonymous_readiness_has_no_figures(db: None, client: Client, settings: Any) -> None:
    release = make.planned()
    publish_due()
    Release.objects.filter(pk=release.pk).update(state="failed")
    settings.METRICS_TOKEN = "a-token-of-the-house-1"
    by_token = {"authorization": "Bearer a-token-of-the-house-1"}
    wrong = {"authorization": "Bearer wrong-token-wrong-token"}
    for headers, sees in ((HERE, True), (by_token, True), ({}, False), (wrong, False)):
        answer = client.get("/health/ready", headers=headers)
        checks = answer.json()["checks"]
        assert ill(answer) == {"failed"}
        assert checks["failed"] == {"well": False} | ({"told": 1} if sees else {})
        keys = {"well", "told"} if sees else {"well"}
        assert {frozenset(check) for check in checks.values()} == {frozenset(keys)}


@pytest.mark.usefixtures("_long_up")
@pytest.mark.parametrize(("age", "well"), [(50, True), (70, False)])
def test_readiness_is_red_for_a_late_outbox(db: None, client: Client, age: int, well: bool) -> None:
    publish_due()
    publish_event("article.published", key="로봇", slug="로봇")
    Event.objects.update(at=timezone.now() - timedelta(seconds=age))
    answer = client.get("/health/ready", headers=HERE)
    assert ill(answer) == (set() if well else {"outbox"})
    assert answer.json()["checks"]["outbox"]["told"] in {age, age + 1}


@pytest.mark.usefixtures("_long_up")
def test_readiness_is_red_without_a_broker(db: None, client: Client, settings: Any) -> None:
    publish_due()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ill(client.get("/health/ready")) == {"broker"}


@pytest.mark.usefixtures("_long_up")
def test_readiness_is_red_without_a_database(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> Any:
        raise DatabaseError

    monkeypatch.setattr(health, "clock", broken)
    assert "database" in ill(client.get("/health/ready"))


@pytest.mark.parametrize(("age", "stands"), [(19, False), (21, True)])
def test_dashboard_and_supervisor_agree_on_a_stopped_scheduler(
    ben: User, client: Client, age: int, stands: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "STARTED", health.STARTED - 3600)
    Heartbeat.objects.create(name="publish_due", at=timezone.now() - timedelta(seconds=age))
    assert ("clock" in ill(client.get("/health/ready"))) == stands
    assert desk_home_of(ben).is_scheduler_stopped == stands


def test_health_allows_get_only(client: Client) -> None:
    for road in ("live", "ready"):
        assert client.post(f"/health/{road}").status_code == 405
