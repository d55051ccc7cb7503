"""Cast, change and take back votes."""

from dataclasses import dataclass
from functools import cache

from django.db import connection, transaction
from django.db.models import BigIntegerField

from accounts.actions import lock_account, lock_writing_account
from newsroom import clock
from newsroom.db.compiled_queries import CompiledQuery, Param
from newsroom.db.expressions import database_now
from newsroom.db.read_models import read_as
from polls.actions.casting import cast_at_once, insert_vote_sql, known_polls, vote_params
from polls.actions.locking import lock_voter_keys, share_poll
from polls.actions.tallies import add_to_tally
from polls.errors import AlreadyVoted, ElectionBlackout, NoSuchPoll, PollNotOpen, VoteVoided
from polls.models import Poll, PollToVoteIn, Vote
from polls.representation import TalliedSide, tallied_sides_of_public
from polls.voter_key import PollKey, Voter, poll_key


@dataclass(frozen=True)
class VoteCast:
    """What became of a vote: its side and state, the poll and its sides as they are afterwards.

    `is_new`: whether it is the voter's first in this poll.  `rule`: what holds it.  `is_released`: whether
    a held one is counted now.  `is_decided`: whether a person has decided on it.
    """

    poll: PollToVoteIn
    sides: list[TalliedSide]
    side: str
    state: str = Vote.State.COUNTED
    rule: str = ""
    is_new: bool = False
    is_released: bool = False
    is_decided: bool = False

    @property
    def is_challengeable(self) -> bool:
        """Whether a passed challenge would count it."""
        return self.state == Vote.State.ON_HOLD and not self.is_decided


@cache
def poll_to_vote_in() -> CompiledQuery[PollToVoteIn]:
    polls = Poll.objects.public().filter(pk=Param("poll", BigIntegerField()))
    return CompiledQuery(read_as(polls, PollToVoteIn))


def get_poll_to_vote_in(poll_id: int) -> PollToVoteIn:
    """A public poll, for a vote. Raises NoSuchPoll (404) for any other."""
    if poll_id <= BigIntegerField.MAX_BIGINT:
        for poll in poll_to_vote_in().fetch(poll=poll_id):
            return poll
    raise NoSuchPoll


def get_known_poll(poll_id: int) -> PollToVoteIn:
    """The same, read in the last RESPONSE_CACHE_SECONDS: for a vote that `cast_vote` decides on."""
    if (poll := known_polls.find(poll_id)) is None:
        read_at = clock.monotonic()
        poll = get_poll_to_vote_in(poll_id)
        known_polls.store(poll, read_at=read_at)
    return poll


def key_of(poll: Poll | PollToVoteIn) -> PollKey:
    return poll_key(poll.pk, legacy_salt=poll.legacy_salt)


def cast_vote(
    poll_id: int,
    *,
    side: str,
    voter: Voter,
    hold: str = "",
    is_proven: bool = False,
    poll: PollToVoteIn | None = None,
) -> VoteCast:
    """Cast or change a vote; the same side again changes nothing.

    `hold` is the rule (Vote.Rule) by which a new vote is held instead of counted.  A vote that a rule holds
    already is counted now if its voter has passed a challenge (`is_proven`), or, where it was held since
    no page had been read, if there is no other rule to hold it.  One held by a person's decision stays so.

    `poll` is what was read of it for this request.  Nearly every vote is cast at once
    (polls/actions/casting.py), the others in steps.
    """
    poll = poll or get_poll_to_vote_in(poll_id)
    if not voter.account:
        keys, is_new_browser = voter.keys(key_of(poll)), voter.is_new_browser
        cast = cast_at_once(poll_id, side=side, keys=keys, hold=hold, is_new_browser=is_new_browser)
        if cast:
            state = Vote.State.ON_HOLD if cast.is_new and hold else Vote.State.COUNTED
            return VoteCast(poll, cast.sides, side, state, cast.rule, cast.is_new)
    return cast_in_steps(poll_id, side=side, voter=voter, hold=hold, is_proven=is_proven)


