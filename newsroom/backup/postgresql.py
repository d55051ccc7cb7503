"""Backup and restore of PostgreSQL with pg_dump, pg_restore and psql."""

import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from newsroom.backup.errors import BackupError

SYSTEM_PROGRAMS_FOLDER = "/usr/lib/postgresql"
# Schemas to which restores rename the old one; not part of a backup.
ASIDE_SCHEMA_PREFIX = "before_restore_"


def server_major_version() -> int:
    """The server's major version, such as 17."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def find_program(name: str) -> Path:
    """The newest installed client program of this name: Debian's versioned folders, then PATH.

    Raises BackupError where there is none, or only one older than the server, which refuses it.
    """
    paths = [*Path(SYSTEM_PROGRAMS_FOLDER).glob(f"*/bin/{name}")]
    paths += [Path(found)] if (found := shutil.which(name)) else []
    versions = {path: program_major_version(path) for path in paths}
    server = server_major_version()
    best = max(versions, key=lambda path: versions[path], default=None)
    if best is None:
        raise BackupError(
            f"PostgreSQL 프로그램 {name}이(가) 없습니다. sudo apt install postgresql-client-{server}",
            f"The program {name} is missing: install PostgreSQL's client, version {server} or newer.",
        )
    if versions[best] < server:
        raise BackupError(
            f"{name} {versions[best]}은(는) 서버({server})보다 오래되었습니다. "
            f"postgresql-client-{server}을(를) 설치해 주세요.",
            f"{name} {versions[best]} is older than the server ({server}): "
            f"install PostgreSQL's client, version {server} or newer.",
        )
    return best


def program_major_version(program: Path) -> int:
    """The major version that a program prints; 0 for none."""
    result = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 -- a program we found
    match = re.search(r"(\d+)(?:\.\d+)?", result.stdout)
    return int(match[1]) if match else 0


def client_arguments() -> tuple[list[str], dict[str, str]]:
    """Options and environment with which PostgreSQL's programs connect to the database.

    The password is in the environment: arguments can be read by every user of the machine.
    """
    database: dict[str, Any] = connection.settings_dict
    arguments, env = DatabaseClient.settings_to_cmd_args_env(database, [])
    options = [*arguments[1:-1], f"--dbname={arguments[-1]}"]
    return options, {**os.environ, **(env or {})}


def run_program(command: list[object], *, stdin: Any = None, stdout: Any = None) -> None:
    """Run a program to its end. Raises BackupError with its own message where it failed."""
    _options, env = client_arguments()
    result = subprocess.run(  # noqa: S603 -- programs of PostgreSQL, no shell
        [str(part) for part in command],
        env=env,
        stdin=stdin or subprocess.DEVNULL,
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if result.returncode:
        raise program_error(Path(str(command[0])).name, result.stderr)


def program_error(program: str, output: str) -> BackupError:
    lines = [line for line in output.strip().splitlines() if line.strip()]
    shown = " ".join(lines[:2])[:500] or "no reason given"
    return BackupError(f"{program}이(가) 실패했습니다: {shown}", f"{program} failed: {shown}")


def dump_database(target: Path) -> str:
    """Dump the database in PostgreSQL's custom format as of one snapshot; the server's version.

    Raises BackupError, also where the archive cannot be read again.
    """
    options, _env = client_arguments()
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = str(cursor.fetchone()[0])
    target.touch(mode=0o600)
    # Without owners and grants: the roles of another server may have other names.
    options_of_dump = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--lock-wait-timeout=60s",
    ]
    exclude_aside = f"--exclude-schema={ASIDE_SCHEMA_PREFIX}*"
    run_program(
        [find_program("pg_dump"), *options, *options_of_dump, exclude_aside, f"--file={target}"]
    )
    read_archive(target)
    return version


def read_archive(archive: Path) -> None:
    """Read an archive to its end. Raises BackupError where that fails."""
    run_program([find_program("pg_restore"), f"--file={os.devnull}", archive])


def other_connections() -> list[str]:
    """The other connections to the database: application and client address of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(nullif(application_name, ''), 'client'), coalesce(host(client_addr), 'local')"
            " FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY 1, 2"
        )
        return [f"{name} ({address})" for name, address in cursor.fetchall()]


def replace_public_schema(archive: Path, script: Path, *, stamp: datetime) -> str:
    """Replace the schema `public` by the archive's contents, in one transaction.

    The old schema is renamed; the new name is returned. A failure at any moment, a lost connection
    included, leaves the database unchanged.  `script` is a file to be written.
    """
    options, _env = client_arguments()
    aside = f"{ASIDE_SCHEMA_PREFIX}{stamp:%Y%m%d_%H%M%S}"
    script.touch(mode=0o600)
    with script.open("w") as out:
        out.write(f'ALTER SCHEMA public RENAME TO "{aside}";\nCREATE SCHEMA public;\n')
        out.flush()
        run_program(
            [find_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", archive],
            stdout=out,
        )
    script_options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    run_program([find_program("psql"), *script_options, *options, f"--file={script}"])
    return aside
