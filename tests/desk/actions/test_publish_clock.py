"""Publishing by Celery: real worker and beat processes, embedded and with Redis."""

import json
import os
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import UserSession
from accounts.session_store import SessionStore
from articles.models import Article
from audit.models import Entry
from desk import tasks
from desk.models import Release
from desk.tasks import process_due, publish_due
from newsroom.tasks import clear_sessions
from outbox.models import Event
from tests.support import make
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import (
    PROCESS_START_TIMEOUT_SECONDS,
    process_environment,
    run_manage_command,
    wait_until,
    workers_and_beats,
)

# Schedules a story three seconds ahead in the embedded newsroom, once its worker works; reports when it was
# live.
SCHEDULE_AND_WATCH = """
import json, time
from datetime import timedelta
from django.utils import timezone
from articles.models import Article
from desk.models import Heartbeat, Release
from tests.support import make
from tests.support.loopback.processes import PROCESS_START_TIMEOUT_SECONDS, wait_until
wait_until(Heartbeat.objects.exists, within=PROCESS_START_TIMEOUT_SECONDS)
release = make.planned()
due = timezone.now() + timedelta(seconds=3)
Release.objects.update(due_at=due)
early = late = None
while timezone.now() < due + timedelta(seconds=20):
    live = Article.objects.live().filter(pk=release.article_id).exists()
    now = timezone.now()
    if live:
        late = (now - due).total_seconds()
        break
    time.sleep(0.02)
shown = Article.objects.get(pk=release.article_id).first_published_at
print(json.dumps({"late": late, "shown_as_planned": shown == due}))
"""


def test_embedded_default_publishes_a_scheduled_release(tmp_path: Path) -> None:
    """publishing 1."""
    env = process_environment(tmp_path, DATABASE_URL="", REDIS_URL="")
    prepare_data_folder(env)
    with workers_and_beats(env, tmp_path, workers=1, beats=1, pool="threads"):
        report = json.loads(
            run_manage_command(env, "shell", "-v0", "-c", SCHEDULE_AND_WATCH).splitlines()[-1]
        )
    assert report["late"] is not None, "not live after 20 s"
    assert 0 <= report["late"] < 5  # the promise of two seconds is measured in bench/, not here
    assert report["shown_as_planned"]


@pytest.mark.django_db(transaction=True)
def test_release_due_before_the_next_tick_is_published_on_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = make.planned()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        due = timezone.now() + timedelta(milliseconds=500)
        Release.objects.filter(pk=release.pk).update(due_at=due)
        monkeypatch.setattr(tasks, "time", SimpleNamespace(sleep=clock.shift))
        assert publish_due() == "1 published, 0 settled otherwise, 0 failed, 0 expired"
    release.refresh_from_db()
    assert release.settled_at is not None
    assert release.settled_at >= due


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_two_workers_and_two_beats_publish_once(tmp_path: Path) -> None:
    """publishing 8."""
    env = process_environment(tmp_path, DATABASE_URL=address_of_test_database())
    releases = [make.planned() for _ in range(20)]
    due = timezone.now() + timedelta(seconds=8)
    Release.objects.update(due_at=due)
    with workers_and_beats(env, tmp_path, workers=2, beats=2, pool="prefork"):
        wait_until(
            lambda: Article.objects.live().count() == len(releases),
            within=PROCESS_START_TIMEOUT_SECONDS,
        )
        wait_until(lambda: not Release.objects.waiting().exists(), within=10)
    assert Release.objects.done().count() == len(releases)
    assert Event.objects.filter(name="article.published").count() == len(releases)
    assert Entry.objects.filter(verb="published").count() == len(releases)
    assert set(Article.objects.values_list("first_published_at", flat=True)) == {due}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_concurrent_passes_publish_once() -> None:
    """publishing 8."""
    releases = [make.planned() for _ in range(10)]
    Release.objects.update(due_at=timezone.now())
    rounds = make.race(8, lambda _: process_due())
    assert not [r for r in rounds if isinstance(r, Exception)]
    assert Release.objects.done().count() == len(releases)
    assert Event.objects.filter(name="article.published").count() == len(releases)


def address_of_test_database() -> str:
    """DATABASE_URL with the name of the database that this test's own connection uses."""
    server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    return f"{server}/{connection.settings_dict['NAME']}"


@pytest.mark.django_db
def test_expired_sessions_are_cleared() -> None:
    over = SessionStore()
    over.set_expiry(-1)
    over.create()
    clear_sessions()
    assert not UserSession.objects.exists()
