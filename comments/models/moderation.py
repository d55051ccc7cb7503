"""Moderation queue: open items, decisions, reasons of decisions with their messages to the writer."""

from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment

# `Comment.reason` of a comment that the reports of readers hide until a moderator decides.
REPORTS_REASON = "reports"


class ModerationItemQuerySet(models.QuerySet["ModerationItem"]):
    def most_urgent_first(self) -> Self:
        """In the order of the queue, which an index has."""
        return self.order_by("-urgency", "pk")

    def leased(self) -> Self:
        """Items with a lease in force, by the database's clock."""
        return self.filter(leased_until__gt=Now())


class ModerationItem(models.Model):
    """A comment that waits for a moderator: held, reported or flagged. Deleted with the decision.

    `urgency` is a sort key (comments/moderation_rules.py) with the moment of opening in it, so it need
    not be computed again as time passes. `leased_by` works on the item until `leased_until`.
    """

    comment = models.OneToOneField(
        Comment, models.CASCADE, primary_key=True, related_name="moderation_item"
    )
    urgency = models.BigIntegerField(pgettext_lazy("comment", "urgency"))
    opened_at = models.DateTimeField(_("waiting since"), db_index=True)
    is_held = models.BooleanField(default=False)
    is_reported = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)
    reports = models.PositiveIntegerField(_("reports"), default=0)
    weight = models.PositiveIntegerField(_("weight of the reports"), default=0)
    leased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    leased_until = models.DateTimeField(null=True)
    # The pin that reports have taken; a moderator who shows the comment restores it.
    former_pinned_at = models.DateTimeField(null=True, editable=False)

    objects = ModerationItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment to decide on")
        verbose_name_plural = _("moderation queue")
        default_permissions = ()
        permissions = [("lead_moderation", "Can take over leases and change reasons of decisions")]
        indexes = [
            models.Index(fields=["-urgency", "comment"], name="items_by_urgency"),
            models.Index(
                fields=["-urgency", "comment"], condition=Q(is_held=True), name="held_by_urgency"
            ),
            models.Index(
                fields=["-urgency", "comment"],
                condition=Q(is_reported=True),
                name="reported_by_urgency",
            ),
            models.Index(
                fields=["-urgency", "comment"],
                condition=Q(is_flagged=True),
                name="flagged_by_urgency",
            ),
        ]

    def __str__(self) -> str:
        return str(self.comment_id)


class DecisionReason(models.Model):
    """A reason that moderators choose for a decision, with the message to the writer."""

    code = models.SlugField(
        _("code"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z")],
        help_text=_("Small letters, digits and _; programs see it. It does not change."),
    )
    label_ko = models.CharField(_("name in Korean"), max_length=60)
    label_en = models.CharField(_("name in English"), max_length=60)
    message_ko = models.TextField(_("message to the writer in Korean"), max_length=500)
    message_en = models.TextField(_("message to the writer in English"), max_length=500)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_offered = models.BooleanField(_("offered to moderators"), default=True)

    class Meta:
        verbose_name = _("reason of decisions")
        verbose_name_plural = _("reasons of decisions")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the response."""
        return in_language(self.label_ko, self.label_en)

    @property
    def message(self) -> str:
        """The message to the writer in the language of the response."""
        return in_language(self.message_ko, self.message_en)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_force(self) -> Self:
        """Decisions that were not undone."""
        return self.filter(undone_at__isnull=True)

    def hiding(self) -> models.Prefetch[str]:
        """The decisions that hid comments, as their `hiding_decisions`, the last one last. One query."""
        hiding = self.in_force().filter(kind="hide").order_by("pk")
        return models.Prefetch("decisions", hiding, to_attr="hiding_decisions")


class Decision(models.Model):
    """A moderator's decision on a comment: what it led to, why, and what its writer reads.

    `version` is the comment's version after it. The texts are those of the reason as it was then.
    """

    class Kind(models.TextChoices):
        SHOW = "show", _("shown")
        KEEP = "keep", _("left as it is")
        HIDE = "hide", _("hidden")
        HOLD = "hold", pgettext_lazy("decision", "held back")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="decisions", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(_("decision"), max_length=4, choices=Kind)
    former_state = models.CharField(max_length=8)
    former_reason = models.CharField(max_length=200, blank=True)
    former_pinned_at = models.DateTimeField(null=True)
    reason = models.CharField(pgettext_lazy("decision", "reason"), max_length=200, blank=True)
    reason_code = models.CharField(max_length=32, blank=True)
    message_ko = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    was_flagged = models.BooleanField(default=False)
    waiting_since = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        default_permissions = ()
        indexes = [models.Index(fields=["comment", "-id"], name="decisions_on_a_comment")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.kind}"

    @property
    def message(self) -> str:
        """The message to the writer in the language of the response."""
        return in_language(self.message_ko, self.message_en)


def in_language(korean: str, english: str) -> str:
    """The text in the language of the response."""
    return english if (get_language() or "").startswith("en") else korean
