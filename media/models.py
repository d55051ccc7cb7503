"""Models of photos, which are private until a live article shows them, and of pending uploads."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from media.errors import failure_sentence
from newsroom.db.read_models import ReadModel
from newsroom.visibility import is_shown_by_live_article


def new_key() -> str:
    """A random key of 96 bits: the unguessable part of a photo's URL."""
    return secrets.token_urlsafe(12)


class PhotoQuerySet(models.QuerySet["Photo"]):
    def for_desk(self) -> Self:
        """Each with its uploader, and whether a live article shows it (`is_shown`)."""
        return self.select_related("uploaded_by").annotate(
            is_shown=is_shown_by_live_article("photo")
        )

    def public(self) -> Self:
        """Photos that readers can see now: those shown by a live article (its embargo and expiry count)."""
        return self.filter(is_shown_by_live_article("photo"), public=True)

    def by_key(self, keys: Collection[str]) -> dict[str, "Photo"]:
        """{key: photo} of these keys that there are. One query, none without keys."""
        return {photo.key: photo for photo in self.filter(key__in=keys)} if keys else {}

    def unready(self) -> Self:
        """Photos without renditions: still being processed, or failed."""
        return self.exclude(state=Photo.State.READY)


class Photo(models.Model):
    """A photo in the library, with its texts, focal point and renditions.

    `sources` lists the rendition files: [{"name", "width", "height", "type", "bytes"}], widest last (no
    `bytes` in old ones).  `placeholder` is a small data URI to show while they load.  Both are set once
    the upload is decoded (`state`); until then width and height are those of its header.
    """

    class State(models.TextChoices):
        PROCESSING = "processing", _("being processed")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be read")

    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    title = models.CharField(_("file name"), max_length=200, editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=250,
        help_text=_("What is to be seen, for people who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=120, blank=True)
    # Of photos that came from an agency: what it says of their use.
    rights = models.TextField(_("rights"), blank=True, editable=False)
    resale_prohibited = models.BooleanField(_("resale prohibited"), default=False, editable=False)
    focal_x = models.FloatField(
        _("focus, from the left"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    focal_y = models.FloatField(
        _("focus, from the top"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    placeholder = models.TextField(editable=False, blank=True)
    sources = models.JSONField(default=list, editable=False)
    digest = models.CharField(max_length=64, editable=False, db_index=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.READY, editable=False
    )
    failure = models.CharField(max_length=40, blank=True, editable=False)  # media.errors, its code
    version = models.PositiveIntegerField(default=1, editable=False)
    # Whether a published article shows it; `public()` also checks the article's embargo and expiry.
    public = models.BooleanField(_("public"), default=False, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    # Annotated by for_desk().
    is_shown: bool

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [
            models.Index(
                fields=["state"], name="photos_unready", condition=~models.Q(state="ready")
            )
        ]

    def __str__(self) -> str:
        return self.alt or self.title

    @property
    def is_ready(self) -> bool:
        """Whether the renditions exist."""
        return self.state == self.State.READY

    @property
    def failure_reason(self) -> str:
        """Why the upload could not be decoded, as a sentence; empty unless it failed."""
        return str(failure_sentence(self.failure)) if self.failure else ""


class PhotoFiles(ReadModel):
    """What a page shows of a photo; its texts are those that an edition froze."""

    key: str
    width: int
    height: int
    placeholder: str
    sources: list[dict[str, Any]]
    public: bool


class PendingUploadQuerySet(models.QuerySet["PendingUpload"]):
    def due(self, now: datetime) -> Self:
        """Uploads to be decoded now, oldest first."""
        return self.filter(next_attempt_at__lte=now).order_by("pk")


class PendingUpload(models.Model):
    """An uploaded file to be decoded: a row of a work queue, deleted when it is processed.

    `original` is its private name in the storage.  A worker claims an upload by moving `next_attempt_at`
    into the future; if the worker dies, another one claims it then.
    """

    photo = models.OneToOneField(Photo, models.CASCADE, related_name="+")
    original = models.CharField(max_length=200)
    next_attempt_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = PendingUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending upload")
        verbose_name_plural = _("pending uploads")

    def __str__(self) -> str:
        return self.original
