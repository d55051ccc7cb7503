"""Models of agency copy: sources, raw deliveries, stories and their versions. Know nothing of drafts."""

from datetime import datetime
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wire.embargo import Embargo, embargo_end_condition, embargo_end_index, under_embargo
from wire.errors import UnknownSource

__all__ = ["Delivery", "Embargo", "Source", "Story", "Version", "under_embargo"]


class SourceQuerySet(models.QuerySet["Source"]):
    def by_slug(self, slug: str) -> "Source":
        """The source of this slug. Raises UnknownSource, which lists the slugs there are."""
        source = self.filter(slug=slug).first()
        if not source:
            raise UnknownSource.named(slug, list(self.values_list("slug", flat=True)))
        return source


class Source(models.Model):
    """An agency that delivers copy, and defaults for its texts."""

    class Parser(models.TextChoices):
        YONHAP = "yonhap", _("Yonhap plain text")

    slug = models.SlugField(
        _("short name"), unique=True, help_text=_("Part of the delivery address: /api/v1/wire/…/")
    )
    name = models.CharField(_("name"), max_length=80)
    agency = models.CharField(
        _("agency"), max_length=80, help_text=_("Stands on a story whose text names no agency.")
    )
    parser = models.CharField(
        _("form of the text"), max_length=20, choices=Parser, default=Parser.YONHAP
    )
    active = models.BooleanField(
        _("takes deliveries"), default=True, help_text=_("Switched off, deliveries are refused.")
    )
    charset = models.CharField(
        _("encoding"),
        max_length=20,
        blank=True,
        help_text=_("Used where a delivery declares none; empty tries UTF-8, then CP949."),
    )
    rights = models.TextField(
        _("rights line"), blank=True, help_text=_("Used where a story carries none.")
    )
    ai_use_prohibited = models.BooleanField(
        _("AI use prohibited"),
        default=False,
        help_text=_("Holds for every story of this source, also where the text does not say so."),
    )
    idle_after = models.PositiveIntegerField(
        _("idle alarm after (minutes)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Nothing for longer than this, and we say so. Empty: no alarm."),
    )
    quiet_from = models.TimeField(
        _("quiet from"), null=True, blank=True, help_text=_("No alarm between these hours.")
    )
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("wire source")
        verbose_name_plural = _("wire sources")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~models.Q(quiet_from=models.F("quiet_until")),
                name="quiet_hours_begin_and_end",
                violation_error_message=_("Quiet hours need a beginning and another end."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class WireDeliveryQuerySet(models.QuerySet["Delivery"]):
    def without_raw(self) -> Self:
        """Without the raw bytes, for lists."""
        return self.defer("raw")

    def unparsed(self) -> Self:
        """Stored and not parsed yet, the oldest first."""
        return self.filter(status=Delivery.Status.RECEIVED).order_by("received_at", "pk")


class Delivery(models.Model):
    """One delivery of an agency, byte for byte, and the outcome of parsing it. The bytes never change."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        PARSED = "parsed", _("parsed")
        FAILED = "failed", _("failed")
        DUPLICATE = "duplicate", _("known already")

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="deliveries", verbose_name=_("wire source")
    )
    raw = models.BinaryField(_("as delivered"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    name = models.CharField(_("came as"), max_length=200, blank=True)
    content_type = models.CharField(_("content type"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    status = models.CharField(_("outcome"), max_length=10, choices=Status, default=Status.RECEIVED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    encoding = models.CharField(_("read as"), max_length=20, blank=True)
    version = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+", verbose_name=_("version number")
    )

    objects = WireDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("wire delivery")
        verbose_name_plural = _("wire deliveries")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["received", "failed"])
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
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.pk} {self.name}".strip()


class StoryQuerySet(models.QuerySet["Story"]):
    def usable(self) -> Self:
        """Neither cancelled by the agency nor withheld for a person's decision."""
        return self.filter(status=Story.Status.USABLE)

    def embargoed(self, now: datetime) -> Self:
        """Under an embargo at this time, with a known end or not."""
        return self.filter(under_embargo(now))

    def with_current_version(self) -> Self:
        """With the source and the current version, in one query."""
        return self.select_related("source", "current")

    def with_versions(self) -> Self:
        """With every version and its delivery, in one more query."""
        versions = Version.objects.select_related("delivery").defer("delivery__raw")
        return self.prefetch_related(models.Prefetch("versions", versions))


class Story(models.Model):
    """One story of one agency, through all its versions. `current` is the version to show."""

    class Status(models.TextChoices):
        USABLE = "usable", _("usable")
        WITHHELD = "withheld", _("waiting for a decision")
        CANCELLED = "cancelled", _("cancelled by the agency")

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="stories", verbose_name=_("wire source")
    )
    key = models.CharField(_("story key"), max_length=64, editable=False)
    weak_key = models.BooleanField(_("recognised by headline and day"), default=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.USABLE)
    current = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+", verbose_name=_("current version")
    )
    # Time of sending of the current version, else of its delivery: the inbox is sorted by it.
    news_at = models.DateTimeField(_("sent by the agency at"))
    # The cancellation that a person overruled; those up to it do not count any more.
    overruled = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+", editable=False
    )
    # A person confirmed a story whose text bears no sign of an agency.
    vouched = models.BooleanField(default=False, editable=False)
    # The embargo that holds: the agency's latest, or a person's decision after it.
    embargo = models.CharField(_("embargo"), max_length=6, choices=Embargo, default=Embargo.NONE)
    embargo_until = models.DateTimeField(pgettext_lazy("wire", "embargo until"), null=True)
    embargo_text = models.TextField(_("words of the embargo"), blank=True)
    embargo_changed_at = models.DateTimeField(null=True, editable=False)
    embargo_decided = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("wire story")
        verbose_name_plural = _("wire inbox")
        ordering = ["-news_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="one_story_per_source_and_key"),
            models.CheckConstraint(
                condition=embargo_end_condition(), name="a_storys_embargo_has_its_end"
            ),
        ]
        indexes = [
            models.Index(fields=["-news_at", "-id"], name="stories_newest_first"),
            embargo_end_index("stories_under_embargo"),
        ]

    def __str__(self) -> str:
        return self.current.headline if self.current else self.key[:12]

    def is_usable(self) -> bool:
        return self.status == self.Status.USABLE

    def embargoed_at(self, now: datetime) -> bool:
        """Whether the story is under an embargo at this time, with a known end or not."""
        until = self.embargo_until
        return self.embargo == Embargo.OPEN or (until is not None and until > now)


class Version(models.Model):
    """One version of a story, frozen as the agency sent it.

    `number` is the order of arrival; `wire.versions.version_order` sorts by what the agency claims.
    """

    class Signal(models.TextChoices):
        TEXT = "text", _("wire story")
        CORRECTION = "correction", _("correction of a story")
        CANCELLATION = "cancellation", _("cancellation")

    story = models.ForeignKey(
        Story, models.CASCADE, related_name="versions", verbose_name=_("wire story")
    )
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="versions", verbose_name=_("wire delivery")
    )
    number = models.PositiveIntegerField(_("version number"))
    signal = models.CharField(_("kind"), max_length=12, choices=Signal, default=Signal.TEXT)
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
    rights = models.TextField(_("rights"), blank=True)
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
