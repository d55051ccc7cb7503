"""Audit log: who did what to which thing, and when. Append-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The value of a detail that a legal erasure has redacted; the triggers name it (audit/triggers.py).
REDACTED = "[erased]"


class Entry(models.Model):
    """An entry of the audit log, written in the transaction of the change.

    Database triggers refuse changes, but for the erasure of names and of free text (audit/triggers.py).
    """

    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    # A number, not a foreign key: this app is below accounts, and an entry outlives its account.
    by = models.BigIntegerField(_("account"), null=True)
    by_name = models.CharField(_("name then"), max_length=254)
    verb = models.CharField(_("did"), max_length=40)
    kind = models.CharField(_("kind"), max_length=60)
    subject = models.CharField(_("number"), max_length=60)
    label = models.CharField(_("what"), max_length=250)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "subject", "-at"], name="entries_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.by_name} {self.verb} {self.label}"


class RedactionPermit(models.Model):
    """A thing whose entries the present transaction may redact; the row is deleted before the commit."""

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "subject"], name="permits_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
