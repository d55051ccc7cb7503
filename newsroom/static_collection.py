"""Collection of static files at the start, only if one changed, in a process beside the rest of it."""

import hashlib
import multiprocessing
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

from newsroom.file_lock import folder_lock

# No page uses them: REST framework's own pages, and the second viewer of the API documentation.
UNUSED_PATTERNS = ("rest_framework/*", "drf_spectacular_sidecar/redoc/*")
STAMP = "collected"


@contextmanager
def static_files_collected() -> Iterator[None]:
    """Context manager: changed static files are collected while its block runs.

    The block ends when they are; an error of collecting is raised there.  Where the block itself fails,
    the process is waited for as well, so that it writes no files after the start has ended.
    """
    if is_collected():
        yield
        return
    context = process_context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=collect_and_report, args=(sender,))  # type: ignore[attr-defined]
    process.start()
    sender.close()
    with closing(receiver):
        try:
            yield
            raise_error_of(receiver)
        finally:
            process.join()


def process_context() -> BaseContext:
    """A fork, which has loaded Django already, or a new interpreter where a fork is not safe.

    That is beside other threads, such as Sentry's, and on macOS.
    """
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if can_fork else "spawn")


def collect_and_report(sender: Connection) -> None:
    """Collect, then send the exception, None without one. The body of the process."""
    django.setup()
    error: Exception | None = None
    try:
        collect_changed_static_files()
    except Exception as caught:  # noqa: BLE001  # the parent raises it
        error = caught
    sender.send(error)


def raise_error_of(receiver: Connection) -> None:
    """Wait for the process. Raises its exception, CommandError where it was killed."""
    try:
        error = receiver.recv()
    except EOFError:
        raise CommandError("collectstatic was killed; is there enough memory?") from None
    if error is not None:
        raise error


def is_collected() -> bool:
    """Whether no static file has changed since the last start."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    return stamp.is_file() and stamp.read_text() == static_files_fingerprint()


def collect_changed_static_files() -> None:
    """Run collectstatic if any static file changed since the last start."""
    folder = Path(settings.STATIC_ROOT)
    with folder_lock(folder):  # newsrooms with other data folders may share these files
        if is_collected():
            return
        call_command(
            "collectstatic",
            interactive=False,
            verbosity=0,
            skip_checks=True,
            ignore_patterns=[*UNUSED_PATTERNS],  # it adds its own to the list that it is given
        )
        (folder / STAMP).write_text(static_files_fingerprint())


def static_files_fingerprint() -> str:
    """A hash of the storage backend and of every static file's name, size and modification time."""
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    digest = hashlib.sha256(f"{backend} {UNUSED_PATTERNS}\n".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stats = Path(storage.path(name)).stat()
            digest.update(f"{name} {stats.st_size} {stats.st_mtime_ns}\n".encode())
    return digest.hexdigest()
