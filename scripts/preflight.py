"""Preflight checks of ./run, without Django: the data folder and its lock, the port, the secret key."""

import errno
import fcntl
import json
import os
import secrets
import shutil
import socket
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scripts.errors import StartError
from scripts.settings import PROJECT_ROOT, RunSettings

RETRY_TIMEOUT_SECONDS = 3.0
# Less than what newsroom/observability/storage_probe.py needs to find a disk writable.
RESERVE_BYTES = 512 * 1024
# Beside SECRET_KEY, so that it can be rotated: of voter keys, of digests of suspended readers.
PURPOSE_SECRETS = ("VOTE_SECRET", "SANCTION_SECRET")
# The same file as newsroom/backup/manifest.py reads; `newsroom` itself would import Celery and Django.
RETIRED_VERSIONS: Any = json.loads(
    (PROJECT_ROOT / "newsroom/retired_versions.json").read_text("utf-8")
)
OLD_DATABASE_SENTENCES = (RETIRED_VERSIONS["sentence"]["ko"], RETIRED_VERSIONS["sentence"]["en"])


def run_preflight_checks(settings: RunSettings) -> int:
    """Run all checks; the descriptor that holds the data folder's lock.

    Raises StartError, or OSError from the folder.
    """
    make_private_folder(settings.data_dir)
    lock = lock_data_folder(settings.data_dir)
    refuse_old_sqlite_database(settings.data_dir / "newsroom.sqlite3")
    # Metric files of the last start, as prometheus_client's multiprocess mode asks.
    shutil.rmtree(settings.data_dir / "metrics", ignore_errors=True)
    release_reserve(settings.data_dir)
    check_port(settings.host, settings.port)
    ensure_secret_key(settings.data_dir / "secret_key")
    for name in PURPOSE_SECRETS:
        ensure_purpose_secret(name, settings.data_dir)
    return lock


def refuse_old_sqlite_database(path: Path) -> None:
    """Refuse the default database if a version before the migrations were made anew made it.

    Before anything in the folder is changed; newsroom/startup.py refuses it on any database.
    `immutable`, so that SQLite creates no files beside it.
    """
    if not path.is_file():
        return
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
        ) as database:
            is_old = database.execute(
                "SELECT 1 FROM django_migrations WHERE app IN (SELECT value FROM json_each(?))",
                [json.dumps(RETIRED_VERSIONS["apps"])],
            ).fetchone()
    except sqlite3.Error:
        return  # newsroom/startup.py says what is wrong with it
    if is_old:
        raise StartError(*OLD_DATABASE_SENTENCES)


def make_private_folder(data: Path) -> None:
    """Make the data folder with mode 0700, or give it that mode if it is ours.

    A folder that all users share, such as /tmp (sticky), stays as it is.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = data.stat()
    if status.st_uid == os.geteuid() and not status.st_mode & stat.S_ISVTX:
        data.chmod(0o700)


def lock_data_folder(data: Path) -> int:
    """Lock the data folder against a second ./run until this process ends, however it ends."""
    lock = os.open(data / "running", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        retry_briefly(lambda: fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        raise StartError(
            f"{data}에서 이미 뉴스룸이 돌고 있습니다. 그것을 멈추거나 NEWSROOM_DATA를 바꿔 주세요.",
            f"A newsroom already runs on {data}: stop it, or set NEWSROOM_DATA.",
        ) from None
    return lock


def mark_running(lock: int) -> bool:
    """Write into the lock file that processes run; whether the last start left its mark there.

    Then it was killed, or the power failed, and the data may be damaged.
    """
    ended_uncleanly = os.fstat(lock).st_size > 0
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    os.fsync(lock)
    return ended_uncleanly


def mark_clean_exit(lock: int) -> None:
    """Remove the mark: every process of this start has ended as it should."""
    os.ftruncate(lock, 0)


def release_reserve(data: Path) -> None:
    """Free the space that was reserved for a start on a full disk: SQLite cannot even be read without room
    for the index of its log.
    """
    (data / "reserve").unlink(missing_ok=True)


def allocate_reserve(data: Path) -> None:
    """Reserve some space for the next start; none where the disk is full."""
    reserve = data / "reserve"
    try:
        with reserve.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
    except OSError as error:
        reserve.unlink(missing_ok=True)
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise


def check_port(host: str, port: int) -> None:
    """Check that the port is free and may be opened by this user.

    Tries for a moment: a start that was killed needs one to release it.
    """
    try:
        retry_briefly(lambda: try_listening(host, port))
    except OSError as error:
        raise port_error(host, port, error) from None


def try_listening(host: str, port: int) -> None:
    """Listen at the port once. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1)


def port_error(host: str, port: int, error: OSError) -> StartError:
    """The StartError for an address or port that cannot be opened."""
    if error.errno == errno.EADDRINUSE:
        return StartError(
            f"{port}번 포트를 다른 프로그램이 쓰고 있습니다. PORT={port + 1} ./run 처럼 "
            "다른 번호로 시작해 주세요.",
            f"Port {port} is taken; start with another, such as PORT={port + 1} ./run",
        )
    if error.errno == errno.EACCES:
        return StartError(
            f"{port}번 포트는 이 사용자가 열 수 없습니다. 1024 이상의 PORT를 써 주세요.",
            f"This user may not open port {port}; choose a PORT of 1024 or more.",
        )
    return StartError(
        f"HOST={host} 주소에서 들을 수 없습니다: {error.strerror}",
        f"HOST={host} is no address of this machine: {error.strerror}",
    )


def retry_briefly(attempt: Callable[[], object]) -> None:
    """Call `attempt` until it succeeds, for a few seconds at most; then raise its error."""
    deadline = time.monotonic() + RETRY_TIMEOUT_SECONDS
    while True:
        try:
            attempt()
        except OSError as error:
            is_temporary = error.errno in {errno.EADDRINUSE, errno.EAGAIN}
            if not is_temporary or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def ensure_secret_key(path: Path) -> None:
    """Make a secret key once: readable by its owner alone, never half-written."""
    if not (os.environ.get("SECRET_KEY") or path.exists()):
        write_secret(path)


def ensure_purpose_secret(name: str, data: Path) -> None:
    """Make the secret of one purpose once, where neither a variable nor a file has it."""
    path = data / name.lower()
    is_given = os.environ.get(name) or os.environ.get(f"{name}_FILE")
    if not (is_given or path.exists()):
        write_secret(path)


def write_secret(path: Path) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(secrets.token_urlsafe(64))
    part.replace(path)
