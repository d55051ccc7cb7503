"""./run and ./test make their own environment, whatever was left behind by the start before."""

import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from scripts.pip_wheel import fetch_pip
from scripts.settings import HOUSE
from scripts.trouble import Trouble

HELLO = ["-c", "print('hello from', __import__('sys').prefix)"]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house whose lock asks for nothing, so that installing needs no registry."""
    shutil.copytree(HOUSE / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__*__"))
    (tmp_path / "scripts" / "__init__.py").touch()
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text("# nothing\n")
    return tmp_path


def start(house: Path, *command: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [house / "scripts" / "start", "run", *command],
        env={**os.environ, "PYTHON": sys.executable, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_first_start_makes_the_environment_and_the_second_finds_it(house: Path) -> None:
    first, _ = start(house, *HELLO).communicate()
    second, _ = start(house, *HELLO).communicate()

    assert f"hello from {house}/.venv" in first
    assert second == f"hello from {house}/.venv\n"


def test_an_environment_left_in_the_middle_is_made_anew(house: Path) -> None:
    start(house).communicate()
    (house / ".venv" / "half-made").touch()
    (house / ".venv" / "bin" / "python").unlink()

    said, _ = start(house, *HELLO).communicate()

    assert f"hello from {house}/.venv" in said
    assert not (house / ".venv" / "half-made").exists()


def test_a_changed_lock_is_installed(house: Path) -> None:
    start(house).communicate()
    (house / "requirements" / "run.txt").write_text("# still nothing\n")

    said, _ = start(house, *HELLO).communicate()

    assert "설치합니다" in said
    assert "hello from" in said


def test_two_starts_at_once_do_not_disturb_each_other(house: Path) -> None:
    both = [start(house, *HELLO) for _ in range(2)]

    said = [process.communicate()[0] for process in both]

    assert all("hello from" in words for words in said)


def test_a_python_that_is_too_old_is_named_in_a_sentence(house: Path, tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    old.chmod(0o755)

    said, _ = (refused := start(house, PYTHON=str(old))).communicate()

    assert refused.returncode == 1
    assert "찾은 것: Python 3.9.2" in said
    assert "3.11, 3.12 or 3.13 is needed" in said


def test_a_lock_that_cannot_be_fetched_is_said_in_a_sentence(house: Path) -> None:
    nobody = "http://127.0.0.1:9/simple"
    (house / "requirements" / "run.txt").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n")

    refused = start(
        house,
        UV_DEFAULT_INDEX=nobody,
        UV_HTTP_RETRIES="0",
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL=nobody,
    )
    said, _ = refused.communicate()

    assert refused.returncode == 1
    assert "저장소에 닿지 못했습니다" in said
    assert "Traceback" not in said


def test_what_the_tests_install_holds_all_that_the_newsroom_needs() -> None:
    pins = [
        set(re.findall(r"^\S+==\S+", (HOUSE / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("run.txt", "dev.txt")
    ]

    assert pins[0] < pins[1]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """A registry with one pip in it, on this machine."""
    shelf = tmp_path / "shelf" / "pip"
    shelf.mkdir(parents=True)
    (shelf / "pip-1.0-py3-none-any.whl").write_bytes(b"a wheel")
    (shelf / "index.html").write_text('<a href="pip-1.0-py3-none-any.whl#sha256=0">pip</a>')
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(shelf.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def lock_of(tmp_path: Path, content: bytes) -> Path:
    lock = tmp_path / "pip.txt"
    lock.write_text(f"pip==1.0 \\\n    --hash=sha256:{hashlib.sha256(content).hexdigest()}\n")
    return lock


def test_a_python_without_pip_gets_it_from_the_configured_registry(
    registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", registry)

    wheel = fetch_pip(tmp_path, lock_of(tmp_path, b"a wheel"))

    assert wheel.read_bytes() == b"a wheel"


def test_a_pip_with_another_hash_is_refused(
    registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", registry)

    with pytest.raises(Trouble, match="does not match its hash"):
        fetch_pip(tmp_path, lock_of(tmp_path, b"another wheel"))


def test_without_pip_and_registry_the_package_to_install_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)

    with pytest.raises(Trouble, match="python3-venv"):
        fetch_pip(tmp_path, lock_of(tmp_path, b"a wheel"))
