"""Invalidation rules of polls: which keys of public responses a change of a poll's rows invalidates."""

from newsroom.db.invalidation_rules import InvalidationRule, KeyResolver
from polls.cache_targets import poll_key

KIND = "poll"
INVALIDATION_RULES = [
    InvalidationRule(
        "polls_poll",
        ((KIND, "id"),),
        ignored=("version", "tally_drift", "legacy_salt", "unlinked_at"),
    ),
    InvalidationRule("polls_side", ((KIND, "poll_id"),)),
    InvalidationRule("polls_tally", ((KIND, "poll_id"),), is_count=True),
]
KEY_RESOLVERS: dict[str, KeyResolver] = {KIND: lambda _cursor, ids: map(poll_key, ids)}
