"""Limits of a web process, read from the environment: its threads, and how long and large bodies may be."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import env, read_seconds
from newsroom.server.request_body import BodyStore, BodyTimeouts

MAX_WEB_THREADS = 256
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class ServerLimits:
    """Worker threads, time for bodies, and bytes of all bodies held at once."""

    threads: int
    timeouts: BodyTimeouts
    held_bytes: int

    def body_store(self) -> BodyStore:
        return BodyStore(self.held_bytes)


def server_limits() -> ServerLimits:
    """Raises ImproperlyConfigured for a value that cannot be used."""
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
    """A variable as a whole number from 1 to `most`. Raises ImproperlyConfigured for anything else."""
    said = env.str(name, default="").strip() or str(default)
    if said.isascii() and said.isdigit() and 1 <= int(said) <= max_value:
        return int(said)
    raise ImproperlyConfigured(
        f"{name} must be a whole number from 1 to {max_value}, not {said!r}."
    )


def positive_seconds_variable(name: str, *, default: float, max_value: float) -> float:
    """A variable as seconds above zero. Raises ImproperlyConfigured for anything else."""
    if given := read_seconds(name, default=default, maximum=max_value):
        return given
    raise ImproperlyConfigured(f"{name} must be more than 0.")
