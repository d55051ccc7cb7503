"""Former texts of edited comments, for moderators."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class CommentRevision(models.Model):
    """A text of a comment before an edit. Staff and its writer's export have it; it goes with the text."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="revisions", db_index=False)
    version = models.PositiveIntegerField()
    text = models.TextField(_("text"))
    replaced_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        verbose_name = _("former text")
        verbose_name_plural = _("former texts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "version"], name="one_former_text_per_comment_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} v{self.version}"
