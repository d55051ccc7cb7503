"""Actions on polls: create and update, make public or private, vote, close, void a vote."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from audit.actions import record_audit
from newsroom.db.expressions import database_now
from newsroom.errors import require
from newsroom.text.normalization import is_blank, normalize_line
from outbox.actions import publish_event
from polls.errors import AlreadyVoted, InvalidPoll, NoSuchPoll, PollNotOpen, VoteVoided
from polls.models import Choice, Poll, Side, Vote
from polls.permissions import may_close_polls, may_void_votes
from polls.voter_key import Voter

# Default label, persona and avatar of each side.
MASCOTS = {"pro": ("찬", "부키", "booki"), "con": ("반", "모키", "moki")}
MAX_KEYS_PER_QUERY = 500  # within the limit of parameters of every database

# Upsert of a vote: checks opening and closing time by the database's clock; one row per poll and voter,
# of which the last choice counts. The poll row is locked against changes (closing it waits, then counts
# this vote), not against other votes.
CAST_VOTE_SQL = """
INSERT INTO polls_vote (poll_id, side, voter, browser, void, cast_at, changed_at)
SELECT p.id, %(side)s, %(voter)s, %(browser)s, {no}, {now}, {now} FROM polls_poll p
WHERE p.id = %(poll)s AND p.public AND p.opens_at <= {now}
  AND (p.closes_at IS NULL OR p.closes_at > {now}) {lock}
ON CONFLICT (poll_id, voter) DO UPDATE SET side = excluded.side,
  browser = CASE WHEN excluded.browser = '' THEN polls_vote.browser ELSE excluded.browser END,
  changed_at = CASE WHEN polls_vote.side = excluded.side THEN polls_vote.changed_at
                    ELSE excluded.changed_at END
WHERE NOT polls_vote.void
RETURNING id
"""
CAST_VOTE_DIALECTS = {
    # clock_timestamp: the time after waiting for a lock, not that of the start of the transaction.
    "postgresql": {"now": "clock_timestamp()", "no": "false", "lock": "FOR KEY SHARE OF p"},
    # One writer at a time, on the machine whose clock this is.
    "sqlite": {"now": "%(now)s", "no": "0", "lock": ""},
}


def create_poll(data: dict[str, Any]) -> Poll:
    """Create a poll, private until an article that shows it is published.

    `data`: question, sides [{key, label, persona, argument}], and optionally title, opens_at,
    closes_at, results.  Raises InvalidPoll.
    """
    return update_poll(Poll(), data=data)


@transaction.atomic
def update_poll(poll: Poll, *, data: dict[str, Any]) -> Poll:
    """Replace a poll's text, times and sides; `data` and errors as for `create_poll`.

    Only for a poll without votes that is not public; the caller checks that.
    """
    sides = {side["key"]: side for side in data.get("sides", [])}
    if is_blank(data.get("question", "")) or set(sides) != set(Choice.values):
        raise InvalidPoll
    poll.title = normalize_line(data.get("title", ""))
    poll.question = normalize_line(data["question"])
    poll.opens_at = data.get("opens_at") or timezone.now()
    poll.closes_at = data.get("closes_at")
    poll.results = data.get("results") or Poll.Results.ALWAYS
    if poll.closes_at and poll.closes_at <= poll.opens_at:
        raise InvalidPoll
    poll.save()
    for key, side in sides.items():
        label, persona, avatar = MASCOTS[key]
        Side.objects.update_or_create(
            poll=poll,
            key=key,
            defaults={
                "label": normalize_line(side.get("label") or label),
                "persona": normalize_line(side.get("persona") or persona),
                "avatar": avatar,
                "argument": normalize_line(side.get("argument") or ""),
            },
        )
    return poll


def lock_poll(poll_id: int) -> Poll:
    """Lock a poll's row until the transaction ends (SELECT FOR UPDATE) and return it."""
    return Poll.objects.select_for_update().get(pk=poll_id)


