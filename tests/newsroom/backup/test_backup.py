"""Commands backup and restore: their results and their refusals, in sentences."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from newsroom.backup import create, postgresql
from newsroom.backup.errors import BackupError
from newsroom.backup.manifest import (
    MANIFEST_FORMAT,
    Manifest,
    database_kind,
    hash_entry,
    secret_key_fingerprint,
    write_manifest,
)
from newsroom.startup import CannotStart, refuse_damaged_database
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import PROJECT_ROOT, process_environment, run_manage_command

SEED = """
from tests.support import make
make.reference_rows()
make.live(headline="백업에 든 기사")
"""
ROTATE = """
import time
from newsroom.backup.schedule import complete_backups, create_scheduled_backup
from django.conf import settings
for _ in range(3):
    create_scheduled_backup()
    time.sleep(1.1)
(settings.BACKUP_DIR / ".newsroom-20200101-000000.part").mkdir()
create_scheduled_backup()
"""


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A stopped newsroom with a database file of its own, one story and one photo file."""
    folder = tmp_path_factory.mktemp("newsroom") / "data"
    made = process_environment(
        folder, DATABASE_URL="", REDIS_URL="", SITE_URL="http://127.0.0.1:8000"
    )
    made.pop("S3_BUCKET", None)
    prepare_data_folder(made)
    run_manage_command(made, "shell", "-v0", "-c", SEED)
    photo = folder / "media" / "photos" / "key" / "640.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"\xff\xd8 a photo \xff\xd9" * 100)
    return made


@pytest.fixture(scope="module")
def backup(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("backups") / "first"
    run_manage_command(env, "backup", str(target), "--with-secrets")
    return target


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """The folder of a complete backup, made without a database."""
    folder = tmp_path / "whole"
    photo = folder / "media" / "photos" / "key" / "640.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photo")
    database = folder / "database"
    database.write_bytes(b"rows" * 5000)
    manifest = Manifest(
        format=MANIFEST_FORMAT,
        version="9.9",
        database=database_kind(),
        database_file="database",
        server_version="1",
        migrations=["desk.0001_initial"],
        started_at="2026-11-29T09:00:00+09:00",
        finished_at="2026-11-29T09:00:05+09:00",
        media="folder",
        secret_key_fingerprint=secret_key_fingerprint(),
        files=[hash_entry(database, root=folder), hash_entry(photo, root=folder)],
    )
    write_manifest(manifest, folder)
    return folder


