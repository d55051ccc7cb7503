"""What accounts leave behind or have to prove: codes, retained sanctions, changes of nicknames."""

import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.sanctions import SanctionKind, SanctionReason
from accounts.models.users import User


def new_sanction_id() -> str:
    """A new id of a suspension: 128 random bits in hex."""
    return secrets.token_hex(16)


class EmailCode(models.Model):
    """A code that was mailed to confirm an address: a keyed digest, at most one of an account."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    email = models.EmailField()
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("code to confirm an address")
        verbose_name_plural = _("codes to confirm addresses")

    def __str__(self) -> str:
        return str(self.pk)


class RetainedSanctionQuerySet(models.QuerySet["RetainedSanction"]):
    def in_force(self, now: datetime) -> Self:
        """Sanctions that have not ended."""
        return self.filter(until__gt=now)


class RetainedSanction(models.Model):
    """A suspension by the keyed digest of an address or social account, kept until it ends.

    It outlives the account: whoever proves the same address or signs in with the same social account takes
    the suspension over (accounts/actions/sanctions.py). No address is stored.
    """

    digest = models.CharField(max_length=64, editable=False)
    # The same in all rows of one suspension, so that they end together.
    sanction = models.CharField(
        max_length=32, default=new_sanction_id, db_index=True, editable=False
    )
    # The account that bears it now; null once it has closed.
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="retained_sanctions")
    kind = models.CharField(max_length=4, choices=SanctionKind, default=SanctionKind.BAN)
    reason_code = models.CharField(
        max_length=13, choices=SanctionReason, default=SanctionReason.OTHER
    )
    until = models.DateTimeField(_("suspended until"), db_index=True)
    reason = models.CharField(_("reason of the suspension"), max_length=200, blank=True)

    objects = RetainedSanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("retained suspension")
        verbose_name_plural = _("retained suspensions")
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "sanction"], name="one_row_per_digest_of_sanction"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class NicknameChange(models.Model):
    """A change of a nickname: for the list of moderators, and the term of the former one."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="nickname_changes", verbose_name=_("person")
    )
    former = models.CharField(_("former nickname"), max_length=20, blank=True)
    former_key = models.CharField(max_length=60, editable=False)
    nickname = models.CharField(_("new nickname"), max_length=20, blank=True)
    by_staff = models.BooleanField(_("reset by a moderator"), default=False)
    changed_at = models.DateTimeField(pgettext_lazy("nickname", "changed"))

    class Meta:
        verbose_name = _("change of a nickname")
        verbose_name_plural = _("changes of nicknames")
        indexes = [
            models.Index(fields=["user", "-changed_at"], name="nickname_changes_of_a_reader"),
            models.Index(fields=["former_key"], name="nickname_changes_by_former_key"),
            models.Index(fields=["changed_at"], name="nickname_changes_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.former} → {self.nickname}"
