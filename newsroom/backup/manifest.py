"""Manifest of a backup: its files with sizes and SHA-256 hashes. `manifest.json`, written last.

A folder without a readable manifest is no backup: an interrupted one never gets its name.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac

from newsroom.backup.errors import BackupError
from newsroom.conf.environment import PROJECT_ROOT

MANIFEST_FORMAT = 1
MANIFEST_NAME = "manifest.json"
COPY_CHUNK_BYTES = 1024 * 1024
# Versions before the migrations were made anew: their apps, now called outbox and audit, which rows of
# django_migrations name in every database of such a version, and the sentence that refuses it.
# scripts/preflight.py reads the same file, without Django.
RETIRED_VERSIONS: Any = json.loads(
    (PROJECT_ROOT / "newsroom/retired_versions.json").read_text("utf-8")
)


@dataclass(frozen=True)
class FileEntry:
    """One file of a backup: its path below the backup's folder, size in bytes, SHA-256 in hex."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. Times are ISO 8601; `media` says why photos are not included where so."""

    format: int
    version: str
    database: str  # "sqlite" or "postgresql"
    database_file: str
    server_version: str
    migrations: list[str]
    started_at: str
    finished_at: str
    media: str  # "folder", or which bucket holds the photos instead
    secret_key_fingerprint: str
    files: list[FileEntry] = field(default_factory=list)

    @property
    def total_bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    @property
    def media_files(self) -> list[FileEntry]:
        return [file for file in self.files if file.path.startswith("media/")]

    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.started_at)


def newsroom_version() -> str:
    """The version of this code, from pyproject.toml."""
    return str(tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]["version"])


def secret_key_fingerprint() -> str:
    """A fingerprint that tells two secret keys apart and reveals neither."""
    return salted_hmac("newsroom.backup", "fingerprint", algorithm="sha256").hexdigest()[:16]


def applied_migrations() -> list[str]:
    """The applied migrations of the connected database, as `app.name`."""
    return sorted(
        f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
    )


def database_kind() -> str:
    """`sqlite` or `postgresql`, from the settings."""
    return str(settings.DATABASES["default"]["ENGINE"]).rpartition(".")[2].removesuffix("3")


def hash_file(path: Path) -> tuple[int, str]:
    """A file's size in bytes and its SHA-256 in hex."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(COPY_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def hash_entry(path: Path, *, root: Path) -> FileEntry:
    """The entry of a file, its path relative to `root`."""
    return FileEntry(path.relative_to(root).as_posix(), *hash_file(path))


def write_manifest(manifest: Manifest, folder: Path) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    path = folder / MANIFEST_NAME
    path.touch(mode=0o600)
    path.write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupError for a folder that is not one."""
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise not_a_backup_error(folder, f"no {MANIFEST_NAME}")
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] > MANIFEST_FORMAT:
            raise newer_version_error(data.get("version", "?"), [f"format {data['format']}"])
        files = [validate_entry(entry, folder) for entry in data.pop("files")]
        manifest = Manifest(**data, files=files)
        manifest.taken_at()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise not_a_backup_error(folder, f"{MANIFEST_NAME}: {error}") from error
    if manifest.database_file not in {file.path for file in files}:
        raise not_a_backup_error(folder, f"{MANIFEST_NAME} lists no database")
    return manifest


def validate_entry(data: dict[str, Any], folder: Path) -> FileEntry:
    """An entry whose path stays below the folder. Raises BackupError, TypeError."""
    entry = FileEntry(**data)
    path = PurePosixPath(entry.path)
    if path.is_absolute() or ".." in path.parts:
        raise not_a_backup_error(folder, f"{entry.path} leads out of the folder")
    return entry


def verify_files(manifest: Manifest, folder: Path) -> None:
    """Compare every file with the manifest. Raises BackupError that names the first that differ."""
    differing = list(differing_files(manifest.files, folder))
    if differing:
        shown = ", ".join(differing[:5]) + (" …" if len(differing) > 5 else "")
        raise BackupError(
            f"백업이 온전하지 않습니다. 목록과 다른 파일 {len(differing)}개: {shown}. 아무것도 바꾸지 "
            "않았습니다. 다른 백업을 써 주세요.",
            f"This backup is damaged: {len(differing)} files differ from the manifest: {shown}. "
            "Nothing was changed; use another backup.",
        )


def differing_files(files: Iterable[FileEntry], folder: Path) -> Iterable[str]:
    """The paths of files that are missing or differ from their entry."""
    for entry in files:
        path = folder / entry.path
        if path.is_symlink() or not path.is_file():
            yield f"{entry.path} (missing)"
        elif path.stat().st_size != entry.bytes or hash_file(path)[1] != entry.sha256:
            yield entry.path


def not_a_backup_error(folder: Path, why: str) -> BackupError:
    return BackupError(
        f"{folder}은(는) 뉴스룸의 백업이 아닙니다({why}). 아무것도 바꾸지 않았습니다.",
        f"{folder} is no backup of a newsroom ({why}). Nothing was changed.",
    )


def newer_version_error(version: str, unknown: list[str]) -> BackupError:
    shown = ", ".join(unknown[:3]) + (" …" if len(unknown) > 3 else "")
    return BackupError(
        f"더 새로운 버전({version})이 만든 백업입니다: {shown}. 그 버전으로 올린 뒤 복원해 주세요. "
        "아무것도 바꾸지 않았습니다.",
        f"A newer version ({version}) made this backup: {shown}. Install that version, then restore. "
        "Nothing was changed.",
    )


def is_retired(migration: str) -> bool:
    """Whether a migration, `app.name`, is of a version before the migrations were made anew."""
    return migration.partition(".")[0] in RETIRED_VERSIONS["apps"]


def old_version_error(version: str) -> BackupError:
    return BackupError(
        f"마이그레이션을 새로 만들기 전의 판({version})이 만든 백업입니다. 그 판에서 복원해 manage.py "
        "export_articles > 파일 로 내보낸 뒤 import_articles로 들여오세요. 아무것도 바꾸지 않았습니다.",
        f"A version before the migrations were made anew ({version}) made this backup: restore it with "
        "that version, run export_articles > FILE there and import_articles FILE here. "
        "Nothing was changed.",
    )
