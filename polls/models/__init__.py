"""Models of polls: a question with a pro and a con side, the votes, and their kept tallies."""

import secrets

from polls.models.poll import (
    CLOSING_UNPUBLISHED,
    Choice,
    Poll,
    PollQuerySet,
    PollQuestion,
    PollTimes,
    PollToVoteIn,
    Side,
    votes_of_poll,
    votes_of_side,
)
from polls.models.tally import Tally
from polls.models.vote import NO_RULE, RULE_CHOICES, Vote, VoteDecision, VoteQuerySet

__all__ = [
    "CLOSING_UNPUBLISHED",
    "NO_RULE",
    "RULE_CHOICES",
    "Choice",
    "Poll",
    "PollQuerySet",
    "PollQuestion",
    "PollTimes",
    "PollToVoteIn",
    "Side",
    "Tally",
    "Vote",
    "VoteDecision",
    "VoteQuerySet",
    "votes_of_poll",
    "votes_of_side",
]


def new_secret() -> str:
    """The default of a former column, for its migration."""
    return secrets.token_hex(32)
