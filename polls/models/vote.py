"""Votes, and the decisions that count them or take them out of the count."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.db.expressions import UtcHour
from polls.models.poll import Choice, Poll


class VoteQuerySet(models.QuerySet["Vote"]):
    def counted(self) -> Self:
        """Votes that count."""
        return self.filter(state=Vote.State.COUNTED)

    def on_hold(self) -> Self:
        """Votes that wait to be counted or taken out."""
        return self.filter(state=Vote.State.ON_HOLD)

    def cast(self) -> Self:
        """Votes that their voters are shown, counted or held."""
        return self.exclude(state__in=[Vote.State.VOID, Vote.State.REVOKED])


class Vote(models.Model):
    """One voter's side. Voided, not deleted, and deleted only when its voter takes it back.

    `voter` is an HMAC under the poll's key: of the account, or of a random signed cookie; never of an
    address or of what a browser looks like.  `browser` is the cookie's HMAC of somebody signed in.
    """

    class State(models.TextChoices):
        COUNTED = "counted", _("counted")
        ON_HOLD = "held", _("held")
        VOID = "void", _("voided")
        # Taken back while a person's decision held it: it holds its voter's next vote.
        REVOKED = "revoked", _("taken back while held")

    class Rule(models.TextChoices):
        """Why a vote was held or voided without a person."""

        NO_PAGE = "no_page", _("no page was read before it")
        ADDRESS = "address", _("very many votes from one address")
        NETWORK = "network", _("very many votes from one network")
        BURST = "burst", _("far more votes a minute than before")
        DOUBLE = "double", _("the account has voted itself")

    # Without an index of its own: the constraint's begins with it.
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="votes", db_index=False)
    side = models.CharField(max_length=3, choices=Choice)
    voter = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=7, choices=State, default=State.COUNTED, db_default=State.COUNTED
    )
    # The rule that held it; kept when it is counted or voided later.
    rule = models.CharField(_("rule"), max_length=7, choices=Rule, blank=True, db_default="")
    decision = models.ForeignKey(
        "polls.VoteDecision", models.PROTECT, null=True, related_name="votes", db_index=False
    )
    cast_at = models.DateTimeField()
    # The hour of `cast_at`, in UTC: that of Korea as well. For the timeline and for decisions on a time.
    cast_hour = models.GeneratedField(
        expression=UtcHour("cast_at"), output_field=models.DateTimeField(), db_persist=True
    )
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
            models.CheckConstraint(
                condition=Q(state__in=["counted", "held", "void", "revoked"]),
                name="a_vote_is_in_a_known_state",
            ),
        ]
        indexes = [
            # With the state, or SQLite would read each row for it.
            models.Index(fields=["poll", "state", "side"], name="votes_by_state"),
            models.Index(fields=["poll", "rule"], condition=Q(state="held"), name="votes_held"),
            # All that the timeline groups by, in its order: read alone, and without sorting.
            models.Index(
                fields=["poll", "cast_hour", "rule", "state", "side"], name="votes_by_hour"
            ),
            models.Index(
                fields=["decision"], condition=Q(decision__isnull=False), name="votes_decided"
            ),
            models.Index(
                fields=["poll", "browser"], condition=~Q(browser=""), name="votes_of_a_browser"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.side}"


# In a decision and in the timeline: votes that no rule has held. An empty rule stands for any.
NO_RULE = "none"
RULE_CHOICES = [*Vote.Rule.choices, (NO_RULE, _("no rule"))]


class VoteDecision(models.Model):
    """A person's decision on many votes of a poll, which can be undone: of one state, and of a rule that
    held them, a time in which they were cast, or both.

    `previous` is the decision that the votes had before. Where they had different ones, the decision has
    `parts`, one for each further one: so undoing costs no row per vote.
    """

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="decisions")
    from_state = models.CharField(_("from"), max_length=7, choices=Vote.State)
    to_state = models.CharField(_("to"), max_length=7, choices=Vote.State)
    rule = models.CharField(_("rule"), max_length=7, choices=RULE_CHOICES, blank=True)
    since = models.DateTimeField(_("cast from"), null=True, blank=True)
    until = models.DateTimeField(_("cast before"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    count = models.PositiveIntegerField(_("votes"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    previous = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="+", db_index=False
    )
    part_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    made_at = models.DateTimeField(_("decided"))
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("decision on votes")
        verbose_name_plural = _("decisions on votes")

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.count} {self.from_state} → {self.to_state}"
