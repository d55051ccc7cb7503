"""Known clients of accounts, and alerts of failed sign-ins."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.users import User


class KnownClient(models.Model):
    """An IP address or browser from which an account has signed in.

    Only a keyed digest is stored (HMAC-SHA256 with SECRET_KEY), not the address itself.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="known_clients")
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("known client")
        verbose_name_plural = _("known clients")
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="one_row_per_known_client")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.digest[:8]}"


class SignInAlert(models.Model):
    """Many failed sign-ins with one address; without an account only its digest is stored."""

    digest = models.CharField(max_length=64, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, verbose_name=_("person"))
    email = models.EmailField(_("e-mail"), blank=True)
    failures = models.PositiveIntegerField(_("failures"))
    at = models.DateTimeField(pgettext_lazy("sign-in alert", "at"))
    mailed_at = models.DateTimeField(pgettext_lazy("sign-in alert", "mailed"), null=True)

    class Meta:
        verbose_name = _("failed sign-ins")
        verbose_name_plural = _("failed sign-ins")
        indexes = [models.Index(fields=["digest", "-at"], name="alerts_of_an_address")]

    def __str__(self) -> str:
        return str(self.user or _("an address without an account"))
