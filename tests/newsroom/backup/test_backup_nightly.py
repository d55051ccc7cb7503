"""Nightly backup: when it is due, and how a failure is reported."""

import logging
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from desk.actions import record_heartbeat
from desk.workers import nightly_backup
from desk.workers.nightly_backup import backup_state, create_backup_if_due
from newsroom.backup.errors import BackupError
from newsroom.backup.schedule import is_backup_due

SEOUL = ZoneInfo("Asia/Seoul")


def fails() -> None:
    raise BackupError("자리가 모자랍니다.", "Not enough room.")


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ((30, 2, 59), (29, 3, 1), False),
        ((30, 3, 0), (29, 3, 1), True),
        ((30, 3, 5), (30, 3, 1), False),
        ((30, 14, 0), (28, 3, 1), True),  # the machine was off at three
        ((30, 14, 0), None, True),
    ],
)
def test_nightly_backup_is_due_once_after_its_hour(
    settings: Any, now: tuple[int, int, int], last: tuple[int, int, int] | None, expected: bool
) -> None:
    settings.BACKUP_HOUR = 3
    moment = datetime(2026, 11, *now, tzinfo=SEOUL)
    last_good = datetime(2026, 11, *last, tzinfo=SEOUL) if last else None
    assert is_backup_due(moment, last_good=last_good) is expected


@pytest.mark.usefixtures("no_request_series_before")
def test_no_nightly_backup_without_a_folder(client: Client, db: None) -> None:
    assert create_backup_if_due() == "no BACKUP_DIR"
    assert (
        "newsroom_backup"
        not in client.get("/metrics", headers={"Host": "localhost"}).content.decode()
    )
    assert "backup" not in client.get("/health/ready").json()["checks"]


@pytest.mark.django_db
@pytest.mark.usefixtures("no_request_series_before")
def test_failed_backup_is_in_log_metrics_and_health(
    client: Client,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.BACKUP_DIR = tmp_path
    monkeypatch.setattr(nightly_backup, "create_scheduled_backup", fails)

    with caplog.at_level(logging.ERROR), pytest.raises(BackupError):
        create_backup_if_due()

    assert "Not enough room." in caplog.text
    assert (
        "newsroom_backup_failed 1.0"
        in client.get("/metrics", headers={"Host": "localhost"}).content.decode()
    )
    assert client.get("/health/ready").json()["checks"]["backup"]["well"] is False


@pytest.mark.django_db
@pytest.mark.usefixtures("no_request_series_before")
def test_metrics_show_the_age_of_the_last_good_backup(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path
    record_heartbeat(nightly_backup.LAST_BACKUP, min_interval=timedelta())

    exposition = client.get("/metrics", headers={"Host": "localhost"}).content.decode()

    (age,) = re.findall(r"^newsroom_backup_age_seconds (\S+)$", exposition, re.MULTILINE)
    assert 0 <= float(age) < 60
    assert "newsroom_backup_failed 0.0" in exposition
    state = backup_state(timezone.now() + timedelta(hours=27))
    assert state is not None
    assert not state.is_well
