"""Bearer tokens of the API."""

import hashlib
import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.users import User


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self, now: datetime) -> Self:
        """Tokens that are valid at `now`: not revoked, not expired, of an active user whose password and
        roles have not changed since."""
        unexpired = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=now)
        same_stamp = models.Q(security_stamp=models.F("user__security_stamp"))
        return self.filter(unexpired & same_stamp, revoked_at__isnull=True, user__is_active=True)


class Token(models.Model):
    """A bearer token of the API: acts as its user, within scopes. Only a digest of the key is stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("person"))
    label = models.CharField(_("label"), max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    security_stamp = models.CharField(max_length=32, default="", editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return f"{self.user} · {', '.join(self.scopes)}"

    def end_reason(self) -> str | Promise | None:
        """Why this token is no longer valid, translated; None while it is valid."""
        if self.revoked_at:
            return _("revoked")
        if self.expires_at and self.expires_at <= timezone.now():
            return pgettext_lazy("token", "expired")
        if not self.user.is_active:
            return _("may not sign in")
        if self.security_stamp != self.user.security_stamp:
            return _("ended: password or roles have changed")
        return None

    @staticmethod
    def new_key() -> str:
        """A new random key of 256 bits."""
        return f"nr_{secrets.token_urlsafe(32)}"

    @staticmethod
    def digest_of(key: str) -> str:
        """SHA-256 of a key in hex; without a salt, since keys are random."""
        return hashlib.sha256(key.encode()).hexdigest()
