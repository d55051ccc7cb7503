"""KeptAddress: a reporter's e-mail address that an editor keeps in a story on purpose."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.models.drafts import Draft


class KeptAddress(models.Model):
    """The decision to publish an e-mail address that came from the wire; `address` in lower case."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    address = models.CharField(_("e-mail address"), max_length=320)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("kept address")
        verbose_name_plural = _("kept addresses")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "address"], name="an_address_is_kept_once_in_a_draft"
            )
        ]

    def __str__(self) -> str:
        return self.address
