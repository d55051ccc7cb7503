"""Limits of a web process from environment variables: threads, timeouts and size of request bodies."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import env, read_seconds
from newsroom.server.request_body import BodyStore, BodyTimeouts

MAX_WEB_THREADS = 256
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class ServerLimits:
    """Number of worker threads, timeouts of bodies, and bytes of all bodies held at the same time."""

    threads: int
    timeouts: BodyTimeouts
    held_bytes: int

    def body_store(self) -> BodyStore:
        return BodyStore(self.held_bytes)


def server_limits() -> ServerLimits:
    """The limits from the environment. Raises ImproperlyConfigured for an invalid value."""
    return ServerLimits(
        threads=integer_variable("WEB_THREADS", default=1, max_value=MAX_WEB_THREADS),
        timeouts=BodyTimeouts(
            idle_seconds=positive_seconds_variable(
                "BODY_IDLE_TIMEOUT_SECONDS", default=20, max_value=600
            ),
            total_seconds=positive_seconds_variable(
                "BODY_TIMEOUT_SECONDS", default=30, max_value=3600
            ),
            min_bytes_per_second=integer_variable(
                "BODY_MIN_BYTES_PER_SECOND", default=8192, max_value=1024 * MEBIBYTE
            ),
        ),
        held_bytes=integer_variable("BODIES_MAX_MIB", default=512, max_value=1024 * 1024)
        * MEBIBYTE,
    )


def integer_variable(name: str, *, default: int, max_value: int) -> int:
    """An environment variable as an integer from 1 to `max_value`. Raises ImproperlyConfigured for
    anything else."""
    text = env.str(name, default="").strip() or str(default)
    if text.isascii() and text.isdigit() and 1 <= int(text) <= max_value:
        return int(text)
    raise ImproperlyConfigured(
        f"{name} must be a whole number from 1 to {max_value}, not {text!r}."
    )


def positive_seconds_variable(name: str, *, default: float, max_value: float) -> float:
    """An environment variable as seconds above zero. Raises ImproperlyConfigured for anything else."""
    if seconds := read_seconds(name, default=default, maximum=max_value):
        return seconds
    raise ImproperlyConfigured(f"{name} must be more than 0.")
