"""Filesystem broker: messages are atomic, in order, and delivered once."""

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from newsroom.celery_filesystem import Transport


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Connection]:
    for name in ("waiting", "control", "processed"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "waiting"),
        "data_folder_out": str(tmp_path / "waiting"),
        "control_folder": str(tmp_path / "control"),
        "processed_folder": str(tmp_path / "processed"),
        "store_processed": True,
        "polling_interval": 0.05,
    }
    # kombu remembers for the whole process what it has bound; each test has a folder of its own.
    Transport.global_state.clear()
    with Connection(transport=Transport, transport_options=options) as connection:
        yield connection


def take(queue: Connection, *, enough: int) -> list[Any]:
    """Receive payloads until there are `enough` or the queue stays empty."""
    taken: list[Any] = []
    simple = queue.SimpleQueue("stories")
    while len(taken) < enough:
        try:
            message = simple.get(timeout=1)
        except Empty:
            break
        taken.append(message.payload)
        message.ack()
    simple.close()
    return taken


def put(queue: Connection, numbers: range) -> None:
    simple = queue.SimpleQueue("stories")
    for number in numbers:
        simple.put({"number": number})
    simple.close()


def test_filesystem_broker_keeps_the_order_of_messages(queue: Connection) -> None:
    put(queue, range(20))

    assert [m["number"] for m in take(queue, enough=20)] == list(range(20))


def test_filesystem_broker_skips_a_damaged_message(queue: Connection, tmp_path: Path) -> None:
    (tmp_path / "waiting" / "0_broken.stories.msg").touch()
    put(queue, range(1))

    assert take(queue, enough=1) == [{"number": 0}]


def test_filesystem_broker_delivers_each_message_once_to_two_workers(
    queue: Connection,
) -> None:
    got: list[Any] = []
    senders = [
        threading.Thread(target=put, args=(queue.clone(), range(first, first + 100)))
        for first in (0, 100)
    ]
    workers = [
        threading.Thread(target=lambda: got.extend(take(queue.clone(), enough=200)))
        for _ in range(2)
    ]
    for thread in senders + workers:
        thread.start()
    for thread in senders + workers:
        thread.join()

    assert sorted(m["number"] for m in got) == list(range(200))