@transaction.atomic
def cast_in_steps(poll_id: int, *, side: str, voter: Voter, hold: str, is_proven: bool) -> VoteCast:
    """Cast or change a vote, as `cast_vote`.

    1. Find the poll (NoSuchPoll, 404, unless it is public), lock the account (as
       `lock_writing_account`) and the voter's keys.
    2. With an account, take over the vote that was cast in this browser before signing in.
    3. Insert the vote in one statement, which checks the poll's times by the database's clock.
    4. No row means that there is one (`change_vote`), or a reason to refuse it (`refusal_of`).
    5. Add it to the tally, and read it: the article may have expired while a statement waited for a lock.
    """
    poll = get_poll_to_vote_in(poll_id)
    key, browser = voter.keys(key_of(poll))
    if voter.account:
        lock_writing_account(voter.account)
    if not voter.is_new_browser:
        lock_voter_keys(key, browser)
    if voter.account and browser:
        adopt_anonymous_vote(poll_id, browser=browser, account_key=key)
    is_new = insert_vote(
        poll_id, side=side, keys=(key, browser), is_signed_in=bool(voter.account), hold=hold
    )
    state, rule = (Vote.State.ON_HOLD if hold else Vote.State.COUNTED), hold
    is_released = is_decided = False
    if is_new and not hold:
        add_to_tally(poll_id, **{side: 1})
    elif not is_new:
        vote, is_released = change_vote(
            poll_id,
            side=side,
            key=key,
            browsers=(browser, "" if voter.account else browser),
            releases=set(Vote.Rule) if is_proven else set() if hold else {Vote.Rule.NO_PAGE},
        )
        state, rule = Vote.State(vote.state), vote.rule
        is_decided = vote.decision_id is not None
    return VoteCast(poll, get_sides(poll_id), side, state, rule, is_new, is_released, is_decided)


def get_sides(poll_id: int) -> list[TalliedSide]:
    """The sides of a public poll with their votes. Raises NoSuchPoll if it is not public any more."""
    if sides := tallied_sides_of_public(poll_id):
        return sides
    raise NoSuchPoll


def insert_vote(
    poll_id: int, *, side: str, keys: tuple[str, str], is_signed_in: bool, hold: str
) -> bool:
    """Insert a new vote if the poll is open and the voter has none; whether it was."""
    params = vote_params(poll_id, side=side, keys=keys, is_signed_in=is_signed_in, hold=hold)
    with connection.cursor() as cursor:
        cursor.execute(insert_vote_sql(connection.vendor), params)
        return cursor.fetchone() is not None


def change_vote(
    poll_id: int,
    *,
    side: str,
    key: str,
    browsers: tuple[str, str],
    releases: set[Vote.Rule],
) -> tuple[Vote, bool]:
    """Change the side of a voter's vote, or count it if it is held by one of the rules in `releases`; the
    vote, and whether it is counted now.

    `browsers`: the key of the voter's browser, and the same for a voter without an account.
    Raises what `refusal_of` returns.
    """
    poll = share_poll(poll_id)
    votes = Vote.objects.select_for_update(no_key=True).filter(poll=poll_id, voter=key)
    vote = votes.first()
    if (refusal := refusal_of(poll, vote, anonymous=browsers[1])) or vote is None:
        raise refusal or PollNotOpen
    before = counts_of(vote)
    if vote.side != side:
        vote.side, vote.changed_at = side, database_now()
    vote.browser = browsers[0] if browsers[0] and not browsers[1] else vote.browser
    if vote.state == Vote.State.REVOKED:
        vote.state = Vote.State.ON_HOLD
    is_released = is_held_by_rule(vote) and vote.rule in releases
    if is_released:
        vote.state = Vote.State.COUNTED  # in no log: its time would outlive the link to the voter
    vote.save(update_fields=["side", "changed_at", "browser", "state"])
    after = counts_of(vote)
    add_to_tally(poll_id, **{name: after[name] - before[name] for name in after})
    return vote, is_released


def is_held_by_rule(vote: Vote) -> bool:
    """Whether a rule holds the vote. What a person's decision holds, a person alone counts."""
    return vote.state == Vote.State.ON_HOLD and vote.decision_id is None


