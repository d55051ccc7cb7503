"""Preview: a secret link to a draft."""

import hashlib
import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.models.drafts import Draft


class PreviewQuerySet(models.QuerySet["Preview"]):
    def usable(self, now: datetime) -> Self:
        """Links that work at `now`: neither expired nor revoked, the draft not in the trash, and their
        creator still an active member of staff."""
        return self.filter(
            expires_at__gt=now,
            revoked_at__isnull=True,
            draft__trashed_at__isnull=True,
            created_by__is_active=True,
            created_by__is_staff=True,
        )


class Preview(models.Model):
    """A secret link to one draft, shown as readers would get it. Only the token's digest is stored."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+", verbose_name=_("story"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = PreviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.draft)

    @staticmethod
    def new_token() -> str:
        """A random token of 256 bits."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(token: str) -> str:
        """SHA-256 in hex; unsalted, since the token is random."""
        return hashlib.sha256(token.encode()).hexdigest()
