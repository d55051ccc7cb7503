"""Close polls, and publish that they have closed."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from audit.actions import record_audit
from newsroom.db.expressions import database_now
from newsroom.errors import require
from outbox.actions import publish_event
from polls.actions.editing import blackout_of
from polls.actions.locking import lock_poll
from polls.errors import ElectionBeforePoll, PollNotOpen
from polls.models import Poll
from polls.permissions import may_close_polls


@transaction.atomic
def close_poll(poll: Poll, *, by: Any) -> Poll:
    """Close a poll now; votes cast before are counted. Raises NotAllowed, PollNotOpen."""
    require(may_close_polls(by))
    poll = lock_poll(poll.pk)
    now = database_now()
    if poll.state(now) not in {Poll.State.OPEN, Poll.State.BLACKOUT}:
        raise PollNotOpen
    poll.closes_at = max(now, poll.opens_at + timedelta(microseconds=1))
    poll.save(update_fields=["closes_at"])
    record_audit(poll, verb="closed", by=by, tally=poll.tally())
    return poll


@transaction.atomic
def set_election_day(poll: Poll, *, election_day: date | None, by: Any) -> Poll:
    """Say which election a poll is about, also while it is open: from six days before, it takes no votes
    and shows no result. Raises NotAllowed, ElectionBeforePoll.
    """
    require(may_close_polls(by))
    poll = lock_poll(poll.pk)
    before, poll.election_day = poll.election_day, election_day
    poll.blackout_from, poll.blackout_until = blackout_of(election_day)
    if before != election_day:
        if poll.blackout_until and poll.blackout_until <= poll.opens_at:
            raise ElectionBeforePoll
        poll.save(update_fields=["election_day", "blackout_from", "blackout_until"])
        days = [day.isoformat() if day else None for day in (before, election_day)]
        record_audit(poll, verb="election_day_set", by=by, before=days[0], after=days[1])
        publish_poll_changed(poll)
    return poll


def publish_poll_changed(poll: Poll) -> None:
    """Publish that caches have to fetch a public poll anew: its count or its rules have changed."""
    if poll.public:
        publish_event("poll.changed", key=f"poll-{poll.pk}", poll=poll.pk)


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
