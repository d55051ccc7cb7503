"""Findings of the content filter, stored with the comment, for moderators."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from comments.content_filter import Severity
from comments.models.comment import Comment


class CommentFinding(models.Model):
    """What the filter found in the present text of a comment, in the order of the text.

    `start` and `end` are code points of `Comment.text`, the end not included: `text[start:end]`.
    `match` is the word of the list, never the reader's own words; `list_number` is the version of the list.
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="findings")
    rule = models.CharField(_("rule"), max_length=10)
    match = models.CharField(_("word"), max_length=40, blank=True)
    severity = models.CharField(
        max_length=5, choices=[(severity.value, severity.value) for severity in Severity]
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    list_number = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("finding of the filter")
        verbose_name_plural = _("findings of the filter")
        indexes = [
            models.Index(fields=["comment"], condition=Q(severity="flag"), name="flagged_comments"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.rule} {self.start}–{self.end}"
