"""What happens to polls: written by editors, shown and hidden with their article, voted in."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from audit.actions import record_audit
from newsroom.errors import require
from newsroom.text.normalization import is_blank, normalize_line
from outbox.actions import publish_event
from polls.errors import AlreadyVoted, InvalidPoll, NoSuchPoll, PollNotOpen, VoteVoided
from polls.models import Choice, Poll, Side, Vote
from polls.permissions import may_close_polls, may_void_votes
from polls.voter_key import Voter

MASCOTS = {"pro": ("찬", "부키", "booki"), "con": ("반", "모키", "moki")}

# One statement: open by the database's own clock, one row per voter, the last choice counts. The
# poll is held against changes (who closes it waits, then counts this vote), not against other votes.
CAST_VOTE_SQL = """
INSERT INTO polls_vote (poll_id, side, voter, browser, void, cast_at, changed_at)
SELECT p.id, %(side)s, %(voter)s, %(browser)s, {no}, {now}, {now} FROM polls_poll p
WHERE p.id = %(poll)s AND p.public AND p.opens_at <= {now}
  AND (p.closes_at IS NULL OR p.closes_at > {now}) {hold}
ON CONFLICT (poll_id, voter) DO UPDATE SET side = excluded.side,
  browser = CASE WHEN excluded.browser = '' THEN polls_vote.browser ELSE excluded.browser END,
  changed_at = CASE WHEN polls_vote.side = excluded.side THEN polls_vote.changed_at
                    ELSE excluded.changed_at END
WHERE NOT polls_vote.void
RETURNING id
"""
# clock_timestamp: after a wait for whoever held the poll, the moment is not the one of the asking.
CAST_VOTE_DIALECTS = {
    "postgresql": {"now": "clock_timestamp()", "no": "false", "hold": "FOR KEY SHARE OF p"},
    # One process writes at a time, on the machine whose clock this is.
    "sqlite": {"now": "%(now)s", "no": "0", "hold": ""},
}


def create_poll(data: dict[str, Any]) -> Poll:
    """A new poll, private until an article shows it.

    `words`: question, sides [{key, label, persona, argument}], and optionally title, opens_at,
    closes_at, results.  Raises Unfit.
    """
    return update_poll(Poll(), data=data)


@transaction.atomic
def update_poll(poll: Poll, *, data: dict[str, Any]) -> Poll:
    """Write a poll's words anew. Only for one that nobody has voted in and no reader sees."""
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
    """Hold the poll until the transaction ends."""
    return Poll.objects.select_for_update().get(pk=poll_id)


