"""Word lists of the content filter, in versions, and trial runs of a list before it counts."""

from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.content_filter import MatchMode, Severity

MAX_WORD_CHARS = 40
MAX_WORDS = 5000  # of a list
SEVERITY_LABELS = {
    Severity.BLOCK: _("refuse the comment"),
    Severity.HOLD: _("hold it for a moderator"),
    Severity.FLAG: _("show it, marked for moderators"),
}
SHORT_LABELS = {
    Severity.BLOCK: pgettext_lazy("severity", "refuse"),
    Severity.HOLD: pgettext_lazy("severity", "hold"),
    Severity.FLAG: pgettext_lazy("severity", "mark"),
}
MODE_LABELS = {
    MatchMode.WORD: _("a word, particles may follow"),
    MatchMode.START: _("the beginning of a word"),
    MatchMode.COMMAND: _("a command at the end of a sentence"),
    MatchMode.ALONE: _("a word by itself"),
    MatchMode.EXACT: _("a word as it is spelled"),
    MatchMode.ANYWHERE: _("anywhere, in longer words too"),
    MatchMode.ALLOWED: _("an innocent word"),
}


class WordList(models.Model):
    """A version of the word list. Never changed: each saved change is a new one, the highest number counts.

    `entries`: a list of objects with `text`, `severity`, `mode` and `note`; `digest` is that of them.
    """

    number = models.PositiveIntegerField(
        pgettext_lazy("word list", "version"), unique=True, editable=False
    )
    entries = models.JSONField(_("words"), encoder=DjangoJSONEncoder, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    restored_number = models.PositiveIntegerField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(
        pgettext_lazy("word list", "saved"), db_default=Now(), editable=False
    )

    class Meta:
        verbose_name = _("word list")
        verbose_name_plural = _("word list of the filter")

    def __str__(self) -> str:
        return _("word list %(number)s") % {"number": self.number}

    def entry(self, text: str, mode: str) -> dict[str, Any] | None:
        """The entry of a word in a mode."""
        found = (e for e in self.entries if e["text"] == text and e["mode"] == mode)
        return next(found, None)


class WordListTrialQuerySet(models.QuerySet["WordListTrial"]):
    def unfinished(self) -> Self:
        """Trials that a worker has to go on with."""
        return self.filter(finished_at__isnull=True)


class WordListTrial(models.Model):
    """A dry run of a changed list over the comments of the last days; it changes no comment.

    Comments with ids up to `next_id` are still to be looked at, the newest first, at most MAX_TRIAL_ROWS.
    `samples`: objects with `comment`, `kind` (`added` or `released`), `match`, `start` and `end`.
    """

    base_number = models.PositiveIntegerField(editable=False)
    entries = models.JSONField(encoder=DjangoJSONEncoder, editable=False)
    note = models.CharField(max_length=200, blank=True, editable=False)
    days = models.PositiveSmallIntegerField(_("days"), default=7)
    next_id = models.BigIntegerField(null=True, editable=False)
    scanned = models.PositiveIntegerField(default=0, editable=False)
    found_by_current = models.PositiveIntegerField(default=0, editable=False)
    found_by_proposed = models.PositiveIntegerField(default=0, editable=False)
    added = models.PositiveIntegerField(default=0, editable=False)
    released = models.PositiveIntegerField(default=0, editable=False)
    samples = models.JSONField(default=list, editable=False)
    applied_number = models.PositiveIntegerField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = WordListTrialQuerySet.as_manager()

    class Meta:
        verbose_name = _("dry run of a word list")
        verbose_name_plural = _("dry runs of word lists")
        indexes = [
            models.Index(
                fields=["id"], condition=Q(finished_at__isnull=True), name="trials_to_run"
            ),
        ]

    def __str__(self) -> str:
        return _("dry run %(number)s") % {"number": self.pk}