def lock_polls(poll_ids: Iterable[int]) -> set[int]:
    """Lock these polls' rows until the transaction ends, in the order of their ids; the ids found."""
    rows = Poll.objects.select_for_update().filter(pk__in=set(poll_ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def make_polls_public(poll_ids: Iterable[int]) -> None:
    """Make polls public when their articles go live. The caller holds the locks (`lock_polls`)."""
    Poll.objects.filter(pk__in=set(poll_ids)).update(public=True)


def make_polls_private(poll_ids: Iterable[int]) -> None:
    """Make polls private again; their votes stay. The caller holds the locks (`lock_polls`)."""
    Poll.objects.filter(pk__in=set(poll_ids)).update(public=False)


def get_public_poll(poll_id: int) -> Poll:
    """Return a poll that is public now. Raises NoSuchPoll (404) for any other."""
    poll = Poll.objects.public().filter(pk=poll_id).first()
    if poll is None:
        raise NoSuchPoll
    return poll


@transaction.atomic
def cast_vote(poll_id: int, *, side: str, voter: Voter) -> Poll:
    """Cast or change a vote; the same side again changes nothing. Returns the poll as it is afterwards.

    1. Find the poll (NoSuchPoll, 404, unless it is public) and lock the voter's keys.
    2. Without an account, refuse if an account has voted in this browser (AlreadyVoted): one person.
    3. With an account, take over the vote that was cast in this browser before signing in.
    4. Insert or update the vote in one statement, which checks the poll's times by the database's clock.
       No row means that the vote was voided (VoteVoided) or that the poll is not open (PollNotOpen).
    5. Read the poll again: its article may have expired while the statement waited for a lock.
    """
    poll = get_public_poll(poll_id)
    key, browser = voter.keys(poll.secret)
    lock_voter_keys(key, browser)
    if voter.account is None:
        if browser and Vote.objects.filter(poll=poll, browser=browser).exists():
            raise AlreadyVoted
    elif browser:
        adopt_anonymous_vote(poll, browser=browser, account_key=key)
    params: dict[str, Any] = {
        "poll": poll.pk,
        "side": side,
        "voter": key,
        "browser": browser if voter.account else "",
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
    }
    with connection.cursor() as cursor:
        cursor.execute(CAST_VOTE_SQL.format(**CAST_VOTE_DIALECTS[connection.vendor]), params)
        is_counted = cursor.fetchone() is not None
    if not is_counted and Vote.objects.filter(poll=poll, voter=key, void=True).exists():
        raise VoteVoided
    if not is_counted:
        raise PollNotOpen
    return get_public_poll(poll_id)


def lock_voter_keys(*keys: str) -> None:
    """Serialize the requests of one voter by advisory locks until the transaction ends (PostgreSQL).

    In sorted order, against deadlocks.  SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for key in sorted({key for key in keys if key}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def adopt_anonymous_vote(poll: Poll, *, browser: str, account_key: str) -> None:
    """Turn the vote that a browser cast before signing in into the account's: one person, one vote.

    Where the account has voted too, that vote counts and the anonymous one is voided.
    """
    anonymous = Vote.objects.select_for_update().counted().filter(poll=poll, voter=browser).first()
    if anonymous is None:
        return
    if Vote.objects.filter(poll=poll, voter=account_key).exists():
        anonymous.void = True
        anonymous.save(update_fields=["void"])
        record_audit(anonymous, verb="voided", by=None, reason="the account has voted itself")
    else:
        anonymous.voter, anonymous.browser = account_key, browser
        anonymous.save(update_fields=["voter", "browser"])


@transaction.atomic
def retract_vote(poll_id: int, *, voter: Voter) -> Poll:
    """Delete a voter's vote while the poll is open; without a vote nothing happens. Returns the poll.

    Raises NoSuchPoll (404) unless the poll is public, PollNotOpen.
    """
    poll = get_public_poll(poll_id)
    key, browser = voter.keys(poll.secret)
    lock_voter_keys(key, browser)
    lock_poll(poll.pk)  # against being closed meanwhile
    poll = get_public_poll(poll_id)
    if poll.state(database_now()) != Poll.State.OPEN:
        raise PollNotOpen
    own_keys = [key] if voter.account is None else [key, browser]  # also from before signing in
    Vote.objects.counted().filter(poll=poll, voter__in=filter(None, own_keys)).delete()
    return poll


@transaction.atomic
def close_poll(poll: Poll, *, by: Any) -> Poll:
    """Close a poll now; votes cast before are counted. Raises NotAllowed, PollNotOpen."""
    require(may_close_polls(by))
    poll = lock_poll(poll.pk)
    now = database_now()
    if poll.state(now) != Poll.State.OPEN:
        raise PollNotOpen
    poll.closes_at = max(now, poll.opens_at + timedelta(microseconds=1))
    poll.save(update_fields=["closes_at"])
    record_audit(poll, verb="closed", by=by, tally=poll.tally())
    return poll


@transaction.atomic
def publish_poll_closed(poll: Poll, *, articles: list[str]) -> bool:
    """Publish the `poll.closed` event once for each `closes_at`; returns whether it was published now.

    `articles` are the slugs of the live articles that show the poll.  Without any, the end is marked as
    published and no event is written, also later.
    """
    unpublished = Poll.objects.closed_unpublished(database_now())
    claimed = unpublished.filter(pk=poll.pk, closes_at=poll.closes_at).order_by()
    if not claimed.update(published_closes_at=F("closes_at")) or not articles:
        return False
    closes_at = poll.closes_at.isoformat() if poll.closes_at else ""
    record_audit(poll, verb="voting_ended", by=None, at=closes_at)
    publish_event(
        "poll.closed",
        key=f"poll-{poll.pk}",
        poll=poll.pk,
        closes_at=closes_at,
        articles=articles,
    )
    return True


@transaction.atomic
def void_vote(vote: Vote, *, reason: str, by: Any) -> None:
    """Take a vote out of the count; the row stays and can be reinstated. Idempotent."""
    require(may_void_votes(by))
    if Vote.objects.counted().filter(pk=vote.pk).update(void=True):
        record_audit(vote, verb="voided", by=by, reason=reason)


@transaction.atomic
def reinstate_vote(vote: Vote, *, reason: str, by: Any) -> None:
    """Count a voided vote again. Idempotent."""
    require(may_void_votes(by))
    if Vote.objects.filter(pk=vote.pk, void=True).update(void=False):
        record_audit(vote, verb="reinstated", by=by, reason=reason)


@transaction.atomic
def unlink_votes(account_id: int) -> int:
    """Replace the voter key of every vote of a closed account by a random one; returns how many.

    All of the votes still count.
    """
    votes = votes_by(Voter(account=account_id))
    for vote in votes:
        vote.voter = secrets.token_hex(32)
        vote.save(update_fields=["voter"])
    return len(votes)


def votes_by(voter: Voter) -> list[Vote]:
    """A voter's votes in all polls, oldest first, each with its poll."""
    secrets_of_polls = Poll.objects.values_list("secret", flat=True)
    keys = [voter.keys(secret)[0] for secret in secrets_of_polls]
    votes: list[Vote] = []
    for start in range(0, len(keys), MAX_KEYS_PER_QUERY):
        batch = Vote.objects.filter(voter__in=keys[start : start + MAX_KEYS_PER_QUERY])
        votes += batch.select_related("poll")
    return sorted(votes, key=lambda vote: vote.cast_at)


def sides_voted_for(polls: Iterable[Poll], *, voter: Voter) -> dict[int, str]:
    """The side a voter has chosen in each poll: {poll id: "pro"}, without polls not voted in.

    A vote cast in this browser before signing in counts as the account's.
    """
    keys = {poll.pk: voter.keys(poll.secret) for poll in polls}
    own_keys = {key for pair in keys.values() for key in pair if key}
    # Filtered by poll as well: there is no index on the voter key alone.
    votes = Vote.objects.counted().filter(poll__in=keys, voter__in=own_keys)
    side_by_key = dict(votes.values_list("voter", "side"))
    sides = {
        pk: side_by_key.get(key) or side_by_key.get(browser) for pk, (key, browser) in keys.items()
    }
    return {pk: side for pk, side in sides.items() if side}
