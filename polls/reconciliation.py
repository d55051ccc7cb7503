"""Reconciliation of kept tallies with the votes that they count (`manage.py reconcile`)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from audit.actions import record_audit
from outbox.actions import publish_event
from polls.models import Choice, Poll, Tally, Vote


@dataclass(frozen=True)
class TallyDrift:
    """A kept count of votes for a side that differs from its rows; `slug` names the poll."""

    poll: int
    slug: str
    count: str
    stored: int
    rows: int


def drift() -> list[TallyDrift]:
    """Wrong counts of votes, of all polls (`manage.py reconcile`)."""
    return find_drift(Poll.objects.all())


def find_drift(polls: QuerySet[Poll]) -> list[TallyDrift]:
    """Wrong counts of votes in these polls: rows and tallies of one snapshot, which every vote changes in
    one transaction. One query.
    """
    slots = Tally.objects.filter(poll=OuterRef("pk")).order_by().values("poll")
    counted = Vote.objects.counted().filter(poll=OuterRef("pk")).order_by().values("poll")
    compared = polls.annotate(
        **{
            f"{side}_kept": Coalesce(Subquery(slots.annotate(n=Sum(side)).values("n")), 0)
            for side in Choice.values
        },
        **{
            f"{side}_rows": Coalesce(
                Subquery(counted.filter(side=side).annotate(n=Count("pk")).values("n")), 0
            )
            for side in Choice.values
        },
    )
    columns = [f"{side}_{source}" for side in Choice.values for source in ("kept", "rows")]
    return [
        TallyDrift(pk, f"poll-{pk}", side, *counts)
        for pk, *values in compared.order_by("pk").values_list("pk", *columns)
        for side, counts in zip(Choice.values, (values[:2], values[2:]), strict=True)
        if counts[0] != counts[1]
    ]


@transaction.atomic
def recount(drift: TallyDrift) -> None:
    """Set a poll's tally to its rows. Votes wait meanwhile, and none is between its row and its tally."""
    poll = Poll.objects.select_for_update().get(pk=drift.poll)
    before, after = poll.kept_tally(), poll.tally()
    if before != after:
        poll.replace_tally(after)
        if poll.public:
            publish_event("poll.changed", key=f"poll-{poll.pk}", poll=poll.pk)
        record_audit(poll, verb="recounted", by=None, before=before, after=after)
    Poll.objects.filter(pk=poll.pk).update(tally_drift=0)


def store_drift(*, since: datetime) -> int:
    """Compare the tallies of polls that were open since this time, and store by how many votes each is
    wrong, for `/metrics`; how many that is in all.
    """
    recent = Poll.objects.filter(Q(closes_at=None) | Q(closes_at__gte=since), unlinked_at=None)
    by_poll: dict[int, int] = {}
    for found in find_drift(recent):
        by_poll[found.poll] = by_poll.get(found.poll, 0) + abs(found.stored - found.rows)
    for poll, wrong in by_poll.items():
        Poll.objects.filter(pk=poll).exclude(tally_drift=wrong).update(tally_drift=wrong)
    recent.filter(tally_drift__gt=0).exclude(pk__in=by_poll).update(tally_drift=0)
    return sum(by_poll.values())


def stored_drift() -> int:
    """Votes by which tallies were wrong when they were last checked."""
    wrong = Poll.objects.filter(tally_drift__gt=0).aggregate(n=Sum("tally_drift"))
    return wrong["n"] or 0


def held_votes(*, limit: int) -> int:
    """Held votes of all polls, counted up to the limit."""
    return Vote.objects.on_hold().order_by().values("pk")[:limit].count()
