"""When to try again. Pure."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

# The waits before each attempt, the first at once. For webhooks those of the specification: 3 days.
WEBHOOK = (0 * S, 5 * S, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H)
# A cache that keeps old words is worse than one call more, and it is ours: sooner and more often.
CACHE = (
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
JITTER = 0.2
LONGEST_WISH = timedelta(hours=24)
REST_LONGEST = timedelta(seconds=60)
# A reader may fetch a page in the moment of the purge and bring the old words back into the cache: the
# answer was on its way, or a web process gave it from memory (KEEP_PUBLIC_SECONDS, at most 1). So every
# purge goes out once more when that can no longer happen.
ECHO_AFTER = timedelta(seconds=1.2)

# A clock may have been ahead when a moment was written, and right again when it is read. Whatever lies
# further ahead than could be written now is such a moment, and counts as past: else everything would
# stand still until that hour. Clocks of two hosts differ a little, and a question may wait for a row
# that is written meanwhile: so much more is believed.
SKEW = timedelta(minutes=1)
ECHO_AT_MOST = ECHO_AFTER + SKEW
WAIT_AT_MOST = max(*WEBHOOK, *CACHE, LONGEST_WISH) * (1 + JITTER) + SKEW
REST_AT_MOST = max(REST_LONGEST, LONGEST_WISH) + SKEW


def wait_before(attempt: int, *, schedule: tuple[timedelta, ...]) -> timedelta | None:
    """The wait before attempt number `attempt` (from 1), up to a fifth longer by chance so that a
    crowd does not come back at once; None when no attempt is left."""
    if attempt > len(schedule):
        return None
    return schedule[attempt - 1] * (1 + random.uniform(0, JITTER))  # noqa: S311 -- chance, no secret


def rest_after(failures: int, *, first: timedelta) -> timedelta:
    """How long a subscriber that does not answer is left alone: doubling, up to a minute."""
    doublings: int = 2 ** min(failures - 1, 10)
    return min(first * doublings, REST_LONGEST)


def wished_wait(retry_after: str, *, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, seconds or a date, at most a day; None when it is none."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**8)), LONGEST_WISH)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta()), LONGEST_WISH)
