"""Ceilings on new votes by address and by network, and bursts against a poll's own pace.

Windows are fixed: a minute, an hour, a day of the clock. One round trip to Redis for a vote, two in a
minute with more than VOTE_BURST_MINIMUM votes. Without Redis each process counts for itself.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from newsroom.fallback_cache import decrement_counters, increment_counters
from polls.models import Vote
from polls.screening.origins import Origin, origin_digest

MINUTE = 60
MINUTES_OF_PACE = 10


@dataclass(frozen=True)
class Ceiling:
    """Rate limit of votes in a fixed time window; `counter`: cache key of its counter."""

    rule: str
    most: int
    seconds: int
    counter: str


def ceilings_for(poll_id: int, origin: Origin, *, now: float, purpose: str = "") -> list[Ceiling]:
    """The ceilings that a vote from this origin counts towards."""
    ceilings = []
    for rule, place, limits in (
        (Vote.Rule.ADDRESS, origin.address, settings.VOTE_ADDRESS_CEILINGS),
        (Vote.Rule.NETWORK, origin.network, settings.VOTE_NETWORK_CEILINGS),
    ):
        digest = origin_digest(poll_id, f"{purpose}{rule}/{place}", now=now)
        for most, seconds in limits:
            counter = f"votes:{digest}:{seconds}:{int(now // seconds)}"
            ceilings.append(Ceiling(rule, most, seconds, counter))
    return ceilings


def pace_counter(poll_id: int, minute: int) -> str:
    return f"votes:pace:{poll_id}:{minute}"


def count_new_vote(
    poll_id: int, origin: Origin, *, is_known: bool, now: float | None = None
) -> str:
    """Count a vote towards its ceilings; the rule by which it is held, or "".

    `is_known`: whether the voter has an account or a cookie from before. A vote without is held as one
    (NO_PAGE) only within the ceilings: the cookie alone releases it.
    """
    now = time.time() if now is None else now
    ceilings = ceilings_for(poll_id, origin, now=now)
    minute = int(now // MINUTE)
    lifetimes = {ceiling.counter: ceiling.seconds for ceiling in ceilings}
    lifetimes[pace_counter(poll_id, minute)] = (MINUTES_OF_PACE + 1) * MINUTE
    values = increment_counters(lifetimes)
    for ceiling, value in zip(ceilings, values, strict=False):
        if value > ceiling.most:
            return ceiling.rule
    if values[-1] > settings.VOTE_BURST_MINIMUM and values[-1] > burst_limit(poll_id, minute):
        return Vote.Rule.BURST
    return "" if is_known else Vote.Rule.NO_PAGE


def burst_limit(poll_id: int, minute: int) -> float:
    """VOTE_BURST_FACTOR times the mean of the votes a minute in the ten minutes before."""
    counters = [pace_counter(poll_id, minute - ago) for ago in range(1, MINUTES_OF_PACE + 1)]
    votes = sum(cache.get_many(counters).values())
    mean: float = votes / MINUTES_OF_PACE
    return mean * settings.VOTE_BURST_FACTOR


def uncount_vote(poll_id: int, origin: Origin, *, now: float) -> None:
    """Take back what `count_new_vote` counted at the same `now` for a vote that was no new one."""
    counters = [ceiling.counter for ceiling in ceilings_for(poll_id, origin, now=now)]
    decrement_counters([*counters, pace_counter(poll_id, int(now // MINUTE))])


def may_release(poll_id: int, origin: Origin, *, now: float | None = None) -> bool:
    """Whether a passed challenge counts one more held vote of this origin: up to the ceilings again."""
    now = time.time() if now is None else now
    ceilings = ceilings_for(poll_id, origin, now=now, purpose="passed/")
    values = increment_counters({ceiling.counter: ceiling.seconds for ceiling in ceilings})
    return all(value <= c.most for c, value in zip(ceilings, values, strict=True))
