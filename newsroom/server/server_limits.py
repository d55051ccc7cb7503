"""Limits of a web process, read from the environment: its threads, and how long and large bodies may be."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import env, seconds
from newsroom.server.request_body import BodyStore, BodyTimeouts

MAX_THREADS = 256
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
        threads=whole("WEB_THREADS", default=1, most=MAX_THREADS),
        timeouts=BodyTimeouts(
            idle_seconds=positive("BODY_IDLE_TIMEOUT_SECONDS", default=20, most=600),
            total_seconds=positive("BODY_TIMEOUT_SECONDS", default=30, most=3600),
            min_bytes_per_second=whole(
                "BODY_MIN_BYTES_PER_SECOND", default=8192, most=1024 * MEBIBYTE
            ),
        ),
        held_bytes=whole("BODIES_MAX_MIB", default=512, most=1024 * 1024) * MEBIBYTE,
    )


def whole(name: str, *, default: int, most: int) -> int:
    """A variable as a whole number from 1 to `most`. Raises ImproperlyConfigured for anything else."""
    said = env.str(name, default="").strip() or str(default)
    if said.isascii() and said.isdigit() and 1 <= int(said) <= most:
        return int(said)
    raise ImproperlyConfigured(f"{name} must be a whole number from 1 to {most}, not {said!r}.")


def positive(name: str, *, default: float, most: float) -> float:
    """A variable as seconds above zero. Raises ImproperlyConfigured for anything else."""
    if given := seconds(name, default=default, most=most):
        return given
    raise ImproperlyConfigured(f"{name} must be more than 0.")
