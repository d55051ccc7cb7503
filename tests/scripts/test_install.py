"""Installer of ./run and ./test: .venv is made, reused and repaired."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.install import bundled_pip
from scripts.settings import PROJECT_ROOT

HELLO = ["-c", "print('hello from', __import__('sys').prefix)"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose lock is empty, so that installing needs no registry."""
    shutil.copytree(
        PROJECT_ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__*__")
    )
    (tmp_path / "scripts" / "__init__.py").touch()
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text("# nothing\n")
    shutil.copy(bundled_pip(), tmp_path / "requirements")
    return tmp_path


def start(project: Path, *command: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [project / "scripts" / "start", "run", *command],
        env={**os.environ, "PYTHON": sys.executable, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_first_start_makes_the_venv_and_the_second_reuses_it(project: Path) -> None:
    first, _ = start(project, *HELLO).communicate()
    second, _ = start(project, *HELLO).communicate()

    assert f"hello from {project}/.venv" in first
    assert second == f"hello from {project}/.venv\n"


def test_incomplete_venv_is_made_again(project: Path) -> None:
    start(project).communicate()
    (project / ".venv" / "half-made").touch()
    (project / ".venv" / "bin" / "python").unlink()

    output, _ = start(project, *HELLO).communicate()

    assert f"hello from {project}/.venv" in output
    assert not (project / ".venv" / "half-made").exists()


def test_a_changed_lock_is_installed(project: Path) -> None:
    start(project).communicate()
    (project / "requirements" / "run.txt").write_text("# still nothing\n")

    output, _ = start(project, *HELLO).communicate()

    assert "설치합니다" in output
    assert "hello from" in output


def test_concurrent_starts_install_once(project: Path) -> None:
    both = [start(project, *HELLO) for _ in range(2)]

    output = [process.communicate()[0] for process in both]

    assert all("hello from" in words for words in output)


def test_python_that_is_too_old_is_refused_in_a_sentence(project: Path, tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    old.chmod(0o755)

    output, _ = (refused := start(project, PYTHON=str(old))).communicate()

    assert refused.returncode == 1
    assert "찾은 것: Python 3.9.2" in output
    assert "3.11, 3.12 or 3.13 is needed" in output


def test_unreachable_package_registry_is_reported_in_a_sentence(project: Path) -> None:
    unreachable_index = "http://127.0.0.1:9/simple"
    (project / "requirements" / "run.txt").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n")

    refused = start(
        project,
        UV_DEFAULT_INDEX=unreachable_index,
        UV_HTTP_RETRIES="0",
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL=unreachable_index,
    )
    output, _ = refused.communicate()

    assert refused.returncode == 1
    assert "저장소에 닿지 못했습니다" in output
    assert "Traceback" not in output


def test_dev_lock_contains_every_pin_of_the_run_lock() -> None:
    pins = [
        set(
            re.findall(
                r"^\S+==\S+", (PROJECT_ROOT / "requirements" / name).read_text(), re.MULTILINE
            )
        )
        for name in ("run.txt", "dev.txt")
    ]

    assert pins[0] < pins[1]


def test_python_without_pip_uses_the_bundled_one() -> None:
    pip = [sys.executable, str(bundled_pip() / "pip"), "--version"]
    output = subprocess.run(pip, capture_output=True, text=True, check=True).stdout
    assert output.startswith("pip ")
    assert str(PROJECT_ROOT / "requirements") in output
