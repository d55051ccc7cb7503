"""Start and stop of ./run: preflight checks, settings, supervisor; each refusal is a sentence."""

import contextlib
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import preflight
from scripts.errors import StartError
from scripts.run_tests import exit_status, summary
from scripts.settings import PROJECT_ROOT, read_dotenv, read_settings
from tests.support.loopback.servers import free_port

SUPERVISOR = """
import signal, sys
from pathlib import Path
from scripts import supervisor as module
module.STOP_TIMEOUT_SECONDS = 1
python = [sys.executable, "-c"]
children = [
    module.ChildProcess(name, [*python, code], environment={{}})
    for name, code in {children!r}.items()
]
supervisor = module.Supervisor(
    children, working_folder=Path("/"), write_line=lambda line: print(line, flush=True)
)
signal.signal(signal.SIGTERM, supervisor.stop)
supervisor.run(lambda: None)
"""
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)"


@pytest.fixture
def settings_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("HOST", "PORT", "SITE_URL", "DATABASE_URL", "REDIS_URL", "DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEWSROOM_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(preflight, "RETRY_TIMEOUT_SECONDS", 0)
    return monkeypatch


@contextlib.contextmanager
def supervised(**children: str) -> Iterator[subprocess.Popen[str]]:
    """A supervisor in its own process, watching small programs."""
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR.format(children=children)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_until(process: subprocess.Popen[str], expected: str) -> list[str]:
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if expected in line:
            break
    return lines


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def gone_within(seconds: float, *pids: int) -> bool:
    until = time.monotonic() + seconds
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(is_running, pids))


def test_taken_port_is_refused_with_a_suggestion(settings_of: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings_of.setenv("PORT", str(port))

        with pytest.raises(StartError, match=f"PORT={port + 1}"):
            preflight.run_preflight_checks(read_settings())


def test_second_start_on_the_same_data_folder_is_refused(settings_of: pytest.MonkeyPatch) -> None:
    settings_of.setenv("PORT", str(free_port()))
    lock = preflight.run_preflight_checks(read_settings())

    with pytest.raises(StartError, match="already runs"):
        preflight.run_preflight_checks(read_settings())
    os.close(lock)


def test_data_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    data = str(tmp_path / "file" / "data")
    environment = os.environ | {"NEWSROOM_DATA": data, "DATABASE_URL": "", "REDIS_URL": ""}

    done = subprocess.run(
        [sys.executable, "-m", "scripts.serve"],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "The system refused: Not a directory" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "70000"),
        ("WEB_WORKERS", "0"),
        ("DEMO", "perhaps"),
        ("DATABASE_URL", "mysql://db.example.com/news"),
        ("DATABASE_URL", "postgres://db.example.com:port/news"),
        ("REDIS_URL", "nonsense"),
    ],
)
def test_invalid_environment_variable_is_named(
    settings_of: pytest.MonkeyPatch, name: str, value: str
) -> None:
    settings_of.setenv(name, value)

    with pytest.raises(StartError, match=name):
        read_settings()


def test_invalid_line_of_dotenv_is_named(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("# words\nPORT=8001\nHOST = here\n")

    with pytest.raises(StartError, match="line 3"):
        read_dotenv(dotenv)


def test_environment_wins_over_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PORT=8001\n")
    monkeypatch.setenv("PORT", "9001")

    read_dotenv(dotenv)

    assert os.environ["PORT"] == "9001"


@pytest.mark.parametrize(
    ("host", "site", "expected"),
    [
        ("", "", True),
        ("127.0.0.1", "http://localhost:8000", True),
        ("0.0.0.0", "", False),
        ("", "https://news.example.com", False),
    ],
)
def test_demo_is_loaded_only_where_other_machines_cannot_connect(
    settings_of: pytest.MonkeyPatch, host: str, site: str, expected: bool
) -> None:
    settings_of.setenv("HOST", host)
    settings_of.setenv("SITE_URL", site)

    assert read_settings().wants_demo is expected


def test_secret_key_is_made_once_with_mode_0600(
    settings_of: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings_of.delenv("SECRET_KEY", raising=False)
    path = tmp_path / "secret_key"

    preflight.ensure_secret_key(path)
    key = path.read_text()
    preflight.ensure_secret_key(path)

    assert path.read_text() == key
    assert len(key) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_supervisor_restarts_a_dead_child_and_reports_it() -> None:
    with supervised(web="print('up')", beat="import time; time.sleep(60)") as process:
        output = lines_until(process, "web 프로세스가 멈췄습니다") + lines_until(
            process, "web    |"
        )

    assert output[0] == "web    | up\n"
    assert output[-1] == "web    | up\n"


def test_supervisor_kills_a_child_that_ignores_sigterm_and_its_group(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    grandchild = (
        f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    )
    forking = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    with supervised(web=f"{STUBBORN}; {forking}") as process:
        lines_until(process, "up")
        while not note.exists() or not note.read_text():
            time.sleep(0.05)

        process.send_signal(signal.SIGTERM)

        assert process.wait(12) == 0
        assert gone_within(1, int(note.read_text()))


def test_children_end_with_a_killed_supervisor() -> None:
    with supervised(
        web="import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    ) as process:
        child = int(lines_until(process, "web")[0].split()[-1])

        process.kill()

        assert gone_within(3, child)


def test_every_environment_variable_is_in_the_example_file() -> None:
    reader = re.compile(r'(?:env\.\w+|os\.environ\.get|read_\w+)\(\s*"([A-Z_0-9]+)"')
    sources = [*(PROJECT_ROOT / "newsroom").rglob("*.py"), PROJECT_ROOT / "scripts" / "settings.py"]
    read = {name for source in sources for name in reader.findall(source.read_text())}
    documented = set(
        re.findall(r"^#([A-Z_0-9]+)=", (PROJECT_ROOT / ".env.example").read_text(), re.MULTILINE)
    )

    assert len(read) > 60
    assert read - documented == set()


def test_summary_adds_up_both_runs_of_the_suite() -> None:
    sqlite = {"passed": 40, "failed": 0, "error": 1, "skipped": 0}
    servers = {"passed": 20, "failed": 2, "error": 0, "skipped": 1}

    assert summary(sqlite, servers, 61.2).startswith("60 passed, 3 failed, 1 skipped in 61s")


def test_empty_run_of_the_suite_is_no_failure() -> None:
    assert exit_status(0, 5) == 0
    assert exit_status(5, 5) == 5
    assert exit_status(1, 0) == 1
