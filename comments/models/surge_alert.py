"""Alerts about an abnormal pace of comments, reactions or reports (좌표찍기)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import Article


class SurgeAlertQuerySet(models.QuerySet["SurgeAlert"]):
    def running(self) -> Self:
        """Alerts whose surge is not over."""
        return self.filter(ended_at__isnull=True)

    def restricting(self) -> Self:
        """Alerts from which moderators restricted the thread, if its policy is as they left it."""
        return self.filter(restricted_version=F("article__thread_policy__version"))


class SurgeAlert(models.Model):
    """A surge under a story, or against a writer; at most one of a kind runs for each at once."""

    class Kind(models.TextChoices):
        COMMENTS = "comments", pgettext_lazy("surge", "comments")
        REACTIONS = "reactions", pgettext_lazy("surge", "reactions")
        REPORTS = "reports", pgettext_lazy("surge", "reports")

    kind = models.CharField(_("what"), max_length=9, choices=Kind)
    article = models.ForeignKey(
        Article, models.CASCADE, null=True, related_name="+", verbose_name=_("article")
    )
    # Whose comments are reacted to or reported.
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("reader"),
    )
    # The most of one window so far, and what its own pace made one expect when it began.
    peak = models.PositiveIntegerField(_("most in ten minutes"))
    expected = models.PositiveIntegerField(_("usual in ten minutes"))
    started_at = models.DateTimeField(pgettext_lazy("surge", "began"))
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(pgettext_lazy("surge", "ended"), null=True)
    # The policy of the thread before moderators restricted it from this alert, and its version since:
    # None, if they have not, or have taken it back.
    former_mode = models.CharField(max_length=7, blank=True, default="", editable=False)
    former_slow_seconds = models.PositiveIntegerField(default=0, editable=False)
    former_newest_first = models.BooleanField(default=False, editable=False)
    restricted_version = models.PositiveIntegerField(null=True, editable=False)

    objects = SurgeAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("surge")
        verbose_name_plural = _("surges")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "kind"],
                condition=Q(ended_at__isnull=True),
                name="one_surge_of_a_kind_per_article",
            ),
            models.UniqueConstraint(
                fields=["writer", "kind"],
                condition=Q(ended_at__isnull=True),
                name="one_surge_of_a_kind_per_writer",
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=True) ^ Q(writer__isnull=True),
                name="a_surge_has_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"
