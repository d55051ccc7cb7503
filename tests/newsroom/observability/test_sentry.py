"""Sentry reports: errors and their place, no personal data."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.support.loopback.processes import (
    PROJECT_ROOT,
    process_environment,
    run_manage_command,
    wait_until,
)
from tests.support.loopback.receivers import HTTPReceiver, ReceivedRequest, running_receiver
from tests.support.observability.project import ObservedNewsroom, observed_newsroom
from tests.support.observability.urls import PERSONAL_ADDRESS, UNPUBLISHED_TEXT

IMPORTED = "import sys, django; django.setup(); print('sentry_sdk' in sys.modules)"


def opened(got: ReceivedRequest) -> str:
    """The JSON documents of an envelope, one a line."""
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
    coding = got.headers.get("content-encoding", "")
    return (unpack[coding](got.body) if coding else got.body).decode()


def events(receiver: HTTPReceiver) -> list[dict[str, Any]]:
    documents = [json.loads(line) for got in receiver.got for line in opened(got).splitlines()]
    return [document for document in documents if "exception" in document]


@pytest.fixture(scope="module")
def receiver() -> Iterator[HTTPReceiver]:
    with running_receiver() as receiver:
        receiver.answer = 200
        yield receiver


@pytest.fixture(scope="module")
def newsroom(
    tmp_path_factory: pytest.TempPathFactory, receiver: HTTPReceiver
) -> Iterator[ObservedNewsroom]:
    dsn = f"http://0123456789abcdef@127.0.0.1:{receiver.port}/1"
    folder = tmp_path_factory.mktemp("sentry")
    with observed_newsroom(folder, SENTRY_DSN=dsn, SENTRY_TRACES_SAMPLE_RATE="1") as newsroom:
        yield newsroom


def test_sentry_gets_errors_of_requests_and_tasks_without_personal_data(
    newsroom: ObservedNewsroom, receiver: HTTPReceiver
) -> None:
    address = "/desk/watched/breaks/key-77665544/?token=que-1029384756"
    secrets = {
        "Authorization": "Bearer tok-9f8e7d6c5b4a",
        "Cookie": "sessionid=ses-1a2b3c4d5e6f",
        "User-Agent": "reader-of-ours/1",
    }
    _status, headers, _body = newsroom.ask(address, headers=secrets, method="POST")
    newsroom.ask("/desk/watched/ask-what-falls/", method="POST")

    def kinds() -> set[str]:
        return {event["exception"]["values"][-1]["type"] for event in events(receiver)}

    wait_until(lambda: kinds() >= {"IntegrityError", "RuntimeError"}, within=40)
    events_by_type = {event["exception"]["values"][-1]["type"]: event for event in events(receiver)}
    assert events_by_type["IntegrityError"]["tags"]["request_id"] == headers["x-request-id"]
    assert events_by_type["IntegrityError"]["request"] == {"method": "POST"}
    assert events_by_type["RuntimeError"]["tags"]["task"] == "watched.falls"
    frames = events_by_type["RuntimeError"]["exception"]["values"][-1]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "falls"
    assert not any("vars" in frame for frame in frames)
    written = "".join(map(opened, receiver.got))
    assert '"type":"transaction"' in written.replace(" ", "")
    for secret in (
        "tok-9f",
        "ses-1a",
        "key-77",
        "que-10",
        "reader-of",
        PERSONAL_ADDRESS,
        UNPUBLISHED_TEXT,
    ):
        assert secret not in written, secret


def test_sentry_is_not_imported_without_a_dsn(tmp_path: Path) -> None:
    for dsn, imported in (("", "False"), ("http://0123456789abcdef@127.0.0.1:9/1", "True")):
        env = process_environment(tmp_path, SENTRY_DSN=dsn)
        done = subprocess.run(
            [sys.executable, "-c", IMPORTED], cwd=PROJECT_ROOT, env=env, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        assert done.stdout.strip() == imported


@pytest.mark.parametrize(
    ("name", "value"), [("SENTRY_DSN", "not-an-address"), ("SENTRY_TRACES_SAMPLE_RATE", "2")]
)
def test_invalid_sentry_setting_stops_the_start_with_a_sentence(
    tmp_path: Path, name: str, value: str
) -> None:
    variables = {"SENTRY_DSN": "http://0123456789abcdef@127.0.0.1:9/1"} | {name: value}
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run_manage_command(process_environment(tmp_path, **variables), "check")
    assert f"ImproperlyConfigured: {name}" in failed.value.stderr
