"""DraftVersion: what a draft held when it was saved; VersionMark: what was decided on that text."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.models import Edition
from desk.models.drafts import Draft


class DraftVersionQuerySet(models.QuerySet["DraftVersion"]):
    def without_content(self) -> Self:
        """For lists: the columns that are short."""
        return self.defer("content")

    def newest_first(self) -> Self:
        return self.order_by("-number")

    def autosaves_of_form(self, person_id: int, form_token: UUID | None) -> Self:
        """What this form of this person saved automatically."""
        kind = DraftVersion.Kind.AUTOSAVE
        return self.filter(kind=kind, saved_by=person_id, form_token=form_token)

    def newest_of_others(self, person_id: int, form_token: UUID | None) -> Self:
        """The newest first, without the autosaves of this form."""
        kind = DraftVersion.Kind.AUTOSAVE
        own = Q(kind=kind, saved_by=person_id, form_token=form_token)
        return self.exclude(own).newest_first()

    def prunable(self, before: datetime) -> Self:
        """Autosaves from before this time that may be deleted: a later version exists, and the text was
        neither submitted nor approved nor frozen."""
        later = DraftVersion.objects.filter(
            draft=OuterRef("draft"), number__gt=OuterRef("number")
        ).order_by()
        marks = VersionMark.objects.filter(version=OuterRef("pk"))
        old = self.filter(kind=DraftVersion.Kind.AUTOSAVE, saved_at__lt=before)
        return old.filter(Exists(later), ~Exists(marks))


class DraftVersion(models.Model):
    """The content of a draft as it was saved. Immutable: rows are added and pruned, never changed."""

    class Kind(models.TextChoices):
        SAVE = "save", _("saved")
        AUTOSAVE = "autosave", _("saved automatically")
        RESTORE = "restore", _("older version restored")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    # `Draft.version` of that save: numbers rise, with gaps.
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The page that sent an autosave: the same page may follow up on it without having had the answer.
    form_token = models.UUIDField(null=True)
    # The version that a restore brought back.
    restored_number = models.PositiveIntegerField(null=True)
    # Characters that readers and colleagues see, without markup.
    char_count = models.PositiveIntegerField()
    # Names of the fields that differ from the version before.
    changed_fields = models.JSONField(default=list)
    # As `desk.versions.content.content_of`. The last column, so that lists need not read past it.
    content = models.JSONField()

    objects = DraftVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        default_permissions = ()  # a version is read and restored by whoever may do so with its draft
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_version_per_save")
        ]
        indexes = [
            models.Index(
                fields=["saved_at"], condition=Q(kind="autosave"), name="autosaves_to_prune"
            )
        ]

    def __str__(self) -> str:
        return str(self.number)


class VersionMark(models.Model):
    """What was decided on the text of a version, which keeps it from being pruned."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        FROZEN = "frozen", _("frozen")

    version = models.ForeignKey(DraftVersion, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=9, choices=Kind)
    # Of a frozen text.
    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
