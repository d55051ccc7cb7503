"""Models of channels: the ways in by which a source's deliveries are fetched."""

from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wire.models.sources import Source

# The only variables that a channel may name: no other secret of this machine can be sent anywhere.
PASSWORD_VARIABLE = r"WIRE_PASSWORD_[A-Z0-9_]{1,60}"  # noqa: S105 -- a pattern of names
STALLED_AFTER_INTERVALS = 5
MIN_STALLED_AFTER = timedelta(minutes=15)


class ChannelQuerySet(models.QuerySet["Channel"]):
    def enabled(self) -> Self:
        """Switched on, of a source that takes deliveries."""
        return self.filter(enabled=True, source__active=True)

    def unleased(self, now: datetime) -> Self:
        """Not being fetched at this time."""
        return self.filter(models.Q(leased_until__isnull=True) | models.Q(leased_until__lt=now))

    def due(self, now: datetime) -> Self:
        """To be fetched now, the most overdue first."""
        return self.enabled().unleased(now).filter(due_at__lte=now).order_by("due_at", "pk")


class Channel(models.Model):
    """A way in of a source: a watched folder, an RSS or Atom feed, or a mailbox, and where fetching stands.

    Only `wire.actions.channels` writes the state; it is changed in the transaction that stores a delivery.
    """

    class Kind(models.TextChoices):
        FOLDER = "folder", _("watched folder")
        FEED = "feed", _("RSS or Atom feed")
        IMAP = "imap", _("mailbox (IMAP)")

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="channels", verbose_name=_("wire source")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    address = models.CharField(
        pgettext_lazy("wire", "address"),
        max_length=500,
        help_text=_(
            "Folder: its name inside the folder for deliveries. Feed: https://…"
            " Mailbox: imaps://mail.example.com/INBOX"
        ),
    )
    username = models.CharField(
        pgettext_lazy("wire", "user name"),
        max_length=200,
        blank=True,
        help_text=_("For a mailbox, and for a feed that asks for one."),
    )
    password_variable = models.CharField(
        _("variable of the password"),
        max_length=80,
        blank=True,
        validators=[RegexValidator(PASSWORD_VARIABLE + r"\Z")],
        help_text=_(
            "The name of an environment variable, WIRE_PASSWORD_…, which holds the password."
            " The password itself is never stored here."
        ),
    )
    interval = models.PositiveIntegerField(
        _("fetch every (seconds)"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(86_400)],
    )
    settle_seconds = models.PositiveIntegerField(
        _("a file is complete after (seconds)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(3600)],
        help_text=_(
            "Folder: its size has not changed for so long. A file NAME.done beside it says so at once."
        ),
    )
    enabled = models.BooleanField(_("switched on"), default=True)

    # State of the other side: validators of a feed, place in a mailbox, files seen in a folder.
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    body_sha256 = models.CharField(max_length=64, blank=True, editable=False)  # of the feed
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    unseen_uids = models.JSONField(default=list, editable=False)  # stored, still to be marked \Seen
    observed = models.JSONField(default=dict, editable=False)  # name: [size, mtime, since]

    due_at = models.DateTimeField(_("next run"), db_index=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    watched_since = models.DateTimeField(editable=False)  # set up or switched on
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error_at = models.DateTimeField(_("last error"), null=True, editable=False)
    last_error = models.CharField(_("what went wrong"), max_length=300, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("way in")
        verbose_name_plural = _("ways in")
        ordering = ["source", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "address"], name="one_channel_per_address_of_a_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.address}"

    def is_fetchable(self) -> bool:
        """Whether it is fetched at all: switched on, and its source takes deliveries."""
        return self.enabled and self.source.active

    def is_stalled(self, now: datetime) -> bool:
        """Whether it is fetched, but has not succeeded for five intervals, at least 15 minutes."""
        since = max(filter(None, (self.last_success_at, self.watched_since)))
        allowed = max(timedelta(seconds=self.interval) * STALLED_AFTER_INTERVALS, MIN_STALLED_AFTER)
        return self.is_fetchable() and now - since > allowed
