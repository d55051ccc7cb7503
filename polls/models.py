"""Models of polls: a question with a pro and a con side, and the votes. They reference no article."""

import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.db.read_models import ReadModel
from newsroom.visibility import is_shown_by_live_article


def new_secret() -> str:
    """A random HMAC key of 256 bits in hex; one per poll, so that voters of two polls cannot be linked."""
    return secrets.token_hex(32)


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


class Poll(models.Model):
    """A poll: a question with two sides. Public only while a live article shows it."""

    class State(models.TextChoices):
        """The state at a point in time, derived from `opens_at` and `closes_at`."""

        WAITING = "waiting", _("not open yet")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

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
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="a_poll_closes_after_it_opens",
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=CLOSING_UNPUBLISHED, name="polls_to_tell"),
            models.Index(fields=["opens_at"], name="polls_to_open"),
        ]

    def __str__(self) -> str:
        return self.question

    def state(self, now: datetime) -> State:
        """The state at `now`: open from `opens_at` (inclusive) until `closes_at` (exclusive)."""
        return poll_state(self.opens_at, self.closes_at, now)

    def tally(self) -> dict[str, int]:
        """Counted votes by side, {"pro": n, "con": n}, from one snapshot of the rows."""
        counted = self.votes.counted().values("side").annotate(n=Count("pk"))
        return dict.fromkeys(Choice.values, 0) | {row["side"]: row["n"] for row in counted}


def poll_state(opens_at: datetime, closes_at: datetime | None, now: datetime) -> Poll.State:
    if now < opens_at:
        return Poll.State.WAITING
    if closes_at is not None and now >= closes_at:
        return Poll.State.CLOSED
    return Poll.State.OPEN


class PollTimes(ReadModel):
    """Of a poll what tells whether its results are shown."""

    pk: int
    opens_at: datetime
    closes_at: datetime | None
    results: str
    public: bool

    def state(self, now: datetime) -> Poll.State:
        return poll_state(self.opens_at, self.closes_at, now)


class PollQuestion(PollTimes):
    """What a page shows of a poll but its sides."""

    title: str
    question: str


class SideQuerySet(models.QuerySet["Side"]):
    def tallied(self) -> Self:
        """Each with its counted votes in `votes`; all of them from one snapshot."""
        cast = Vote.objects.filter(poll=OuterRef("poll"), side=OuterRef("key")).counted()
        count = cast.order_by().values("poll").annotate(n=Count("pk")).values("n")
        return self.annotate(votes=Coalesce(Subquery(count), Value(0)))


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


class VoteQuerySet(models.QuerySet["Vote"]):
    def counted(self) -> Self:
        """Votes that count: all but the voided ones."""
        return self.filter(void=False)


class Vote(models.Model):
    """One voter's side. Voided, never deleted.

    `voter` is an HMAC under the poll's secret: of the account, or of a random signed cookie; never of
    an address or of what a browser looks like.  `browser` is the cookie's HMAC of somebody signed in.
    """

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="votes")
    side = models.CharField(max_length=3, choices=Choice)
    voter = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True)
    void = models.BooleanField(default=False)
    cast_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        permissions = [("void_vote", "Can take votes out of the count")]
        constraints = [
            models.UniqueConstraint(fields=["poll", "voter"], name="one_vote_per_poll_and_voter"),
            models.CheckConstraint(
                condition=Q(side__in=Choice.values), name="a_vote_is_pro_or_con"
            ),
        ]
        indexes = [
            models.Index(fields=["poll", "side"], condition=Q(void=False), name="votes_that_count"),
            models.Index(fields=["poll", "browser"], name="votes_of_a_browser"),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.side}"
