"""The outbox worker in the embedded size: SQLite and the in-memory transport."""

import signal
import threading
from pathlib import Path

from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import (
    PROCESS_START_TIMEOUT_SECONDS,
    process_environment,
    run_manage_command,
    wait_until,
    workers_and_beats,
)
from tests.support.loopback.receivers import ReceivedRequest, running_receiver

SUBSCRIBE_AND_PUBLISH = """
from accounts.models import User
from outbox.actions import add_subscriber, publish_event
from outbox.models import Subscriber
ben = User(name="ben")
add_subscriber(Subscriber(name="협력사", url="{url}", events=["article.*"]), by=ben)
for name in ("article.published", "article.updated"):
    publish_event(name, key="로봇", slug="로봇")
"""


def test_embedded_worker_delivers_again_after_a_killed_one(
    tmp_path: Path,
) -> None:
    with running_receiver() as receiver:
        env = process_environment(
            tmp_path,
            DATABASE_URL="",
            REDIS_URL="",
            OUTBOX_PRIVATE_NETWORKS="127.0.0.0/8",
            OUTBOX_EXTRA_PORTS=str(receiver.port),
        )
        prepare_data_folder(env)
        release = threading.Event()

        def hang(_got: ReceivedRequest) -> int:
            release.wait(60)
            return 200

        receiver.answer = hang
        run_manage_command(
            env, "shell", "-v0", "-c", SUBSCRIBE_AND_PUBLISH.format(url=receiver.url)
        )
        with workers_and_beats(env, tmp_path, workers=1, beats=1, pool="threads") as processes:
            wait_until(lambda: len(receiver.got) == 1, within=PROCESS_START_TIMEOUT_SECONDS)
            processes[0].send_signal(signal.SIGKILL)
            processes[0].wait()
        release.set()
        with workers_and_beats(env, tmp_path, workers=1, beats=1, pool="threads"):
            wait_until(lambda: len(receiver.got) == 3, within=PROCESS_START_TIMEOUT_SECONDS)
        ids = [got.headers["webhook-id"] for got in receiver.got]
        assert ids[0] == ids[1] != ids[2]
