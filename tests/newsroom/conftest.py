"""Fixtures of the tests of the project package."""

from collections.abc import Iterator

import pytest

from newsroom import clock
from newsroom.db.commit_watch import commit_watch
from newsroom.http.cache_control import next_planned_change
from newsroom.http.change_token import change_token


class FakeClock:
    """A monotonic clock that stands still until it is advanced."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


def forget_clock() -> None:
    """Reset what the process remembers with a time of the clock."""
    commit_watch.checked_at = float("-inf")
    next_planned_change.invalidate()
    change_token.read_at = change_token.retry_at = float("-inf")


@pytest.fixture
def fake_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeClock]:
    """Replaces the clock of the response cache, the commit watch and the circuit breakers."""
    fake = FakeClock()
    monkeypatch.setattr(clock, "monotonic", fake.monotonic)
    forget_clock()
    yield fake
    forget_clock()
