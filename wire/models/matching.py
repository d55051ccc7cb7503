"""Models of matching: terms that texts are found by, questions to a person, decisions to be undone."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.db.expressions import IdArray
from wire.models.sources import Source
from wire.models.stories import Story
from wire.models.versions import Version


class MatchTerm(models.Model):
    """A hash that a text without an identifier is found by (wire/matching/terms.py).

    `sent_at` is the time of sending, else of arrival. Bands are pruned after some days, as are the terms of
    events, which every text has, also with an identifier (wire/matching/events.py).
    """

    class Kind(models.IntegerChoices):
        OWN = 1, _("headline")
        NAMED = 2, _("headline of a story named")
        BAND = 3, _("similarity")
        EVENT = 4, _("words of one event")

    version = models.ForeignKey(Version, models.CASCADE, related_name="match_terms")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    term = models.BigIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["source", "term", "sent_at"], name="texts_by_term"),
            models.Index(
                fields=["term", "sent_at", "version"],
                condition=models.Q(kind=4),
                name="events_by_term",
            ),
            models.Index(
                fields=["sent_at"], condition=models.Q(kind__gte=3), name="pruned_terms_by_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.term}"


class MatchQuestionQuerySet(models.QuerySet["MatchQuestion"]):
    def unanswered(self) -> Self:
        """Without an answer, and the two texts are still of two stories."""
        return self.filter(answer="").exclude(version__story=F("other__story"))

    def of_story(self, story_id: int) -> Self:
        """About a story, on either side."""
        return self.filter(models.Q(version__story=story_id) | models.Q(other__story=story_id))

    def pairs_marked_different(self, story_ids: Iterable[int]) -> set[frozenset[int]]:
        """Pairs among these stories that a person marked as different. One query."""
        # With an id that no row has: Django sends no statement for none, and a page sends as many as ever.
        ids = IdArray((0, *story_ids))
        answered = self.filter(
            answer=MatchQuestion.Answer.OTHER,
            version__story__in_array=ids,
            other__story__in_array=ids,
        )
        pairs = answered.values_list("version__story", "other__story")
        return {frozenset(pair) for pair in pairs if pair[0] != pair[1]}


class MatchQuestion(models.Model):
    """Whether two texts are of one story: asked by the intake, or answered by a person unasked."""

    class Answer(models.TextChoices):
        OPEN = "", pgettext_lazy("wire", "not answered")
        SAME = "same", _("Belongs to this story")
        OTHER = "other", _("Is another story")

    version = models.ForeignKey(Version, models.CASCADE, related_name="questions")
    other = models.ForeignKey(Version, models.CASCADE, related_name="+")
    similarity = models.FloatField(_("similarity"), default=0)
    answer = models.CharField(
        pgettext_lazy("wire", "answer"),
        max_length=5,
        choices=Answer,
        default=Answer.OPEN,
        blank=True,
    )
    asked_at = models.DateTimeField(auto_now_add=True)

    objects = MatchQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "other"], name="one_question_about_two_texts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.other_id} {self.answer}".strip()


class StoryDecisionQuerySet(models.QuerySet["StoryDecision"]):
    def last_about(self, story: Story) -> "StoryDecision | None":
        """The last decision about a story that stands, from either side."""
        about = self.filter(models.Q(story=story.pk) | models.Q(other=story.pk))
        return about.filter(undone_at=None).order_by("-pk").first()


class StoryDecision(models.Model):
    """A person's decision about which story a text belongs to, with what undoes it.

    `before` and `after` are the columns of the stories, the places of the versions and the answers that the
    decision touched (wire/actions/snapshots.py).
    """

    class Kind(models.TextChoices):
        JOINED = "joined", pgettext_lazy("wire", "joined")
        SPLIT = "split", _("told apart")
        CANCELLED = "cancelled", _("cancelled by hand")

    story = models.ForeignKey(Story, models.CASCADE, related_name="decisions")
    other = models.ForeignKey(Story, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(_("decision"), max_length=9, choices=Kind)
    decided_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = StoryDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.story_id}"
