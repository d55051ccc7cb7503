"""Who did what to which thing, and when. Rows are added, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the audit log, written in the transaction of the change it tells of."""

    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    # A number, not a foreign key: the audit log stands below everybody, and outlives an account.
    by = models.BigIntegerField(_("account"), null=True)
    by_name = models.CharField(_("name then"), max_length=254)
    verb = models.CharField(_("did"), max_length=40)
    kind = models.CharField(_("kind"), max_length=60)
    subject = models.CharField(_("number"), max_length=60)
    label = models.CharField(_("what"), max_length=250)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "subject", "-at"], name="entries_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.by_name} {self.verb} {self.label}"
