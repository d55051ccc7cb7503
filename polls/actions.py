"""What happens to polls: written by editors, shown and hidden with their article, voted in."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from logbook.actions import record
from newsroom.text import is_blank, one_line
from polls.errors import AlreadyVoted, NoSuchPoll, NotOpen, Unfit
from polls.models import Choice, Poll, Side, Vote
from polls.voters import Voter

MASCOTS = {"pro": ("찬", "부키", "booki"), "con": ("반", "모키", "moki")}

# One statement: open by the database's own clock, one row per voter, the last choice counts.
CAST = """
INSERT INTO polls_vote (poll_id, side, voter, browser, void, cast_at, changed_at)
SELECT p.id, %(side)s, %(voter)s, %(browser)s, {no}, {now}, {now} FROM polls_poll p
WHERE p.id = %(poll)s AND p.public AND p.opens_at <= {now}
  AND (p.closes_at IS NULL OR p.closes_at > {now})
ON CONFLICT (poll_id, voter) DO UPDATE SET side = excluded.side,
  browser = CASE WHEN excluded.browser = '' THEN polls_vote.browser ELSE excluded.browser END,
  changed_at = CASE WHEN polls_vote.side = excluded.side THEN polls_vote.changed_at
                    ELSE excluded.changed_at END
RETURNING id
"""
CLOCK = {
    "postgresql": {"now": "statement_timestamp()", "no": "false"},
    "sqlite": {"now": "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')", "no": "0"},
}


def compose(words: dict[str, Any]) -> Poll:
    """A new poll, private until an article shows it.

    `words`: question, sides [{key, label, persona, argument}], and optionally title, opens_at,
    closes_at, results.  Raises Unfit.
    """
    return recompose(Poll(), words)


@transaction.atomic
def recompose(poll: Poll, words: dict[str, Any]) -> Poll:
    """Write a poll's words anew. Only for one that nobody has voted in and no reader sees."""
    sides = {side["key"]: side for side in words.get("sides", [])}
    if is_blank(words.get("question", "")) or set(sides) != set(Choice.values):
        raise Unfit
    poll.title = one_line(words.get("title", ""))
    poll.question = one_line(words["question"])
    poll.opens_at = words.get("opens_at") or timezone.now()
    poll.closes_at = words.get("closes_at")
    poll.results = words.get("results") or Poll.Results.ALWAYS
    if poll.closes_at and poll.closes_at <= poll.opens_at:
        raise Unfit
    poll.save()
    for key, side in sides.items():
        label, persona, avatar = MASCOTS[key]
        Side.objects.update_or_create(
            poll=poll,
            key=key,
            defaults={
                "label": one_line(side.get("label") or label),
                "persona": one_line(side.get("persona") or persona),
                "avatar": avatar,
                "argument": one_line(side.get("argument") or ""),
            },
        )
    return poll


def lock(poll_id: int) -> Poll:
    """Hold the poll until the transaction ends."""
    return Poll.objects.select_for_update().get(pk=poll_id)


def reveal(poll_id: int) -> None:
    """Let readers see the poll. Part of showing its article; the caller's transaction."""
    lock(poll_id)
    Poll.objects.filter(pk=poll_id).update(public=True)


def hide(poll_id: int) -> None:
    """Take the poll, held by the caller, away from readers. Its votes stay."""
    Poll.objects.filter(pk=poll_id).update(public=False)


@transaction.atomic
def cast(poll_id: int, *, side: str, voter: Voter) -> Vote:
    """Vote, or change one's vote; the same choice again changes nothing.

    Raises NoSuchPoll (404) where readers see none, NotOpen, AlreadyVoted.
    """
    poll = Poll.objects.public().filter(pk=poll_id).first()
    if poll is None:
        raise NoSuchPoll
    key, browser = voter.keys(poll.secret)
    if voter.account is None and signed_in_here(poll, browser):
        raise AlreadyVoted
    if voter.account is not None and browser:
        adopt(poll, browser=browser, account_key=key)
    clock = CLOCK[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            CAST.format(**clock),
            {
                "poll": poll.pk,
                "side": side,
                "voter": key,
                "browser": browser if voter.account else "",
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise NotOpen
    return Vote.objects.get(pk=row[0])


def signed_in_here(poll: Poll, browser: str) -> bool:
    """Whether somebody voted signed in at this browser: without the account it is the same person."""
    return Vote.objects.filter(poll=poll, browser=browser).exclude(browser="").exists()


def adopt(poll: Poll, *, browser: str, account_key: str) -> None:
    """Make the vote cast before signing in the account's own; one person, one vote.

    Where the account has voted too, that vote counts and the anonymous one is voided.
    """
    before = Vote.objects.select_for_update().filter(poll=poll, voter=browser, void=False).first()
    if before is None:
        return
    if Vote.objects.filter(poll=poll, voter=account_key).exists():
        before.void = True
        before.save(update_fields=["void"])
        record(before, verb="voided", by=None, reason="the account has voted itself")
    else:
        before.voter, before.browser = account_key, browser
        before.save(update_fields=["voter", "browser"])


@transaction.atomic
def retract(poll_id: int, *, voter: Voter) -> None:
    """Take one's vote back while the poll is open. Without a vote nothing happens."""
    poll = Poll.objects.public().filter(pk=poll_id).first()
    if poll is None:
        raise NoSuchPoll
    if poll.state(timezone.now()) != "open":
        raise NotOpen
    key, _browser = voter.keys(poll.secret)
    Vote.objects.filter(poll=poll, voter=key, void=False).delete()


@transaction.atomic
def close(poll: Poll, *, by: Any) -> Poll:
    """End the voting now. Votes that came before are counted."""
    poll = lock(poll.pk)
    now = timezone.now()
    if poll.state(now) != "open":
        raise NotOpen
    poll.closes_at = max(now, poll.opens_at + timedelta(microseconds=1))
    poll.save(update_fields=["closes_at"])
    record(poll, verb="closed", by=by, tally=poll.tally())
    return poll


def choice_of(poll: Poll, *, voter: Voter) -> str | None:
    """The side this voter has taken in the poll, if any."""
    key, _browser = voter.keys(poll.secret)
    vote = Vote.objects.filter(poll=poll, voter=key, void=False).first() if key else None
    return vote.side if vote else None
