"""Actions on polls: create, update, make public or private, vote, close, decide on votes, unlink them."""

from polls.actions.closing import close_poll, publish_poll_closed, set_election_day
from polls.actions.deciding import (
    VoteClass,
    decide_votes,
    undo_decision,
    undo_last_decision,
)
from polls.actions.editing import MASCOTS, create_poll, update_poll
from polls.actions.locking import lock_poll, lock_polls
from polls.actions.visibility import get_public_poll, make_polls_private, make_polls_public
from polls.actions.voters import (
    sides_voted_for,
    unlink_closed_polls,
    unlink_poll,
    unlink_votes,
    votes_by,
)
from polls.actions.voting import VoteCast, cast_vote, retract_vote

__all__ = [
    "MASCOTS",
    "VoteCast",
    "VoteClass",
    "cast_vote",
    "close_poll",
    "create_poll",
    "decide_votes",
    "get_public_poll",
    "lock_poll",
    "lock_polls",
    "make_polls_private",
    "make_polls_public",
    "publish_poll_closed",
    "retract_vote",
    "set_election_day",
    "sides_voted_for",
    "undo_decision",
    "undo_last_decision",
    "unlink_closed_polls",
    "unlink_poll",
    "unlink_votes",
    "update_poll",
    "votes_by",
]
