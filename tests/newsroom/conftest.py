"""Fixtures of the tests of the project package."""

import pytest

from newsroom import clock


class FakeClock:
    """A monotonic clock that stands still until it is advanced."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def fake_clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Replaces the clock of the response cache, the commit watch and the circuit breakers."""
    fake = FakeClock()
    monkeypatch.setattr(clock, "monotonic", fake.monotonic)
    return fake
