"""Start of ./run: prepares the data, then keeps web, worker and beat running until it is stopped.

The web server loads its code while the data are prepared, and listens when they are.
"""

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
    os.umask(0o077)  # for all children: database, photos, keys and messages are private
    with exit_with_message():
        settings = read_settings()
        lock = run_preflight_checks(settings)
        ended_uncleanly = mark_running(lock)
        supervisor = build_supervisor(settings)
        try:
            with supervisor.children_loading():
                prepare_data(settings, ended_uncleanly=ended_uncleanly)
        except StartError:
            if not ended_uncleanly:
                mark_clean_exit(lock)  # nothing ran
            raise
        serve(settings, supervisor)
        mark_clean_exit(lock)


def prepare_data(settings: RunSettings, *, ended_uncleanly: bool) -> None:
    """Run `manage.py prepare`: database, static files and, the first time, the demo.

    Raises StartError with the sentence that it ended with.
    """
    command = [sys.executable, "manage.py", "prepare"]
    if settings.wants_demo:
        command.append("--with-demo")
    if ended_uncleanly:
        command.append("--ended-uncleanly")
    result = subprocess.run(
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
    output = result.stderr.strip()
    if result.returncode == 0:
        if output:
            print(output, file=sys.stderr)
        return
    last_line = output.rpartition("\n")[2]
    error_class, _, sentence = last_line.partition(": ")
    if error_class == "CannotStart":
        raise StartError(*sentence.split(" / ", 1))
    if error_class.endswith(("ImproperlyConfigured", "CommandError")):
        raise StartError(f"설정을 확인해 주세요: {sentence}", f"Check the settings: {sentence}")
    raise StartError(output, "The newsroom could not be prepared.")


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
    """The command of the web server; the threads of each process are its own setting, WEB_THREADS.

    A connection is closed whose request head has not arrived after 20 s, or that is idle for so long.
    """
    return [
        *(sys.executable, "-m", "newsroom.server.preloaded_granian"),
        *("newsroom.server.rsgi:application", "--interface=rsgi"),
        *(f"--host={host}", f"--port={port}", f"--workers={workers}", "--no-ws"),
        *("--http1-header-read-timeout=20000", "--respawn-failed-workers"),
        *("--workers-kill-timeout=5", "--log-level=warning"),
    ]


def build_supervisor(settings: RunSettings) -> Supervisor:
    """The supervisor of all processes; the web server waits for its input to end."""
    # Root is normal in a container, and the worker unpickles nothing.
    warning_filter = {
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"
    }
    environment = {**child_environment(settings), **warning_filter}
    commands = process_commands(settings)
    web = ChildProcess(
        "web", [*commands.pop("web"), "--await-input"], environment=environment, awaits_input=True
    )
    others = [
        ChildProcess(name, command, environment=environment) for name, command in commands.items()
    ]
    return Supervisor([web, *others], working_folder=PROJECT_ROOT, write_line=write_line)


def serve(settings: RunSettings, supervisor: Supervisor) -> None:
    """Run until Ctrl-C, SIGTERM or a closed terminal."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup: go on after the terminal closes.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, supervisor.stop)
    supervisor.run(ReadinessReporter(settings).check)
    write_line("뉴스룸을 닫았습니다. (The newsroom is closed.)")


def write_line(line: str) -> None:
    """Print a line; one that the disk has no room for is lost, without ending the process."""
    try:
        print(line, flush=True)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
            raise


class ReadinessReporter:
    """Prints once that the newsroom is ready, or once that it takes too long."""

    def __init__(self, settings: RunSettings) -> None:
        self.settings = settings
        self.started_at = time.monotonic()
        self.next_probe_at = 0.0
        self.reported: set[str] = set()

    def check(self) -> None:
        if "open" in self.reported or time.monotonic() < self.next_probe_at:
            return
        status = self.probe_readiness()
        # The probe itself wakes the supervisor, through a log line of the web server.
        self.next_probe_at = time.monotonic() + (
            PROBE_INTERVAL_SECONDS if "slow" not in self.reported else 10
        )
        if status in {"200", "301"}:
            allocate_reserve(self.settings.data_dir)
            self.report_once("open", welcome_message(self.settings))
        elif time.monotonic() - self.started_at > SLOW_START_SECONDS:
            self.report_once(
                "slow",
                f"아직 준비되지 않았습니다: /health/ready가 {status}라고 답합니다. "
                "(It is not ready yet; the lines above may say why.)",
            )

    def probe_readiness(self) -> str:
        """The status of /health/ready, or the class of the error."""
        connection = http.client.HTTPConnection(
            self.settings.local_host, self.settings.port, timeout=2
        )
        site_url = urlsplit(self.settings.site_url)
        try:
            connection.request("GET", "/health/ready", headers={"Host": site_url.netloc})
            return str(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()

    def report_once(self, key: str, message: str) -> None:
        if key not in self.reported:
            self.reported.add(key)
            write_line(message)


def welcome_message(settings: RunSettings) -> str:
    """The addresses, and the demo's sign-ins where no other machine can connect."""
    site = settings.site_url
    lines = [
        "",
        "뉴스룸이 열렸습니다. (The newsroom is open.)",
        f"  사이트 site   {site}/",
        f"  관리자 admin  {site}/admin/",
        f"  API    docs   {site}/api/v1/docs/",
    ]
    if settings.is_loopback and (settings.data_dir / "demo-loaded").exists():
        people = ", ".join(f"{name}@" for name in DEMO_SIGN_INS)
        lines.append(f"  체험 계정 sign-ins  {people}example.com · newsroom-demo")
    return "\n".join([*lines, "  멈추려면 Ctrl-C (stop)", ""])


if __name__ == "__main__":
    main()
