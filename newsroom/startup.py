"""Preflight checks of the data before web, worker and beat start; each refusal is a sentence."""

import os
import stat
from pathlib import Path

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.management import CommandError
from django.utils import translation

from newsroom.backup import sqlite
from newsroom.backup.manifest import RETIRED_VERSIONS, applied_migrations, database_kind, is_retired
from newsroom.backup.restore import INTERRUPTED_MARKER

LANGUAGE_SEPARATOR = (
    " / "  # by which scripts/serve.py splits the Korean sentence from the English one
)
# System checks with this tag run at every start; they are deployment checks too.
STARTUP_TAG = "startup"
OLD_DATABASE_SENTENCES = (RETIRED_VERSIONS["sentence"]["ko"], RETIRED_VERSIONS["sentence"]["en"])


class CannotStart(CommandError):
    """A start that would do harm. One line: the sentence in Korean, then the same in English."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean}{LANGUAGE_SEPARATOR}{english}")


def refuse_damaged_database(*, ended_uncleanly: bool) -> None:
    """Check the integrity of the SQLite database after an unclean end. Raises CannotStart.

    An interrupted restore counts as well. PostgreSQL checks its files itself.
    """
    marker = settings.DATA_DIR / INTERRUPTED_MARKER
    if marker.exists():
        backup = marker.read_text().strip()
        raise CannotStart(
            f"복원이 도중에 끊겼습니다. 다시 실행해 주세요: manage.py restore {backup}",
            f"A restore was cut off: run it again with manage.py restore {backup}",
        )
    if database_kind() != "sqlite" or not sqlite.is_file_database():
        return
    path = sqlite.database_path()
    if not path.exists():
        return
    wal = path.with_name(f"{path.name}-wal")
    has_unfinished_log = wal.exists() and wal.stat().st_size > 0
    if (ended_uncleanly or has_unfinished_log) and (
        problems := sqlite.find_integrity_problems(path)
    ):
        raise CannotStart(
            f"데이터베이스가 손상되어 열지 않습니다: {path} ({problems[0]}). "
            "백업을 되살려 주세요: manage.py restore 백업폴더",
            f"The database is damaged and is not opened: {path} ({problems[0]}). "
            "Restore a backup: manage.py restore FOLDER",
        )


def refuse_old_database() -> None:
    """Refuse a database of a version before the migrations were made anew. Raises CannotStart.

    Only reads: the old version can go on with the database, and export its articles.
    """
    if not any(map(is_retired, applied_migrations())):
        return
    raise CannotStart(*OLD_DATABASE_SENTENCES)


def restrict_data_permissions() -> None:
    """Give the data folder mode 0700, the SQLite database with its side files and the secrets 0600.

    Sets this process's umask too. SQLite makes -wal and -shm with the mode of the database.  Files of
    another user, and a folder that all users share (sticky), stay as they are.
    """
    os.umask(0o077)
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    set_mode(settings.DATA_DIR, 0o700)
    secrets = ("secret_key", "vote_secret", "sanction_secret")
    files = [settings.DATA_DIR / name for name in secrets]
    if database_kind() == "sqlite" and sqlite.is_file_database():
        path = sqlite.database_path()
        files += [path.with_name(path.name + suffix) for suffix in ("", *sqlite.SIDE_FILES)]
    for file in files:
        set_mode(file, 0o600)


def set_mode(path: Path, mode: int) -> None:
    if not path.exists():
        return
    status = path.stat()
    if status.st_uid == os.geteuid() and not status.st_mode & stat.S_ISVTX:
        path.chmod(mode)


def refuse_failing_checks() -> None:
    """Run the system checks with STARTUP_TAG. Raises CannotStart with the first error."""
    korean = first_error("ko")
    if korean is not None:
        raise CannotStart(korean, first_error("en") or korean)


def first_error(language: str) -> str | None:
    """The message of the first startup check that fails, in this language; None where none does."""
    with translation.override(language):
        messages = run_checks(tags=[STARTUP_TAG], include_deployment_checks=True)
        return next((str(message.msg) for message in messages if message.level >= ERROR), None)
