"""Sanctions of readers: the history of what moderators imposed, until when, and who lifted it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SanctionKind(models.TextChoices):
    """What a sanction does, the mildest first (docs/sanctions.md)."""

    WARN = "warn", pgettext_lazy("sanction", "warning")
    HOLD = "hold", _("all comments wait for a moderator")
    MUTE = "mute", _("no comments")
    BAN = "ban", pgettext_lazy("sanction", "suspended")


class SanctionReason(models.TextChoices):
    """The rule that was broken, for statistics; the sentence for the reader is `Sanction.reason`."""

    SPAM = "spam", _("spam or flooding")
    ABUSE = "abuse", _("abuse of others")
    HATE = "hate", _("hate against a group")
    OBSCENE = "obscene", _("obscene content")
    PERSONAL_DATA = "personal_data", _("personal data of others")
    FALSEHOOD = "falsehood", _("falsehoods")
    IMPERSONATION = "impersonation", _("posing as somebody else")
    EVASION = "evasion", _("evasion of a sanction")
    MANIPULATION = "manipulation", _("manipulation of votes or reactions")
    OTHER = "other", _("another breach of the house rules")


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def in_force(self, now: datetime) -> Self:
        """Sanctions that restrict an account at `now`: begun, not ended and not lifted."""
        return self.filter(starts_at__lte=now, until__gt=now, lifted_at__isnull=True)

    def with_people(self) -> Self:
        """Each with who imposed and who lifted it. One query."""
        return self.select_related("imposed_by", "lifted_by")


class Sanction(models.Model):
    """A sanction of a reader. A row is only ever changed by being lifted or replaced.

    At most one restriction (hold, mute, ban) of an account is in force; the account has a copy of it
    (`User.suspended_until`, `suspension_kind`, `suspension_reason`), which writing reads. A warning
    has no end and restricts nothing.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="sanctions",
        verbose_name=_("person"),
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=4, choices=SanctionKind)
    reason_code = models.CharField(
        _("rule"), max_length=13, choices=SanctionReason, default=SanctionReason.OTHER
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    starts_at = models.DateTimeField(pgettext_lazy("sanction", "from"))
    until = models.DateTimeField(pgettext_lazy("sanction", "until"), null=True)
    # None: taken over from an account that was closed (`RetainedSanction`).
    imposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # The newer sanction in whose place this one ended.
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        indexes = [models.Index(fields=["user", "-id"], name="sanctions_of_a_reader")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="warn") | Q(until__isnull=False), name="a_restriction_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SanctionKind.values), name="a_sanction_is_of_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def is_in_force(self, now: datetime) -> bool:
        """Whether the sanction restricts its account at `now`; a warning never does."""
        return (
            self.until is not None and self.lifted_at is None and self.starts_at <= now < self.until
        )