def is_releasable(poll: Poll | PollToVoteIn, *, voter: Voter) -> bool:
    """Whether this voter has a held vote that a passed challenge counts. Without a lock."""
    keys = [key for key in voter.keys(key_of(poll)) if key]
    by_rule = Vote.objects.on_hold().filter(decision=None)
    return by_rule.filter(poll=poll.pk, voter__in=keys).exists()


def refusal_of(poll: Poll | None, vote: Vote | None, *, anonymous: str) -> Exception | None:
    """Why a vote that was not inserted is refused; None if it is one to change."""
    if poll is None or not poll.public:
        return NoSuchPoll()
    if refusal := why_not_open(poll):
        return refusal
    if anonymous and Vote.objects.filter(poll=poll, browser=anonymous).exclude(browser="").exists():
        return AlreadyVoted()
    if vote is not None and vote.state == Vote.State.VOID:
        return VoteVoided()
    return None


def why_not_open(poll: Poll) -> Exception | None:
    """Why the poll takes no votes now, by the database's clock; None if it does."""
    state = poll.state(database_now())
    if state == Poll.State.BLACKOUT:
        return ElectionBlackout()
    return PollNotOpen() if state != Poll.State.OPEN or poll.unlinked_at else None


def counts_of(vote: Vote) -> dict[str, int]:
    """What a vote adds to the tally."""
    is_counted = vote.state == Vote.State.COUNTED
    return {name: int(is_counted and vote.side == name) for name in ("pro", "con")}


def adopt_anonymous_vote(poll_id: int, *, browser: str, account_key: str) -> None:
    """Turn the vote that a browser cast before signing in into the account's: one person, one vote.

    Where the account has voted too, that vote counts and the anonymous one is voided.
    """
    anonymous = Vote.objects.filter(poll=poll_id, voter=browser).exclude(state=Vote.State.VOID)
    if not anonymous.exists():  # before the lock: hardly anybody has one
        return
    share_poll(poll_id)
    vote = anonymous.select_for_update(no_key=True).first()
    if vote is None:
        return
    if Vote.objects.filter(poll=poll_id, voter=account_key).exists():
        counted = counts_of(vote)
        vote.state, vote.rule = Vote.State.VOID, Vote.Rule.DOUBLE
        vote.save(update_fields=["state", "rule"])
        add_to_tally(poll_id, **{name: -n for name, n in counted.items()})
    else:
        vote.voter, vote.browser = account_key, browser
        vote.save(update_fields=["voter", "browser"])


@transaction.atomic
def retract_vote(poll_id: int, *, voter: Voter) -> VoteCast:
    """Delete a voter's vote while the poll is open; without a vote nothing happens.

    One that a person's decision holds is no longer the voter's, and stays to hold the next one.

    A suspended reader may, too. Raises NoSuchPoll (404) unless the poll is public, PollNotOpen,
    ElectionBlackout, NotAllowed.
    """
    poll = get_poll_to_vote_in(poll_id)
    key, browser = voter.keys(key_of(poll))
    if voter.account:
        lock_account(voter.account)
    lock_voter_keys(key, browser)
    shared = share_poll(poll_id)  # against being closed meanwhile
    if shared is None:
        raise NoSuchPoll
    if refusal := why_not_open(shared):
        raise refusal
    own_keys = [key] if voter.account is None else [key, browser]  # also from before signing in
    votes = Vote.objects.cast().select_for_update()
    taken_back = {"pro": 0, "con": 0}
    for vote in votes.filter(poll=poll_id, voter__in=[key for key in own_keys if key]):
        for name, n in counts_of(vote).items():
            taken_back[name] -= n
        if vote.state == Vote.State.ON_HOLD and vote.decision_id:
            vote.state, vote.changed_at = Vote.State.REVOKED, database_now()
            vote.save(update_fields=["state", "changed_at"])
        else:
            vote.delete()
    add_to_tally(poll_id, **taken_back)
    return VoteCast(poll, get_sides(poll_id), side="", state="")
