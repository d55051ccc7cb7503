"""Polls and their two sides. They reference no article."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.db.read_models import ReadModel
from newsroom.visibility import is_shown_by_live_article
from polls.models.tally import Tally


class Choice(models.TextChoices):
    """The side that a vote is for."""

    PRO = "pro", _("pro")
    CON = "con", _("con")


# Polls with a closing time for which no `poll.closed` event was published, whether it is past or not.
CLOSING_UNPUBLISHED = Q(closes_at__isnull=False) & (
    Q(published_closes_at__isnull=True) | ~Q(published_closes_at=F("closes_at"))
)


class PollQuerySet(models.QuerySet["Poll"]):
    def public(self) -> Self:
        """Polls that readers can see now: those shown by a live article (its embargo and expiry count)."""
        return self.filter(is_shown_by_live_article("poll"), public=True)

    def closed_unpublished(self, now: datetime) -> Self:
        """Polls that have closed without a `poll.closed` event for this `closes_at`, earliest first."""
        return self.filter(CLOSING_UNPUBLISHED, closes_at__lte=now).order_by("closes_at", "pk")

    def linked_since(self, closed_before: datetime) -> Self:
        """Polls closed before this time whose votes still have the keys of their voters."""
        return self.filter(unlinked_at=None, closes_at__lte=closed_before).order_by("closes_at")


class Poll(models.Model):
    """A poll: a question with two sides. Public only while a live article shows it."""

    class State(models.TextChoices):
        """The state at a point in time, derived from `opens_at` and `closes_at`."""

        WAITING = "waiting", _("not open yet")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        BLACKOUT = "blackout", _("suspended before an election")

    class Results(models.TextChoices):
        ALWAYS = "always", _("always")
        AFTER_VOTE = "after_vote", _("after one's own vote")
        AFTER_CLOSE = "after_close", _("after the end")

    title = models.CharField(_("title"), max_length=80, blank=True)
    question = models.CharField(_("question"), max_length=200)
    opens_at = models.DateTimeField(_("opens"), default=timezone.now)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    results = models.CharField(
        _("results are shown"), max_length=12, choices=Results, default=Results.ALWAYS
    )
    # Whether a published article shows it; `public()` also checks the article's embargo and expiry.
    public = models.BooleanField(_("public"), default=False, editable=False)
    # The `closes_at` for which a `poll.closed` event was published.
    published_closes_at = models.DateTimeField(null=True, editable=False)
    # The election that the poll is about. From six days before it until voting in it ends, nobody votes
    # and no result is shown (공직선거법 §108 ①).
    election_day = models.DateField(_("day of the election"), null=True, blank=True)
    blackout_from = models.DateTimeField(_("votes suspended from"), null=True, editable=False)
    blackout_until = models.DateTimeField(_("votes suspended until"), null=True, editable=False)
    # Of polls from before VOTE_SECRET: part of how the keys of their voters are made (polls/voter_key.py).
    legacy_salt = models.CharField(max_length=64, blank=True, editable=False)
    # When the keys of the voters were replaced by random ones.
    unlinked_at = models.DateTimeField(null=True, editable=False)
    # Votes by which the kept tally was wrong when it was last checked (polls/reconciliation.py).
    tally_drift = models.PositiveIntegerField(default=0, editable=False)
    # Raised by every decision on its votes, and every undoing of one.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="a_poll_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(blackout_from__isnull=True, blackout_until__isnull=True)
                | Q(blackout_from__lt=F("blackout_until")),
                name="a_blackout_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=CLOSING_UNPUBLISHED, name="polls_to_tell"),
            models.Index(fields=["opens_at"], name="polls_to_open"),
            models.Index(
                fields=["closes_at"], condition=Q(unlinked_at__isnull=True), name="polls_to_unlink"
            ),
            models.Index(
                fields=["blackout_until"],
                condition=Q(blackout_until__isnull=False),
                name="polls_of_elections",
            ),
            models.Index(
                fields=["tally_drift"], condition=Q(tally_drift__gt=0), name="polls_with_drift"
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def state(self, now: datetime) -> State:
        """The state at `now`: open from `opens_at` (inclusive) until `closes_at` (exclusive)."""
        return state_of_poll(self, now)

    def is_blacked_out(self, now: datetime) -> bool:
        """Whether the law on elections forbids votes and results at `now`."""
        return is_within(self.blackout_from, self.blackout_until, now)

    def tally(self) -> dict[str, int]:
        """Counted votes by side, {"pro": n, "con": n}: the rows, by index. Readers get the kept tally."""
        counted = self.votes.counted().order_by().values("side").annotate(n=Count("pk"))
        return dict.fromkeys(Choice.values, 0) | {row["side"]: row["n"] for row in counted}

    def kept_tally(self) -> dict[str, int]:
        """The kept tally that readers get, {"pro": n, "con": n}."""
        sums = self.tallies.aggregate(pro=Coalesce(Sum("pro"), 0), con=Coalesce(Sum("con"), 0))
        return {"pro": sums["pro"], "con": sums["con"]}

    def replace_tally(self, tally: dict[str, int]) -> None:
        """Replace all slots of the kept tally by one. The caller has locked the poll's row."""
        self.tallies.all().delete()
        Tally.objects.create(poll=self, slot=0, pro=tally["pro"], con=tally["con"])


