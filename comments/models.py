"""What readers say under an article."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> Self:
        """Comments readers can read. Exactly these are counted."""
        return self.filter(state=Comment.State.VISIBLE)

    def in_thread(self) -> Self:
        """What stands in a thread: visible comments, and removed ones that still carry replies."""
        carried = Comment.objects.visible().filter(parent=models.OuterRef("pk"))
        gone = Q(state__in=[Comment.State.HIDDEN, Comment.State.DELETED])
        return self.filter(Q(state=Comment.State.VISIBLE) | gone & models.Exists(carried))


class Comment(models.Model):
    """A reader's words, or the place where they stood."""

    class State(models.TextChoices):
        VISIBLE = "visible", _("visible")
        HELD = "held", _("held")
        HIDDEN = "hidden", _("hidden by a moderator")
        DELETED = "deleted", _("deleted by the author")

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="comments", verbose_name=_("article")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("reply to"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="comments",
        verbose_name=_("reader"),
    )
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.VISIBLE)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", "Can show and hide comments")]
        indexes = [
            models.Index(fields=["article", "created_at", "id"], name="comments_of_an_article"),
            models.Index(fields=["author", "-created_at"], name="comments_of_a_reader"),
            models.Index(
                fields=["created_at"], condition=Q(state="held"), name="comments_to_decide"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
