"""Photos. Private until something public uses them."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from media.errors import failure_sentence
from newsroom.visibility import is_shown_by_live_article


def new_key() -> str:
    """The unguessable part of a photo's address."""
    return secrets.token_urlsafe(12)


class PhotoQuerySet(models.QuerySet["Photo"]):
    def for_desk(self) -> Self:
        """Each with who uploaded it, and whether a live article shows it (`carried`)."""
        return self.select_related("uploaded_by").annotate(
            carried=is_shown_by_live_article("photo")
        )

    def shown(self) -> Self:
        """Photos that readers can see now: those of live articles, by the terms of these."""
        return self.filter(is_shown_by_live_article("photo"), public=True)

    def unready(self) -> Self:
        """Photos without files: still being processed, or not readable."""
        return self.exclude(state=Photo.State.READY)


class Photo(models.Model):
    """A picture as readers may see it: upright, without the camera's and the place's data.

    `sources` lists the files: [{"name", "width", "height", "type", "bytes"}], widest last (no `bytes` in
    old ones).  `placeholder` is a tiny data URI to show meanwhile.  Both are there once the upload was
    decoded (`state`); before that, width and height are what its header claims.
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
    # Whether an article that was put out shows it; its terms are asked at each reading (`shown()`).
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

    # What for_desk() reads beside the columns.
    carried: bool

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
        return self.state == self.State.READY

    @property
    def failure_reason(self) -> str:
        """Why the upload could not be read, in a sentence; empty where it could."""
        return str(failure_sentence(self.failure)) if self.failure else ""


class PendingUploadQuerySet(models.QuerySet["PendingUpload"]):
    def due(self, now: datetime) -> Self:
        """Uploads to be decoded now, the oldest first."""
        return self.filter(next_attempt_at__lte=now).order_by("pk")


class PendingUpload(models.Model):
    """An uploaded file that waits to be decoded: a row of the work queue, gone once it was.

    `original` is its private name in the storage.  A worker takes an upload by moving `next_attempt_at`
    on; if the worker dies, another one takes it then.
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
