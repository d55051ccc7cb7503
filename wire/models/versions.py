"""Model of versions: a story as the agency sent it, frozen."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wire.embargo import Embargo, embargo_end_condition

SUPERSEDED = (
    0  # `reading` of a text that an earlier parsing of the delivery read, and the latest did not
)


class Version(models.Model):
    """One version of a story, frozen as the agency sent it.

    `number` is the order in which it came to its story; `wire.versions.version_order` sorts by what the
    agency claims. Only its story, its number, `arrived_at` and `reading` ever change.
    """

    class Signal(models.TextChoices):
        TEXT = "text", _("wire story")
        CORRECTION = "correction", _("correction of a story")
        CANCELLATION = "cancellation", _("cancellation")

    class PubStatus(models.TextChoices):
        """NewsML-G2 `pubStatus` (IPTC NewsCodes `stat`)."""

        USABLE = "usable", _("usable")
        WITHHELD = "withheld", _("withheld by the agency")
        CANCELED = "canceled", _("cancelled by the agency")

    story = models.ForeignKey(
        "Story", models.CASCADE, related_name="versions", verbose_name=_("wire story")
    )
    delivery = models.ForeignKey(
        "Delivery", models.PROTECT, related_name="versions", verbose_name=_("wire delivery")
    )
    # The arrival of the first delivery that brought this text.
    arrived_at = models.DateTimeField(_("arrived at"))
    number = models.PositiveIntegerField(_("version number"))
    signal = models.CharField(_("kind"), max_length=12, choices=Signal, default=Signal.TEXT)
    pub_status = models.CharField(
        _("state given by the agency"), max_length=10, choices=PubStatus, default=PubStatus.USABLE
    )
    agency_version = models.CharField(_("version of the agency"), max_length=40, blank=True)
    mark_order = models.PositiveSmallIntegerField(_("order by mark"))
    reading = models.PositiveSmallIntegerField(_("reading of the delivery"), default=1)
    silent_change = models.BooleanField(_("changed without a mark"), default=False)
    headline = models.TextField(_("headline"))
    marks = models.JSONField(_("marks"), default=list)
    deck = models.JSONField(_("deck"), default=list)
    agency = models.CharField(_("agency"), max_length=80)
    sent_at = models.DateTimeField(_("sent by the agency at"), null=True)
    stamps = models.JSONField(_("time lines"), default=list)
    places = models.JSONField(_("places"), default=list)
    dateline_agency = models.CharField(_("agency in the dateline"), max_length=80, blank=True)
    bylines = models.JSONField(_("bylines"), default=list)
    contacts = models.JSONField(_("reporters' addresses"), default=list)
    paragraphs = models.JSONField(_("paragraphs"), default=list)
    captions = models.JSONField(_("captions"), default=list)
    # The text in order: see `wire.parsers.result.Block`. `paragraphs` are its words alone.
    blocks = models.JSONField(_("blocks"), default=list)
    # Remote pictures and attachments: see `wire.parsers.result.Media`.
    media = models.JSONField(_("media"), default=list)
    subjects = models.JSONField(_("subjects"), default=list)
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    # Headlines of the stories that a cancellation or correction names.
    references = models.JSONField(_("stories named"), default=list)
    rights = models.TextField(_("rights"), blank=True)
    usage_terms = models.TextField(_("usage terms"), blank=True)
    expires_at = models.DateTimeField(_("usable until"), null=True)
    ai_use_prohibited = models.BooleanField(_("AI use prohibited"), default=False)
    resale_prohibited = models.BooleanField(_("resale prohibited"), default=False)
    notes = models.JSONField(_("notes to editors"), default=list)
    boilerplate_lines = models.JSONField(_("dropped lines"), default=list)
    warnings = models.JSONField(_("warnings"), default=list)
    embargo = models.CharField(_("embargo"), max_length=6, choices=Embargo, default=Embargo.NONE)
    embargo_until = models.DateTimeField(pgettext_lazy("wire", "embargo until"), null=True)
    embargo_text = models.TextField(_("words of the embargo"), blank=True)
    content_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("wire version")
        verbose_name_plural = _("wire versions")
        ordering = ["story", "number"]
        indexes = [
            models.Index(fields=["content_hash"], name="versions_by_text"),
            models.Index(
                fields=["-id"],
                name="cancelling_versions",
                condition=models.Q(signal="cancellation"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["story", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["story", "content_hash"], name="one_version_per_text"),
            models.CheckConstraint(
                condition=embargo_end_condition(), name="a_read_embargo_has_its_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.headline} ({self.number})"

    def is_cancellation(self) -> bool:
        return self.signal == self.Signal.CANCELLATION

    def is_correction(self) -> bool:
        return self.signal == self.Signal.CORRECTION
