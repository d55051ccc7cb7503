"""Channels of the source `yonhap`, servers on loopback, and a worker that dies before a statement."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import LazySettings
from django.db import connection

from outbox import http_client
from tests.support import make
from tests.support.faults.kill_before_statement import KillBeforeStatement
from tests.support.loopback.certificates import self_signed_certificate
from tests.support.loopback.imap_server import LoopbackMailbox, imap_server
from tests.support.loopback.receivers import LOOPBACK_NETWORKS
from wire.actions.channels import save_channel
from wire.models import Channel, Source

NewChannel = Callable[..., Channel]
MAIL_HOST = "mail.example.com"


@pytest.fixture
def yonhap(db: None) -> Source:
    return Source.objects.get(slug="yonhap")


@pytest.fixture
def new_channel(yonhap: Source) -> NewChannel:
    """Factory of channels of `yonhap`, set up by the chief."""

    def new(kind: str, address: str, **values: Any) -> Channel:
        channel = Channel(source=yonhap, kind=kind, address=address, **values)
        return save_channel(channel, by=make.chief())

    return new


@pytest.fixture
def drop(settings: LazySettings, tmp_path: Path) -> Path:
    """The folder `drop` inside WIRE_FOLDERS_DIR."""
    settings.WIRE_FOLDERS_DIR = str(tmp_path)
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed_certificate(tmp_path_factory.mktemp("imap") / "both.pem", host=MAIL_HOST)


@pytest.fixture
def mailbox(
    certificate: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LoopbackMailbox]:
    """A mailbox of mail.example.com, whose certificate is trusted, and its password in the environment."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("WIRE_PASSWORD_YONHAP", "secret")
    http_client.tls_context.cache_clear()
    monkeypatch.setattr("outbox.ssrf_guard.query_dns", lambda *_a, **_k: ["127.0.0.1"])
    with imap_server(certificate) as server:
        settings.OUTBOX_PRIVATE_NETWORKS = LOOPBACK_NETWORKS
        settings.OUTBOX_EXTRA_PORTS = [server.port]
        yield server
    http_client.tls_context.cache_clear()


class Killed(BaseException):
    """The process is dead: nothing more is sent to the database."""


class DieBeforeStatement(KillBeforeStatement):
    """Counter of statements that raises before the N-th, and before each one after it."""

    def step(self) -> None:
        self.sent += 1
        if self.sent >= self.last:
            raise Killed


@contextmanager
def dying_before_statement(number: int) -> Iterator[None]:
    """Run the block until its N-th statement or COMMIT, as a process does that is killed then.

    The database is left as the death of the process leaves it: what was open is rolled back.
    """
    killer, database = DieBeforeStatement(number), cast("Any", connection)
    commit = database._commit

    def counted_commit() -> None:
        try:
            killer.step()
        except Killed:
            database._rollback()
            raise
        commit()

    database._commit = counted_commit
    try:
        with connection.execute_wrapper(killer.wrap_execute):
            yield
    finally:
        database._commit = commit
        if not connection.in_atomic_block:
            connection.close()
