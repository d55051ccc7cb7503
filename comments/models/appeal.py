"""Appeals of readers against the hiding of a comment or a sanction."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Sanction
from comments.models.comment import Comment


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> Self:
        """Appeals without a decision."""
        return self.filter(state=Appeal.State.OPEN)


class Appeal(models.Model):
    """An appeal against one decision of a moderator: hiding a comment, or a sanction."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("appeal", "waiting for a decision")
        GRANTED = "granted", pgettext_lazy("appeal", "granted")
        REJECTED = "rejected", pgettext_lazy("appeal", "rejected")
        # Nothing was left to decide: the comment is deleted or no longer hidden.
        MOOT = "moot", pgettext_lazy("appeal", "nothing left to decide")

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("reader")
    )
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, related_name="+", verbose_name=_("comment")
    )
    sanction = models.ForeignKey(
        Sanction, models.CASCADE, null=True, related_name="+", verbose_name=_("sanction")
    )
    # The number of the decision: of a comment's, its entry in the audit log; of a sanction, its own.
    decision = models.BigIntegerField(editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    answer = models.CharField(pgettext_lazy("appeal", "answer"), max_length=500, blank=True)
    filed_at = models.DateTimeField(_("filed"), db_default=Now(), editable=False)
    answered_at = models.DateTimeField(
        pgettext_lazy("appeal", "answered"), null=True, editable=False
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=True) ^ Q(sanction__isnull=True),
                name="an_appeal_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["comment", "decision"], name="one_appeal_per_decision_on_comment"
            ),
            models.UniqueConstraint(fields=["sanction"], name="one_appeal_per_sanction"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="open"), name="appeals_to_decide"),
            models.Index(fields=["reader", "-id"], name="appeals_of_a_reader"),
        ]

    def __str__(self) -> str:
        return _("appeal %(number)s") % {"number": self.pk}
