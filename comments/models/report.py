"""Reports of comments to the moderators."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models.comment import Comment
from comments.models.moderation import Decision


class ReportQuerySet(models.QuerySet["Report"]):
    def unsettled(self) -> Self:
        """Reports without a moderator's decision."""
        return self.filter(settled_at__isnull=True)


class Report(models.Model):
    """A report of a comment to the moderators. No page shows who has made it."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("spam")
        ABUSE = "abuse", _("abuse")
        HATE = "hate", _("hate")
        OBSCENE = "obscene", _("obscene")
        PERSONAL_DATA = "personal_data", _("personal data")
        FALSEHOOD = "falsehood", _("falsehood")
        OTHER = "other", _("other")

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("report", "confirmed")
        DISMISSED = "dismissed", pgettext_lazy("report", "dismissed")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports", db_index=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="reports"
    )
    reason = models.CharField(_("reason"), max_length=13, choices=Reason)
    note = models.CharField(_("note"), max_length=500, blank=True)
    reported_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, editable=False)
    # By the record of its reader as it was then (comments/moderation_rules.py).
    weight = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # What a moderator found; empty where the author has deleted the comment, or nobody said.
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, db_default="")
    settled_by = models.ForeignKey(
        Decision, models.SET_NULL, null=True, editable=False, related_name="reports"
    )

    # Set by report_comment if the reader had reported the comment before.
    already_existed = False

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reader"], name="one_report_per_comment_and_reader"
            ),
        ]
        indexes = [
            models.Index(
                fields=["comment"], condition=Q(settled_at__isnull=True), name="reports_to_settle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.reason}"
