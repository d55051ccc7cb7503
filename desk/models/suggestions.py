"""Suggestions: lines proposed for a draft, taken from its text or written by an assistant."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.models.drafts import Draft


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def due(self, now: datetime) -> Self:
        """Waiting for the assistant's answer, and claimed by no process; the oldest first."""
        waiting = self.filter(state=Suggestion.State.WAITING, due_at__lte=now)
        return waiting.order_by("due_at", "pk")

    def answers_for(self, draft: Draft) -> Self:
        """What the assistant has written for this draft."""
        return self.filter(
            draft=draft, origin=Suggestion.Origin.ASSISTANT, state=Suggestion.State.READY
        )


class Suggestion(models.Model):
    """Lines proposed for a draft, which a person takes over one by one; and the log of who asked for them.

    `model` and `prompt_version` say what the assistant was, `draft_version` what text it was given.
    `due_at` is when the next attempt may begin; `reason` the sentence of one that failed. `taken_by` and
    `taken_at` say who took lines over first, changed or not; empty where all were taken back.
    """

    class Kind(models.TextChoices):
        SUMMARY = "summary", _("summary lines")
        HEADLINE = "headline", _("headlines")
        SUBHEADS = "subheads", _("subheads")

    class Origin(models.TextChoices):
        EXTRACTION = "extraction", _("sentences of the text")
        ASSISTANT = "assistant", _("assistant")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for the answer")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    origin = models.CharField(max_length=10, choices=Origin)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    lines = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=20, blank=True)
    draft_version = models.PositiveIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["draft", "-id"], name="suggestions_of_a_draft"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="waiting"),
                name="suggestions_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "kind"],
                condition=models.Q(state="waiting"),
                name="one_waiting_suggestion_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
