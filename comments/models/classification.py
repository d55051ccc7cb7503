"""Comments that wait for the verdict of an outside classifier."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class ClassificationQuerySet(models.QuerySet["Classification"]):
    def waiting(self) -> Self:
        """Classifications without a verdict."""
        return self.filter(verdict="")

    def due(self, now: datetime) -> Self:
        """Those that can be asked for now, the oldest first."""
        return self.waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")


class Classification(models.Model):
    """A held comment, in one version of its text, and what the classifier says of it.

    Without a verdict the comment stays held. Beyond MAX_ATTEMPTS (comments/classifier.py) a person decides.
    """

    class Verdict(models.TextChoices):
        ALLOW = "allow", _("released")
        HOLD = "hold", _("stays held")
        GIVEN_UP = "given_up", _("no answer, a moderator decides")
        OBSOLETE = "obsolete", _("decided otherwise meanwhile")

    comment = models.OneToOneField(
        Comment, models.CASCADE, primary_key=True, related_name="classification"
    )
    comment_version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(max_length=200, blank=True)
    requested_at = models.DateTimeField(db_default=Now())

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(verdict=""), name="classifications_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.verdict or '…'}"