def refused(env: dict[str, str], *arguments: str) -> str:
    """The output of a command that fails: a sentence in two languages, exit status 1, no traceback."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def database_of(env: dict[str, str]) -> Path:
    return Path(env["NEWSROOM_DATA"]) / "newsroom.sqlite3"


def change_manifest(backup: Path, **over: Any) -> None:
    path = backup / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | over))


def test_backup_has_database_and_photos_with_hashes_and_no_secret(
    env: dict[str, str], backup: Path
) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    assert {f["path"] for f in manifest["files"]} == {
        "database.sqlite3",
        "media/photos/key/640.jpg",
    }
    assert all(len(f["sha256"]) == 64 for f in manifest["files"])
    assert manifest["database"] == "sqlite"
    assert manifest["started_at"] < manifest["finished_at"]
    assert "desk.0001_initial" in manifest["migrations"]
    key = env["SECRET_KEY"].encode()
    assert not any(key in p.read_bytes() for p in backup.rglob("*") if p.is_file())


def test_backup_keeps_the_secret_key_apart_with_mode_0600(
    env: dict[str, str], backup: Path
) -> None:
    remaining = backup.with_name("first.secret_key")
    assert remaining.read_text().strip() == env["SECRET_KEY"]
    assert stat.S_IMODE(remaining.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert stat.S_IMODE((backup / "database.sqlite3").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("{there}", "exists already"),
        ("{media}/inside", "inside the folder of photos"),
        ("{there}/file/below", "File exists"),
    ],
)
def test_invalid_backup_target_is_refused_in_a_sentence(
    settings: Any, tmp_path: Path, place: str, words: str
) -> None:
    (tmp_path / "file").touch()
    target = place.format(there=tmp_path, media=settings.MEDIA_ROOT)
    with pytest.raises(CommandError, match=words):
        call_command("backup", target)
    assert not Path(settings.MEDIA_ROOT).exists()


def test_backup_target_without_space_is_refused_with_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(create, "MIN_FREE_BYTES", 10**18)
    with pytest.raises(CommandError, match=r"Not enough room: .* MB are needed"):
        call_command("backup", str(tmp_path / "to"))


def test_backup_of_a_damaged_database_is_refused_and_leaves_no_files(
    env: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    subprocess.run(["cp", "-a", env["NEWSROOM_DATA"], folder], check=True)
    with (folder / "newsroom.sqlite3").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    output = refused(env | {"NEWSROOM_DATA": str(folder)}, "backup", str(tmp_path / "to"))
    assert "malformed" in output
    assert not [p for p in tmp_path.iterdir() if "to" in p.name]


@pytest.mark.parametrize("page", [0, 3])
def test_start_on_a_damaged_database_names_the_restore_command(
    env: dict[str, str], tmp_path: Path, page: int
) -> None:
    folder = tmp_path / "data"
    subprocess.run(["cp", "-a", env["NEWSROOM_DATA"], folder], check=True)
    with (folder / "newsroom.sqlite3").open("r+b") as file:
        file.seek(4096 * page)
        file.write(b"\xff" * 4096 * 20)
    output = refused(env | {"NEWSROOM_DATA": str(folder)}, "prepare")
    assert "manage.py restore" in output
    assert "DATABASE_URL" not in output


MANIFEST_CHANGES: dict[str, dict[str, Any]] = {
    "a path that leads out": {
        "files": [{"path": "../../etc/passwd", "bytes": 1, "sha256": "0" * 64}]
    },
    "newer": {"migrations": ["desk.9999_not_yet_written"]},
    "before new migrations": {"migrations": ["logbook.0001_initial", "desk.0010_terms"]},
    "a newer format": {"format": 99},
}


def spoil(backup: Path, how: str) -> None:
    database = backup / "database"
    if how == "tampered":
        raw = bytearray(database.read_bytes())
        raw[5000] ^= 1
        database.write_bytes(raw)
    elif how == "truncated":
        database.write_bytes(database.read_bytes()[:-4096])
    elif how == "a photo missing":
        (backup / "media/photos/key/640.jpg").unlink()
    elif how == "no manifest":
        (backup / "manifest.json").unlink()
    elif how == "half a manifest":
        path = backup / "manifest.json"
        path.write_text(path.read_text()[:200])
    elif how in MANIFEST_CHANGES:
        change_manifest(backup, **MANIFEST_CHANGES[how])
    elif how == "another kind":
        other = {"sqlite": "postgresql", "postgresql": "sqlite"}[database_kind()]
        change_manifest(backup, database=other)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("tampered", "differ from the manifest: database"),
        ("truncated", "differ from the manifest"),
        ("a photo missing", r"640.jpg \(missing\)"),
        ("no manifest", "no backup of a newsroom"),
        ("half a manifest", "no backup of a newsroom"),
        ("a path that leads out", "leads out of the folder"),
        ("newer", "newer version"),
        ("before new migrations", "run export_articles > FILE there"),
        ("a newer format", "newer version"),
        ("another kind", "DATABASE_URL is "),
    ],
)
def test_incomplete_or_unfit_backup_is_refused_before_any_change(
    whole: Path, settings: Any, tmp_path: Path, how: str, words: str
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    spoil(whole, how)
    with pytest.raises(CommandError, match=words):
        call_command("restore", str(whole))
    assert not list(settings.DATA_DIR.glob("*"))


def test_restore_without_secret_key_file_is_refused_before_any_change(
    whole: Path, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    with pytest.raises(CommandError, match=r"whole\.secret_key\. Nothing was changed"):
        call_command("restore", str(whole), "--with-secrets")
    assert not settings.DATA_DIR.exists()


def test_restore_from_a_missing_folder_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("restore", "/none/such")


def test_restore_is_refused_while_a_process_has_the_database_open(
    env: dict[str, str], backup: Path
) -> None:
    # A worker that somebody started by hand holds no lock of ./run.
    code = (
        "from accounts.models import User; User.objects.count(); print('open', flush=True); input()"
    )
    shell = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=PROJECT_ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with shell:
        assert shell.stdout is not None
        assert shell.stdout.readline() == "open\n"
        output = refused(env, "restore", str(backup))
        shell.communicate("\n")
    assert "still running" in output


def test_restore_brings_back_missing_and_damaged_photos_and_leaves_newer_ones(
    env: dict[str, str], backup: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    subprocess.run(["cp", "-a", env["NEWSROOM_DATA"], folder], check=True)
    damaged, newer = folder / "media/photos/key/640.jpg", folder / "media/photos/new/640.jpg"
    damaged.write_bytes(b"half a pho")
    newer.parent.mkdir()
    newer.write_bytes(b"came after the backup")

    own = env | {"NEWSROOM_DATA": str(folder)}
    output = run_manage_command(own, "restore", str(backup), "--with-secrets")

    key = folder / "secret_key"
    assert key.read_text() == env["SECRET_KEY"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert damaged.read_bytes() == (backup / "media/photos/key/640.jpg").read_bytes()
    assert newer.exists()
    (aside,) = folder.glob("before-restore-*/media/photos/key/640.jpg")
    assert aside.read_bytes() == b"half a pho"
    assert "Nothing was due meanwhile" in output
    assert stat.S_IMODE((folder / "newsroom.sqlite3").stat().st_mode) == 0o600


def test_interrupted_restore_stops_the_start(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "restoring").write_text("/srv/backups/first\n")
    with pytest.raises(
        CannotStart, match=r"복원이 도중에 끊겼습니다.*manage.py restore /srv/backups/first"
    ):
        refuse_damaged_database(ended_uncleanly=False)


def test_nightly_backups_rotate_and_share_unchanged_photos(
    env: dict[str, str], tmp_path: Path
) -> None:
    nightly = {"BACKUP_DIR": str(tmp_path / "nightly"), "BACKUP_KEEP": "2"}
    run_manage_command(env | nightly, "shell", "-v0", "-c", ROTATE)
    remaining = sorted((tmp_path / "nightly").iterdir())
    assert len(remaining) == 2
    assert all((folder / "manifest.json").is_file() for folder in remaining)
    first, last = (folder / "media/photos/key/640.jpg" for folder in remaining)
    assert first.stat().st_ino == last.stat().st_ino
    run_manage_command(env, "restore", str(remaining[-1]))


def fake_program(folder: Path, version: str) -> None:
    folder.mkdir(parents=True)
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ([], "pg_dump is missing"),
        (["15.4"], "pg_dump 15 is older than the server"),
        (["15.4", "17.2", "16.1"], ""),
    ],
)
def test_newest_pg_dump_is_used_and_one_older_than_the_server_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, versions: list[str], words: str
) -> None:
    for version in versions:
        fake_program(tmp_path / version.partition(".")[0] / "bin", version)
    monkeypatch.setattr(postgresql, "SYSTEM_PROGRAMS_FOLDER", str(tmp_path))
    monkeypatch.setattr(postgresql, "server_major_version", lambda: 17)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    if not words:
        # The shell of the programs is found by its absolute path.
        assert postgresql.find_program("pg_dump") == tmp_path / "17" / "bin" / "pg_dump"
        return
    with pytest.raises(BackupError, match=words):
        postgresql.find_program("pg_dump")


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_backup_survives_an_upload_that_is_decoded_meanwhile(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    part, make_folder = tmp_path / "part", create.make_folder
    first, second = (settings.MEDIA_ROOT / "originals" / name for name in ("first", "second"))
    rendition = settings.MEDIA_ROOT / "photos" / "key" / "640.jpg"
    for file in (first, second, rendition):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(file.name.encode())

    def decoded(folder: Path, *, below: Path) -> None:
        first.unlink(missing_ok=True)
        make_folder(folder, below=below)

    monkeypatch.setattr(create, "make_folder", decoded)
    part.mkdir()
    uploads = create.copy_media(part, below=create.UPLOADS_FOLDER, previous=None)
    assert [entry.path for entry in uploads] == ["media/originals/second"]
    rest = create.copy_media(part, previous=None)
    assert [entry.path for entry in rest] == ["media/photos/key/640.jpg"]
    assert sorted(p.name for p in part.rglob("*") if p.is_file()) == ["640.jpg", "second"]
