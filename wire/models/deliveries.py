"""Model of deliveries: the bytes that agencies sent."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wire.models.sources import Source


class WireDeliveryQuerySet(models.QuerySet["Delivery"]):
    def without_raw(self) -> Self:
        """Without the raw bytes, for lists."""
        return self.defer("raw")

    def unparsed(self) -> Self:
        """Stored and not parsed yet, or filed in part; the oldest first."""
        return self.filter(status=Delivery.Status.RECEIVED).order_by("received_at", "pk")


class Delivery(models.Model):
    """One delivery of an agency, byte for byte, and the outcome of parsing it.

    The bytes never change; a legal erasure of one of its stories empties them.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        PARSED = "parsed", _("parsed")
        FAILED = "failed", _("failed")
        DUPLICATE = "duplicate", _("known already")
        UNSUPPORTED = "unsupported", pgettext_lazy("wire delivery", "unsupported format")

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="deliveries", verbose_name=_("wire source")
    )
    raw = models.BinaryField(_("as delivered"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    name = models.CharField(_("came as"), max_length=200, blank=True)
    content_type = models.CharField(_("content type"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    status = models.CharField(_("outcome"), max_length=12, choices=Status, default=Status.RECEIVED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    encoding = models.CharField(_("read as"), max_length=20, blank=True)
    # Of `wire.parsers.registry`; of an unsupported one the code of what it looks like.
    format = models.CharField(_("format"), max_length=20, blank=True)
    # Of the first story of the delivery; `versions` has those of all.
    version = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+", verbose_name=_("version number")
    )

    # The reading that several transactions file, from the first of them until the last.
    unfinished_reading = models.PositiveSmallIntegerField(null=True, editable=False)

    # Texts in these bytes that an earlier delivery had brought; `versions` has those that are new.
    known_texts: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "Version", related_name="known_in", editable=False
    )

    objects = WireDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("wire delivery")
        verbose_name_plural = _("wire deliveries")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["received", "failed", "unsupported"])
                | models.Q(version__isnull=False),
                name="a_parsed_delivery_has_its_version",
            )
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=models.Q(status="received"),
                name="deliveries_waiting",
            ),
            models.Index(fields=["-received_at", "-id"], name="deliveries_newest_first"),
            models.Index(fields=["source", "-received_at"], name="deliveries_of_a_source"),
            models.Index(fields=["source", "sha256"], name="deliveries_by_content"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.pk} {self.name}".strip()
