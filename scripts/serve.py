"""What ./run becomes: prepares the data, then keeps web server, worker and beat running."""

import errno
import http.client
import io
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

from scripts.errors import StartError, exit_with_message
from scripts.preflight import allocate_reserve, mark_clean_exit, mark_running, run_preflight_checks
from scripts.settings import PROJECT_ROOT, RunSettings, child_environment, read_settings
from scripts.supervisor import ChildProcess, Supervisor, terminate_with_parent

SLOW_START_SECONDS = 60.0
PROBE_INTERVAL_SECONDS = 0.25
DEMO_SIGN_INS = ("reporter", "editor", "chief", "moderator", "reader")


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.umask(0o077)  # of all children: database, photos, keys and messages are nobody else's
    with exit_with_message():
        settings = read_settings()
        hold = run_preflight_checks(settings)
        prepare_data(settings, ended_uncleanly=mark_running(hold))
        serve(settings)
        mark_clean_exit(hold)


def prepare_data(settings: RunSettings, *, ended_uncleanly: bool) -> None:
    """Database, static files and, the first time, the demo: one process of Django.

    Raises Trouble with the sentence that it ended with.
    """
    command = [sys.executable, "manage.py", "prepare"]
    if settings.wants_demo:
        command.append("--with-demo")
    if ended_uncleanly:
        command.append("--ended-uncleanly")
    done = subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env=child_environment(settings),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
        preexec_fn=terminate_with_parent,
    )
    words = done.stderr.strip()
    if done.returncode == 0:
        if words:
            print(words, file=sys.stderr)
        return
    last = words.rpartition("\n")[2]
    kind, _, sentence = last.partition(": ")
    if kind == "CannotStart":
        raise StartError(*sentence.split(" / ", 1))
    if kind.endswith(("ImproperlyConfigured", "CommandError")):
        raise StartError(f"설정을 확인해 주세요: {sentence}", f"Check the settings: {sentence}")
    raise StartError(words, "The newsroom could not be prepared.")


def process_commands(settings: RunSettings) -> dict[str, list[str]]:
    """The command of each child. Modules, not scripts: a .venv that was moved still works.

    Without REDIS_URL the worker runs beat itself (newsroom/embedded_beat.py).
    """
    celery = [sys.executable, "-m", "celery", "--app", "newsroom", "--quiet"]
    worker = ["worker", "--pool=threads", "--concurrency=4", "--without-gossip", "--without-mingle"]
    beat = ["beat", "--pidfile="]
    commands = {
        "web": web_command(settings.host, settings.port, workers=settings.web_workers),
        "worker": [*celery, *worker],
    }
    return {**commands, "beat": [*celery, *beat]} if settings.has_redis else commands


def web_command(host: str, port: int, *, workers: int = 1) -> list[str]:
    """The web server. How many threads each process has is its own to read: WEB_THREADS.

    A head that has not come after 20 s, or a connection that is idle for so long, is closed.
    """
    return [
        *(sys.executable, "-m", "granian", "newsroom.server.rsgi:application", "--interface=rsgi"),
        *(f"--host={host}", f"--port={port}", f"--workers={workers}", "--no-ws"),
        *("--http1-header-read-timeout=20000", "--respawn-failed-workers"),
        *("--workers-kill-timeout=5", "--log-level=warning"),
    ]


def serve(settings: RunSettings) -> None:
    """Run until Ctrl-C, SIGTERM or a closed terminal."""
    # Root in a container is nobody's mistake, and the worker unpickles nothing.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    environment = {**child_environment(settings), **quiet}
    children = [
        ChildProcess(name, command, environment=environment)
        for name, command in process_commands(settings).items()
    ]
    family = Supervisor(children, working_folder=PROJECT_ROOT, write_line=write_line)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup asked to go on after the terminal closed.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, family.stop)
    family.run(ReadinessReporter(settings).check)
    write_line("뉴스룸을 닫았습니다. (The newsroom is closed.)")


def write_line(line: str) -> None:
    """Print a line; one that the disk has no room for is lost, and nothing else with it."""
    try:
        print(line, flush=True)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
            raise


class ReadinessReporter:
    """Says once that the newsroom is open, or once that it takes too long."""

    def __init__(self, settings: RunSettings) -> None:
        self.settings = settings
        self.since = time.monotonic()
        self.next_probe_at = 0.0
        self.reported: set[str] = set()

    def check(self) -> None:
        if "open" in self.reported or time.monotonic() < self.next_probe_at:
            return
        answer = self.probe_readiness()
        # Its own question may be what woke the supervisor: a log line of the web server.
        self.next_probe_at = time.monotonic() + (
            PROBE_INTERVAL_SECONDS if "slow" not in self.reported else 10
        )
        if answer in {"200", "301"}:
            allocate_reserve(self.settings.data)
            self.say("open", welcome_message(self.settings))
        elif time.monotonic() - self.since > SLOW_START_SECONDS:
            self.say(
                "slow",
                f"아직 준비되지 않았습니다: /health/ready가 {answer}라고 답합니다. "
                "(It is not ready yet; the lines above may say why.)",
            )

    def probe_readiness(self) -> str:
        """The status that /health/ready answers with, or why nothing answered."""
        door = http.client.HTTPConnection(self.settings.local_host, self.settings.port, timeout=2)
        site = urlsplit(self.settings.site)
        try:
            door.request("GET", "/health/ready", headers={"Host": site.netloc})
            return str(door.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            door.close()

    def say(self, key: str, words: str) -> None:
        if key not in self.reported:
            self.reported.add(key)
            write_line(words)


def welcome_message(settings: RunSettings) -> str:
    """The addresses, and the sign-ins where the demo was loaded and nobody else can look."""
    site = settings.site
    lines = [
        "",
        "뉴스룸이 열렸습니다. (The newsroom is open.)",
        f"  사이트 site   {site}/",
        f"  관리자 admin  {site}/admin/",
        f"  API    docs   {site}/api/v1/docs/",
    ]
    if settings.is_loopback and (settings.data / "demo-loaded").exists():
        people = ", ".join(f"{name}@" for name in DEMO_SIGN_INS)
        lines.append(f"  체험 계정 sign-ins  {people}example.com · newsroom-demo")
    return "\n".join([*lines, "  멈추려면 Ctrl-C (stop)", ""])


if __name__ == "__main__":
    main()
