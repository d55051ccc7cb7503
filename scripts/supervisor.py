"""Supervisor of child processes: starts them, prefixes their output, restarts them, stops them together."""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

FIRST_RESTART_DELAY_SECONDS = 0.5
MAX_RESTART_DELAY_SECONDS = 30.0
STEADY_AFTER_SECONDS = 30.0
STOP_TIMEOUT_SECONDS = 8.0
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def terminate_with_parent() -> None:
    """In the child, before its program: ask the kernel for SIGTERM when the parent dies."""
    if libc is not None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class ChildProcess:
    """One named process: its output lines are prefixed, and when it exits it is started again.

    With `awaits_input`, its program loads at its start, and goes on when its standard input ends.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: dict[str, str],
        awaits_input: bool = False,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = environment
        self.awaits_input = awaits_input
        self.process: subprocess.Popen[bytes] | None = None
        self.delay = FIRST_RESTART_DELAY_SECONDS
        self.started = 0.0
        self.start_at = 0.0
        self.unfinished = b""

    def start(self, working_folder: Path) -> int:
        """Start the program in a process group of its own; the file descriptor of its output."""
        self.process = subprocess.Popen(
            self.command,
            cwd=working_folder,
            env=self.environment,
            stdin=subprocess.PIPE if self.awaits_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=terminate_with_parent,  # noqa: PLW1509 -- this process has one thread
        )
        self.started = time.monotonic()
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        return self.process.stdout.fileno()

    def end_input(self) -> None:
        """Let the process go on; one that is started again does not wait any more."""
        self.awaits_input = False
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def discard(self) -> None:
        """Kill the process and drop its output."""
        self.kill_group()
        if self.process is not None:
            self.process.communicate()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def schedule_restart(self) -> str:
        """Clean up after the process exited and schedule its restart; the sentence to print."""
        assert self.process is not None
        self.kill_group()
        if time.monotonic() - self.started > STEADY_AFTER_SECONDS:
            self.delay = FIRST_RESTART_DELAY_SECONDS
        wait, self.delay = self.delay, min(self.delay * 2, MAX_RESTART_DELAY_SECONDS)
        self.start_at = time.monotonic() + wait
        status = self.process.returncode
        how = f"signal {-status}" if status < 0 else f"status {status}"
        self.process = None
        return (
            f"{self.name} 프로세스가 멈췄습니다({how}). {wait:g}초 뒤에 다시 띄웁니다. "
            "(It stopped and will be restarted.)"
        )

    def ask_to_stop(self) -> None:
        # The main process alone: a pool whose members got the signal too has hung before.
        if self.is_alive() and self.process is not None:
            self.process.terminate()

    def kill_group(self) -> None:
        """Kill whatever the process left behind in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def complete_lines(self, data: bytes) -> list[str]:
        """The complete lines that the new output ends."""
        *complete, self.unfinished = (self.unfinished + data).split(b"\n")
        return [line.decode("utf-8", "replace").rstrip() for line in complete]


class Supervisor:
    """All child processes of one start. `write_line` gets each output line; `run` calls `on_tick`."""

    def __init__(
        self,
        children: Sequence[ChildProcess],
        *,
        working_folder: Path,
        write_line: Callable[[str], None],
    ):
        self.children = children
        self.working_folder = working_folder
        self.write_line = write_line
        self.stopping = False
        self.selector = selectors.DefaultSelector()

    def stop(self, *_: object) -> None:
        """Signal handler: the first call asks the children to stop, a second one kills them."""
        if self.stopping:
            for child in self.children:
                child.kill_group()
        self.stopping = True

    def run(self, on_tick: Callable[[], None]) -> None:
        """Keep all children running until `stop` is called; then stop them."""
        try:
            while not self.stopping:
                self.start_missing_children()
                self.read_output(0.25)
                on_tick()
        finally:
            self.stop_children()

    @contextlib.contextmanager
    def children_loading(self) -> Iterator[None]:
        """Context manager: the children that await input load while its block runs.

        Where the block fails they are killed, and their output is dropped: it would repeat the failure.
        """
        waiting = [child for child in self.children if child.awaits_input]
        try:
            for child in waiting:
                self.start(child)
            yield
        except BaseException:
            for child in waiting:
                child.discard()
            raise
        for child in waiting:
            child.end_input()

    def start(self, child: ChildProcess) -> None:
        self.selector.register(child.start(self.working_folder), selectors.EVENT_READ, child)

    def start_missing_children(self) -> None:
        for child in self.children:
            if child.process is not None and not child.is_alive():
                self.forward_output(child)
                self.close_output(child)
                self.write_line(child.schedule_restart())
            if child.process is None and time.monotonic() >= child.start_at:
                self.start(child)

    def read_output(self, seconds: float) -> None:
        """Pass on the children's output, waiting at most `seconds` for some."""
        if not self.selector.get_map():
            time.sleep(seconds)
            return
        for key, _ in self.selector.select(seconds):
            self.forward_output(key.data)

    def forward_output(self, child: ChildProcess) -> None:
        """Write the output of one child that is there, line by line."""
        if child.process is None or child.process.stdout is None:
            return
        with contextlib.suppress(BlockingIOError):
            while data := os.read(child.process.stdout.fileno(), 65536):
                for line in child.complete_lines(data):
                    # A JSON line stays one.
                    self.write_line(line if line.startswith("{") else f"{child.name:6} | {line}")
            self.close_output(child)

    def close_output(self, child: ChildProcess) -> None:
        """Close the output of a child that ended or closed it."""
        if child.process is not None and child.process.stdout is not None:
            with contextlib.suppress(KeyError, ValueError):
                self.selector.unregister(child.process.stdout)
            child.process.stdout.close()
            child.process.stdout = None

    def stop_children(self) -> None:
        """Ask every child to stop, wait, and kill the rest of their groups."""
        self.stopping = True
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        while any(c.is_alive() for c in self.children) and time.monotonic() < deadline:
            self.read_output(0.1)
        for child in self.children:
            child.kill_group()
            if child.process is not None:
                child.process.wait()
                self.forward_output(child)