def lock_polls(poll_ids: Iterable[int]) -> set[int]:
    """Hold these polls until the transaction ends, in the order of their numbers."""
    rows = Poll.objects.select_for_update().filter(pk__in=set(poll_ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def make_polls_public(poll_ids: Iterable[int]) -> None:
    """Let readers see these polls, held by the caller. Part of showing their articles."""
    Poll.objects.filter(pk__in=set(poll_ids)).update(public=True)


def make_polls_private(poll_ids: Iterable[int]) -> None:
    """Take these polls, held by the caller, away from readers. Their votes stay."""
    Poll.objects.filter(pk__in=set(poll_ids)).update(public=False)


@transaction.atomic
def cast_vote(poll_id: int, *, side: str, voter: Voter) -> Poll:
    """Vote, or change one's vote; the same choice again changes nothing. The poll as it is now.

    Raises NoSuchPoll (404) where readers see none, NotOpen, AlreadyVoted, TakenOut.
    """
    poll = get_public_poll(poll_id)
    key, browser = voter.keys(poll.secret)
    lock_voter_keys(key, browser)
    if voter.account is None and signed_in_here(poll, browser):
        raise AlreadyVoted
    if voter.account is not None and browser:
        adopt_anonymous_vote(poll, browser=browser, account_key=key)
    words: dict[str, Any] = {
        "poll": poll.pk,
        "side": side,
        "voter": key,
        "browser": browser if voter.account else "",
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
    }
    with connection.cursor() as cursor:
        cursor.execute(CAST_VOTE_SQL.format(**CAST_VOTE_DIALECTS[connection.vendor]), words)
        counted = cursor.fetchone()
    if counted is None:
        raise (
            VoteVoided
            if Vote.objects.filter(poll=poll, voter=key, void=True).exists()
            else PollNotOpen
        )
    return get_public_poll(poll_id)  # its story's time may have ended while the vote waited


def get_public_poll(poll_id: int) -> Poll:
    """A poll that readers see. Raises NoSuchPoll for every other."""
    poll = Poll.objects.public().filter(pk=poll_id).first()
    if poll is None:
        raise NoSuchPoll
    return poll


def lock_voter_keys(*keys: str) -> None:
    """Let one person's clicks pass one after the other until the transaction ends.

    SQLite lets one write at a time as it is.  The keys in order, so that two cannot wait for each other.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for key in sorted({key for key in keys if key}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def signed_in_here(poll: Poll, browser: str) -> bool:
    """Whether somebody voted signed in at this browser: without the account it is the same person."""
    return Vote.objects.filter(poll=poll, browser=browser).exclude(browser="").exists()


def adopt_anonymous_vote(poll: Poll, *, browser: str, account_key: str) -> None:
    """Make the vote cast before signing in the account's own; one person, one vote.

    Where the account has voted too, that vote counts and the anonymous one is voided.
    """
    before = Vote.objects.select_for_update().counted().filter(poll=poll, voter=browser).first()
    if before is None:
        return
    if Vote.objects.filter(poll=poll, voter=account_key).exists():
        before.void = True
        before.save(update_fields=["void"])
        record_audit(before, verb="voided", by=None, reason="the account has voted itself")
    else:
        before.voter, before.browser = account_key, browser
        before.save(update_fields=["voter", "browser"])


@transaction.atomic
def retract_vote(poll_id: int, *, voter: Voter) -> Poll:
    """Take one's vote back while the poll is open. Without a vote nothing happens. The poll as it is now.

    Raises NoSuchPoll (404) where readers see none, NotOpen.
    """
    poll = get_public_poll(poll_id)
    key, browser = voter.keys(poll.secret)
    lock_voter_keys(key, browser)
    lock_poll(poll.pk)  # who closes it waits, or has closed it
    poll = get_public_poll(poll_id)
    if poll.state(database_now()) != "open":
        raise PollNotOpen
    mine = [key] if voter.account is None else [key, browser]  # also the one from before signing in
    Vote.objects.counted().filter(poll=poll, voter__in=filter(None, mine)).delete()
    return poll


@transaction.atomic
def close_poll(poll: Poll, *, by: Any) -> Poll:
    """End the voting now. Votes that came before are counted. Raises NotAllowed, NotOpen."""
    require(may_close_polls(by))
    poll = lock_poll(poll.pk)
    now = database_now()
    if poll.state(now) != "open":
        raise PollNotOpen
    poll.closes_at = max(now, poll.opens_at + timedelta(microseconds=1))
    poll.save(update_fields=["closes_at"])
    record_audit(poll, verb="closed", by=by, tally=poll.tally())
    return poll


@transaction.atomic
def publish_poll_closed(poll: Poll, *, articles: list[str]) -> bool:
    """Let the world hear that the poll has closed, once for each end; whether it does now.

    `articles` are the addresses at which readers see it.  Of a poll that nobody sees nothing is told,
    and this end is not told later either.
    """
    mine = Poll.objects.closed_unpublished(database_now()).filter(
        pk=poll.pk, closes_at=poll.closes_at
    )
    if not mine.order_by().update(published_closes_at=F("closes_at")) or not articles:
        return False
    ended = poll.closes_at.isoformat() if poll.closes_at else ""
    record_audit(poll, verb="voting_ended", by=None, at=ended)
    publish_event(
        "poll.closed", key=f"poll-{poll.pk}", poll=poll.pk, closes_at=ended, articles=articles
    )
    return True


def database_now() -> datetime:
    """The moment by the one clock that all servers share."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


@transaction.atomic
def void_vote(vote: Vote, *, reason: str, by: Any) -> None:
    """Take a vote out of the count; it stays and can be counted again. Twice changes nothing."""
    require(may_void_votes(by))
    if Vote.objects.counted().filter(pk=vote.pk).update(void=True):
        record_audit(vote, verb="voided", by=by, reason=reason)


@transaction.atomic
def reinstate_vote(vote: Vote, *, reason: str, by: Any) -> None:
    """Take a voided vote back into the count. Twice changes nothing."""
    require(may_void_votes(by))
    if Vote.objects.filter(pk=vote.pk, void=True).update(void=False):
        record_audit(vote, verb="reinstated", by=by, reason=reason)


@transaction.atomic
def unlink_votes(account_id: int) -> int:
    """Cut every vote of a closed account loose from it; all of them still count. How many."""
    loose = 0
    for vote in votes_by(Voter(account=account_id)):
        vote.voter = secrets.token_hex(32)
        vote.save(update_fields=["voter"])
        loose += 1
    return loose


def votes_by(voter: Voter) -> list[Vote]:
    """Every vote of this person in any poll, oldest first, each with its poll."""
    polls = Poll.objects.values_list("secret", flat=True)
    keys = [voter.keys(secret)[0] for secret in polls]
    found: list[Vote] = []
    for start in range(0, len(keys), 500):  # as many parameters as any database takes
        some = Vote.objects.filter(voter__in=keys[start : start + 500])
        found += some.select_related("poll")
    return sorted(found, key=lambda vote: vote.cast_at)


def sides_voted_for(polls: Iterable[Poll], *, voter: Voter) -> dict[int, str]:
    """The sides this voter has taken, {poll number: "pro"}; polls without a counted vote are left out.

    A vote cast in this browser before signing in is the account's already.
    """
    keys = {poll.pk: voter.keys(poll.secret) for poll in polls}
    mine = {key for pair in keys.values() for key in pair if key}
    # The polls are named too: a voter's key alone is in no index, and every open page asks this.
    votes = Vote.objects.counted().filter(poll__in=keys, voter__in=mine)
    cast = dict(votes.values_list("voter", "side"))
    taken = {pk: cast.get(key) or cast.get(browser) for pk, (key, browser) in keys.items()}
    return {pk: side for pk, side in taken.items() if side}
