"""Model of stories: one story of one agency through all its versions."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wire.embargo import Embargo, embargo_end_condition, embargo_end_index, under_embargo
from wire.models.sources import Source
from wire.models.versions import Version


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
    # The agency's identifier without the version; empty where its format has none.
    identifier = models.CharField(_("identifier"), max_length=300, blank=True, editable=False)
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
    # The withheld version that a person allowed all the same; a later one is withheld again.
    overruled_withholding = models.ForeignKey(
        "Version", models.SET_NULL, null=True, related_name="+", editable=False
    )
    # When a person cancelled the story; texts from later on are for a person to decide.
    cancelled_at = models.DateTimeField(_("cancelled by hand at"), null=True, editable=False)
    # An unanswered question: a cancellation of another story may mean this one.
    maybe_cancelled = models.BooleanField(default=False, editable=False)
    # The story that this one was joined with: its versions are there, and it has none of its own.
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="+", editable=False
    )
    # Counts every change; the ETag of the desk API.
    state_number = models.PositiveIntegerField(default=1, editable=False)
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
            models.Index(fields=["source", "-news_at", "-id"], name="stories_of_a_source"),
            models.Index(
                fields=["status", "-news_at", "-id"],
                name="stories_not_usable",
                condition=~models.Q(status="usable"),
            ),
            models.Index(
                fields=["embargo", "-news_at", "-id"],
                name="stories_with_embargo",
                condition=~models.Q(embargo="none"),
            ),
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
