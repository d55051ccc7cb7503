"""Retry policy: delays between attempts, pauses of a subscriber, Retry-After. Pure."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

# The delay before each attempt, the first at once. For webhooks those of Standard Webhooks: 3 days.
WEBHOOK_RETRY_DELAYS = (0 * S, 5 * S, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H)
# A stale copy is worse than a call too many, and the cache is ours: sooner and more often.
PURGE_RETRY_DELAYS = (
    *(0 * S, 1 * S, 2 * S, 5 * S, 15 * S),
    *(1 * M, 2 * M, 5 * M, 15 * M, 1 * H, 3 * H, 10 * H, 24 * H),
)
JITTER_RATIO = 0.2
MAX_RETRY_AFTER = timedelta(hours=24)
MAX_PAUSE = timedelta(seconds=60)
# A cache may fetch a page at the moment of the purge and store the old response: it was under way, or came
# from a response cache (RESPONSE_CACHE_SECONDS, at most 1). So every purge is repeated once that is over.
REPEAT_PURGE_AFTER = timedelta(seconds=1.2)

# A clock may have been ahead when a time was written, and right when it is read. A time further ahead than
# any that can be written now counts as past: otherwise everything would wait for it. Between two hosts,
# and while a query waits for a row lock, so much difference is normal.
MAX_CLOCK_SKEW = timedelta(minutes=1)
MAX_REPEAT_AHEAD = REPEAT_PURGE_AFTER + MAX_CLOCK_SKEW
MAX_RETRY_AHEAD = (
    max(*WEBHOOK_RETRY_DELAYS, *PURGE_RETRY_DELAYS, MAX_RETRY_AFTER) * (1 + JITTER_RATIO)
    + MAX_CLOCK_SKEW
)
MAX_PAUSE_AHEAD = max(MAX_PAUSE, MAX_RETRY_AFTER) + MAX_CLOCK_SKEW


def backoff(attempt: int, *, delays: tuple[timedelta, ...]) -> timedelta | None:
    """The delay before attempt number `attempt` (from 1); None when no attempt is left.

    With jitter of up to a fifth, so that many deliveries are not retried at once.
    """
    if attempt > len(delays):
        return None
    return delays[attempt - 1] * (1 + random.uniform(0, JITTER_RATIO))  # noqa: S311 -- chance, no secret


def pause_after(failures: int, *, initial: timedelta) -> timedelta:
    """The pause of an unavailable subscriber: doubled with each failure in a row, up to `MAX_PAUSE`."""
    factor: int = 2 ** min(failures - 1, 10)
    return min(initial * factor, MAX_PAUSE)


def parse_retry_after(retry_after: str, *, now: datetime) -> timedelta | None:
    """The delay that a Retry-After header asks for, in seconds or as a date (RFC 9110, section 10.2.3).

    At most `MAX_RETRY_AFTER`; None when it is invalid.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**8)), MAX_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta()), MAX_RETRY_AFTER)
