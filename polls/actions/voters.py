"""Votes of one voter, and the end of the link between votes and voters."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.functions import Concat, TruncHour

from audit.actions import record_audit
from newsroom.db.expressions import database_now
from polls.actions.locking import lock_poll, share_poll
from polls.models import Poll, PollToVoteIn, Vote
from polls.voter_key import Voter, poll_key

KEYS_PER_QUERY = 400  # and as many polls: within the limit of parameters of every database
VOTES_PER_UPDATE = 5000
# Begins the random keys that replace those of voters, which are hexadecimal: it sorts behind them all.
UNLINKED_PREFIX = "r"


@transaction.atomic
def unlink_votes(account_id: int) -> int:
    """Replace the voter key of every vote of a closed account by a random one; returns how many.

    All of the votes still count. One statement for each portion: what was taken back meanwhile is gone.
    """
    ids = [vote.pk for vote in votes_by(Voter(account=account_id))]
    portions = (ids[n : n + KEYS_PER_QUERY] for n in range(0, len(ids), KEYS_PER_QUERY))
    return sum(unlink(Vote.objects.filter(pk__in=portion)) for portion in portions)


def votes_by(voter: Voter) -> list[Vote]:
    """A voter's votes in all polls that are not unlinked yet, oldest first, each with its poll."""
    polls = Poll.objects.filter(unlinked_at=None).values_list("pk", "legacy_salt")
    keys = [(pk, voter.keys(poll_key(pk, legacy_salt=salt))[0]) for pk, salt in polls]
    votes: list[Vote] = []
    for start in range(0, len(keys), KEYS_PER_QUERY):
        poll_ids, own_keys = zip(*keys[start : start + KEYS_PER_QUERY], strict=True)
        # Filtered by poll as well: there is no index on the voter key alone.
        batch = Vote.objects.filter(poll__in=poll_ids, voter__in=own_keys)
        votes += batch.select_related("poll")
    return sorted(votes, key=lambda vote: vote.cast_at)


def sides_voted_for(polls: Iterable[Poll | PollToVoteIn], *, voter: Voter) -> dict[int, str]:
    """The side a voter has chosen in each poll: {poll id: "pro"}, without polls not voted in.

    A held vote is shown to its voter like a counted one.  A vote cast in this browser before signing in
    counts as the account's.
    """
    keys = {poll.pk: voter.keys(poll_key(poll.pk, legacy_salt=poll.legacy_salt)) for poll in polls}
    own_keys = {key for pair in keys.values() for key in pair if key}
    # Filtered by poll as well: there is no index on the voter key alone.
    votes = Vote.objects.cast().filter(poll__in=keys, voter__in=own_keys)
    side_by_key = dict(votes.values_list("voter", "side"))
    sides = {
        pk: side_by_key.get(key) or side_by_key.get(browser) for pk, (key, browser) in keys.items()
    }
    return {pk: side for pk, side in sides.items() if side}


def unlink_closed_polls() -> int:
    """Replace the keys of all voters of polls whose grace period is over by random ones; how many polls.

    In portions, each in a transaction of its own: it may be stopped and run again.
    """
    ended_before = database_now() - timedelta(days=settings.POLL_GRACE_DAYS)
    polls = list(Poll.objects.linked_since(ended_before)[:100])
    return sum(unlink_poll(poll) for poll in polls)


def unlink_poll(poll: Poll) -> bool:
    """Replace the keys of a closed poll's voters by random ones; False if it was reopened meanwhile.

    Afterwards nobody can tell who cast a vote, with VOTE_SECRET neither. The times are rounded down to the
    hour, the slots of the tally put together. The totals do not change.
    """
    while replace_keys(poll):
        pass
    with transaction.atomic():
        locked = lock_poll(poll.pk)
        if locked.unlinked_at or not is_over(locked):
            return False
        while replace_keys(locked):  # of accounts closed meanwhile
            pass
        locked.replace_tally(locked.tally())
        locked.unlinked_at, locked.legacy_salt = database_now(), ""
        locked.save(update_fields=["unlinked_at", "legacy_salt"])
        record_audit(locked, verb="unlinked", by=None, tally=locked.kept_tally())
    return True


def is_over(poll: Poll) -> bool:
    return poll.closes_at is not None and poll.closes_at <= database_now()


@transaction.atomic
def replace_keys(poll: Poll) -> int:
    """Replace the keys of up to VOTES_PER_UPDATE votes of a poll; how many."""
    shared = share_poll(poll.pk)
    if shared is None or not is_over(shared):
        return 0
    linked = Vote.objects.filter(poll=poll, voter__lt=UNLINKED_PREFIX).order_by("voter")
    ids = list(linked.values_list("pk", flat=True)[:VOTES_PER_UPDATE])
    return unlink(Vote.objects.filter(pk__in=ids))


def unlink(votes: QuerySet[Vote]) -> int:
    """Replace the keys of these votes by random ones, their times by the hour before (UTC); how many."""
    return votes.update(
        voter=Concat(Value(UNLINKED_PREFIX), random_hex(), output_field=TextField()),
        browser="",
        cast_at=TruncHour("cast_at", tzinfo=UTC),
        changed_at=TruncHour("changed_at", tzinfo=UTC),
    )


def random_hex() -> Func:
    """128 random bits of the database in hex, other ones for each row."""
    if connection.vendor == "postgresql":
        sql = "replace(gen_random_uuid()::text, '-', '')"
    else:
        sql = "lower(hex(randomblob(16)))"
    return Func(template=sql, output_field=TextField())
