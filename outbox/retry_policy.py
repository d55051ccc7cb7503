"""When to try again. Pure."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

# The waits before each attempt, the first at once. For webhooks those of the specification: 3 days.
WEBHOOK_RETRY_DELAYS = (0 * S, 5 * S, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H)
# A cache that keeps old words is worse than one call more, and it is ours: sooner and more often.
PURGE_RETRY_DELAYS = (
    0 * S,
    1 * S,
    2 * S,
    5 * S,
    15 * S,
    1 * M,
    2 * M,
    5 * M,
    15 * M,
    1 * H,
    3 * H,
    10 * H,
    24 * H,
)
JITTER_RATIO = 0.2
MAX_RETRY_AFTER = timedelta(hours=24)
MAX_PAUSE = timedelta(seconds=60)
# A reader may fetch a page in the moment of the purge and bring the old words back into the cache: the
# answer was on its way, or a web process gave it from memory (KEEP_PUBLIC_SECONDS, at most 1). So every
# purge goes out once more when that can no longer happen.
REPEAT_PURGE_AFTER = timedelta(seconds=1.2)

# A clock may have been ahead when a moment was written, and right again when it is read. Whatever lies
# further ahead than could be written now is such a moment, and counts as past: else everything would
# stand still until that hour. Clocks of two hosts differ a little, and a question may wait for a row
# that is written meanwhile: so much more is believed.
MAX_CLOCK_SKEW = timedelta(minutes=1)
MAX_REPEAT_AHEAD = REPEAT_PURGE_AFTER + MAX_CLOCK_SKEW
MAX_RETRY_AHEAD = (
    max(*WEBHOOK_RETRY_DELAYS, *PURGE_RETRY_DELAYS, MAX_RETRY_AFTER) * (1 + JITTER_RATIO)
    + MAX_CLOCK_SKEW
)
MAX_PAUSE_AHEAD = max(MAX_PAUSE, MAX_RETRY_AFTER) + MAX_CLOCK_SKEW


def backoff(attempt: int, *, delays: tuple[timedelta, ...]) -> timedelta | None:
    """The wait before attempt number `attempt` (from 1), up to a fifth longer by chance so that a
    crowd does not come back at once; None when no attempt is left."""
    if attempt > len(delays):
        return None
    return delays[attempt - 1] * (1 + random.uniform(0, JITTER_RATIO))  # noqa: S311 -- chance, no secret


def pause_after(failures: int, *, initial: timedelta) -> timedelta:
    """How long a subscriber that does not answer is left alone: doubling, up to a minute."""
    doublings: int = 2 ** min(failures - 1, 10)
    return min(initial * doublings, MAX_PAUSE)


def parse_retry_after(retry_after: str, *, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, seconds or a date, at most a day; None when it is none."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**8)), MAX_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta()), MAX_RETRY_AFTER)
