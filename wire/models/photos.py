"""Models of photos of stories: pictures that came with agency copy, fetched into the library."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from media.models import Photo
from wire.models.versions import Version


class StoryPhotoQuerySet(models.QuerySet["StoryPhoto"]):
    def due(self, now: datetime) -> Self:
        """To be fetched now, the oldest first."""
        return self.filter(state=StoryPhoto.State.WAITING, due_at__lte=now).order_by("due_at", "pk")

    def in_library(self, story_id: int) -> Self:
        """Those of a story's versions that are in the library, in the order of the agency."""
        return self.filter(version__story=story_id, photo__isnull=False).order_by("pk")


class StoryPhoto(models.Model):
    """A picture of a version, at an address or attached to its delivery, and its photo in the library.

    `key` is the SHA-256 of the address or of the attachment. Versions of a story that carry the same
    picture have the same photo, fetched once; a version that moves to another story takes it along.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be fetched")
        FETCHED = "fetched", _("in the library")
        FAILED = "failed", _("could not be fetched")

    version = models.ForeignKey(Version, models.CASCADE, related_name="photos")
    key = models.CharField(max_length=64, editable=False)
    href = models.CharField(_("address"), max_length=2000, blank=True)
    attachment = models.PositiveIntegerField(_("attachment"), null=True)
    media_type = models.CharField(_("content type"), max_length=100, blank=True)
    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=300, blank=True)
    rights = models.TextField(_("rights"), blank=True)
    resale_prohibited = models.BooleanField(_("resale prohibited"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, blank=True)  # of the picture's bytes
    photo = models.ForeignKey(
        Photo, models.SET_NULL, null=True, related_name="+", verbose_name=_("photo")
    )

    objects = StoryPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a story")
        verbose_name_plural = _("photos of stories")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"], name="one_row_per_picture_of_a_version"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="pictures_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["sha256"], name="pictures_by_content"),
        ]

    def __str__(self) -> str:
        return self.caption or self.href or f"#{self.attachment}"

    def can_be_retried(self) -> bool:
        """Whether it could not be fetched, or its photo is in the library no more."""
        is_gone = self.state == self.State.FETCHED and self.photo_id is None
        return is_gone or self.state == self.State.FAILED
