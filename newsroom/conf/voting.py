"""Settings of polls, from the environment (docs/polls.md)."""

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import (
    env,
    read_choice,
    read_days,
    read_int,
    read_purpose_secret,
    read_seconds,
)

__all__ = [
    "ELECTION_VOTING_ENDS_HOUR",
    "POLL_GRACE_DAYS",
    "VOTE_ADDRESS_CEILINGS",
    "VOTE_BURST_FACTOR",
    "VOTE_BURST_MINIMUM",
    "VOTE_CHALLENGE",
    "VOTE_CHALLENGE_SECRET",
    "VOTE_CHALLENGE_SITE_KEY",
    "VOTE_CHALLENGE_TIMEOUT_SECONDS",
    "VOTE_NETWORK_CEILINGS",
    "VOTE_PROOF_BITS",
    "VOTE_SECRET",
]

SECONDS_BY_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
MAX_CEILING_SECONDS = 86_400  # the digests of addresses change every day


def read_ceilings(name: str, *, default: str) -> tuple[tuple[int, int], ...]:
    """A variable as ceilings by time, `100/min,400/h`: ((100, 60), (400, 3600)); none for 0."""
    rates = [text.strip() for text in env.str(name, default=default).split(",")]
    ceilings = tuple(parse_ceiling(name, rate) for rate in rates if rate not in {"", "0"})
    if any(seconds > MAX_CEILING_SECONDS for _votes, seconds in ceilings):
        raise ImproperlyConfigured(f"{name} must be of a day at most.")
    return ceilings


def parse_ceiling(name: str, rate: str) -> tuple[int, int]:
    votes, _slash, unit = rate.partition("/")
    if not (votes.isascii() and votes.isdigit() and unit in {"s", "min", "h", "d"}):
        raise ImproperlyConfigured(f"{name} must be like 100/min,400/h,1000/d, not {rate!r}.")
    return int(votes), SECONDS_BY_UNIT[unit[0]]


VOTE_SECRET = read_purpose_secret("VOTE_SECRET")
# New votes of a poll that count from one address (of IPv6: a /64 network) and from its network (/24, /48).
VOTE_ADDRESS_CEILINGS = read_ceilings("VOTE_ADDRESS_CEILINGS", default="100/min,400/h,1000/d")
VOTE_NETWORK_CEILINGS = read_ceilings("VOTE_NETWORK_CEILINGS", default="400/min,1600/h,4000/d")
# A burst: more new votes in a minute than this, and so many times the mean of the ten minutes before.
VOTE_BURST_MINIMUM = read_int("VOTE_BURST_MINIMUM", default=600, minimum=1, maximum=1_000_000)
VOTE_BURST_FACTOR = read_int("VOTE_BURST_FACTOR", default=10, minimum=2, maximum=1000)
# What a held vote is asked for; the outside ones need both keys of their provider.
VOTE_CHALLENGE = read_choice(
    "VOTE_CHALLENGE",
    *("proof_of_work", "turnstile", "hcaptcha", "none"),
    default="proof_of_work",
)
VOTE_PROOF_BITS = read_int("VOTE_PROOF_BITS", default=16, minimum=1, maximum=30)
VOTE_CHALLENGE_SITE_KEY = env.str("VOTE_CHALLENGE_SITE_KEY", default="")
VOTE_CHALLENGE_SECRET = env.str("VOTE_CHALLENGE_SECRET", default="")
VOTE_CHALLENGE_TIMEOUT_SECONDS = read_seconds("VOTE_CHALLENGE_TIMEOUT", default=3, maximum=10)
if VOTE_CHALLENGE in {"turnstile", "hcaptcha"} and not (
    VOTE_CHALLENGE_SITE_KEY and VOTE_CHALLENGE_SECRET
):
    raise ImproperlyConfigured(
        f"VOTE_CHALLENGE={VOTE_CHALLENGE} needs VOTE_CHALLENGE_SITE_KEY and VOTE_CHALLENGE_SECRET."
    )
# Days after closing in which held votes are decided on; then voters' keys are replaced by random ones.
POLL_GRACE_DAYS = read_days("POLL_GRACE_DAYS", default=7)
# The hour at which voting in an election ends: 18 (공직선거법 §155; 20 in by-elections).
ELECTION_VOTING_ENDS_HOUR = read_int("ELECTION_VOTING_ENDS_HOUR", default=18, minimum=1, maximum=23)
