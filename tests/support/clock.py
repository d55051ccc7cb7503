"""Injected monotonic clock: tests move `time.monotonic` ahead instead of sleeping.

The product measures how long something may be cached by `time.monotonic()`.  The clock of this process only
ever runs ahead: what was remembered until a time in one test is never remembered for longer in the next.
Timeouts of threads, locks and sockets have the system's clock and are not affected.
"""

import threading
import time

system_monotonic = time.monotonic
guard = threading.Lock()
seconds_ahead = 0.0


def ahead_monotonic() -> float:
    return system_monotonic() + seconds_ahead


def advance(seconds: float) -> None:
    """Let so many seconds pass for everything in this process that asks `time.monotonic()`."""
    global seconds_ahead  # noqa: PLW0603  # the clock of the process is one
    with guard:
        seconds_ahead += seconds
        time.monotonic = ahead_monotonic
