"""Collection of static files beside the rest of the start: once, with its errors raised."""

import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest

from newsroom import static_collection
from newsroom.static_collection import STAMP, static_files_collected

pytestmark = [
    pytest.mark.usefixtures("plain_storage", "forked"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]


@pytest.fixture
def plain_storage(settings: Any, tmp_path: Path) -> None:
    """Copies without hashes and compression, into a folder of the test."""
    settings.STATIC_ROOT = str(tmp_path / "static")
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork sees what a test has replaced, also where pytest runs beside threads."""
    context = multiprocessing.get_context("fork")
    monkeypatch.setattr(static_collection, "process_context", lambda: context)


def test_files_are_there_when_the_block_ends_without_those_that_no_page_uses(
    tmp_path: Path,
) -> None:
    with static_files_collected():
        pass
    static = tmp_path / "static"
    assert (static / STAMP).exists()
    assert (static / "drf_spectacular_sidecar" / "swagger-ui-dist").is_dir()
    assert not (static / "drf_spectacular_sidecar" / "redoc").exists()
    assert not (static / "rest_framework").exists()
    assert static_collection.is_collected(), "the next start would collect them again"


def test_nothing_is_collected_again_where_no_file_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / STAMP).write_text(static_collection.static_files_fingerprint())
    monkeypatch.setattr(static_collection, "collect_changed_static_files", fail)
    with static_files_collected():
        pass
    assert list(folder.iterdir()) == [folder / STAMP]


def test_an_error_of_collecting_is_raised_when_the_block_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(static_collection, "collect_changed_static_files", fail)
    ended = []
    with pytest.raises(OSError, match="No space left"), static_files_collected():
        ended.append(True)
    assert ended


def fail() -> None:
    raise OSError(28, "No space left on device")


def test_an_error_of_the_block_is_raised_after_collecting_has_ended(tmp_path: Path) -> None:
    with pytest.raises(LookupError), static_files_collected():
        raise LookupError
    assert (tmp_path / "static" / STAMP).exists()


def test_a_killed_process_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_collection, "collect_changed_static_files", lambda: os._exit(9))
    with pytest.raises(Exception, match="collectstatic was killed"), static_files_collected():
        pass