def is_within(begins_at: datetime | None, ends_at: datetime | None, now: datetime) -> bool:
    return begins_at is not None and ends_at is not None and begins_at <= now < ends_at


def state_of_poll(poll: Poll | PollTimes, now: datetime) -> Poll.State:
    if now < poll.opens_at:
        return Poll.State.WAITING
    if poll.closes_at is not None and now >= poll.closes_at:
        return Poll.State.CLOSED
    return Poll.State.BLACKOUT if poll.is_blacked_out(now) else Poll.State.OPEN


class PollTimes(ReadModel):
    """Of a poll what tells whether its results are shown."""

    pk: int
    opens_at: datetime
    closes_at: datetime | None
    blackout_from: datetime | None
    blackout_until: datetime | None
    results: str
    public: bool

    def state(self, now: datetime) -> Poll.State:
        return state_of_poll(self, now)

    def is_blacked_out(self, now: datetime) -> bool:
        """Whether the law on elections forbids votes and results at `now`."""
        return is_within(self.blackout_from, self.blackout_until, now)


class PollQuestion(PollTimes):
    """What a page shows of a poll but its sides."""

    title: str
    question: str


class PollToVoteIn(PollQuestion):
    """What a vote needs of its poll, and what its answer shows."""

    legacy_salt: str


class SideQuerySet(models.QuerySet["Side"]):
    def tallied(self) -> Self:
        """Each with its counted votes in `votes`, of the kept tally; all of them from one snapshot."""
        return self.annotate(votes=votes_of_side())


def votes_of_side() -> Any:
    """Of a side (`key`, `poll`), the counted votes that the kept tally has."""
    slots = Tally.objects.filter(poll=OuterRef("poll")).order_by().values("poll")
    pro, con = (Subquery(slots.annotate(n=Sum(key)).values("n")) for key in ("pro", "con"))
    return Coalesce(Case(When(key=Choice.PRO, then=pro), default=con), Value(0))


def votes_of_poll(poll: str) -> Any:
    """Of rows with a poll in this field, the counted votes of both sides that the kept tally has."""
    slots = Tally.objects.filter(poll=OuterRef(poll)).order_by().values("poll")
    return Coalesce(Subquery(slots.annotate(n=Sum(F("pro") + F("con"))).values("n")), Value(0))


class Side(models.Model):
    """One of the two sides: its label (찬, 반), the mascot who takes it, and the argument."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="sides")
    key = models.CharField(_("side"), max_length=3, choices=Choice)
    label = models.CharField(_("label"), max_length=20)
    persona = models.CharField(_("mascot"), max_length=20)
    avatar = models.CharField(
        _("picture"), max_length=20, choices=[("booki", "부키"), ("moki", "모키")], default="booki"
    )
    argument = models.CharField(_("argument"), max_length=300, blank=True)

    objects = SideQuerySet.as_manager()

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        ordering = ["-key"]  # pro before con
        constraints = [
            models.UniqueConstraint(fields=["poll", "key"], name="a_side_stands_once_in_a_poll"),
            models.CheckConstraint(condition=Q(key__in=Choice.values), name="a_side_is_pro_or_con"),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.persona}"
