"""Comments: model and querysets."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from articles.models import Article

# Replies embedded with a comment; the others are paginated (`parent` in the API).
MAX_FIRST_REPLIES = 20


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> Self:
        """Comments that readers can read. Exactly these are counted."""
        return self.filter(state=Comment.State.VISIBLE)

    def shown(self) -> Self:
        """Comments that have a place in the thread: visible ones, and the notices of blocked ones."""
        return self.filter(state__in=[Comment.State.VISIBLE, Comment.State.BLOCKED])

    def of_live_articles(self) -> Self:
        """Comments of articles that are live now."""
        return self.filter(article__in=Article.objects.live())

    def in_thread(self) -> Self:
        """Shown comments, and others with shown replies, which are shown as empty placeholders."""
        replies = Comment.objects.shown().filter(parent=models.OuterRef("pk"))
        shown = [Comment.State.VISIBLE, Comment.State.BLOCKED]
        return self.filter(Q(state__in=shown) | models.Exists(replies))

    def with_replies(self) -> Self:
        """Each with its author, `reply_count` and `first_replies` (MAX_FIRST_REPLIES). Two queries."""
        replies = Comment.objects.shown().select_related("author").order_by("pk")
        first = models.Prefetch("replies", replies[:MAX_FIRST_REPLIES], to_attr="first_replies")
        counted = Comment.objects.shown().filter(parent=models.OuterRef("pk")).order_by()
        count = counted.values("parent").annotate(n=models.Count("pk")).values("n")
        return (
            self.select_related("author")
            .prefetch_related(first)
            .annotate(reply_count=Coalesce(models.Subquery(count), 0))
        )

    def of_author(self, author: User) -> Self:
        """The comments of a reader but for those the reader has deleted."""
        return self.filter(author=author).exclude(state=Comment.State.DELETED)


class Comment(models.Model):
    """A comment of a reader under an article; once deleted, an empty placeholder."""

    class State(models.TextChoices):
        VISIBLE = "visible", _("visible")
        HELD = "held", _("held")
        HIDDEN = "hidden", _("hidden by a moderator")
        # 임시조치 (comments/models/block_request.py).
        BLOCKED = "blocked", _("blocked on request")
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
    # Threads have one level: a reply to a reply has the same parent and names here what it answers.
    in_reply_to = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+"
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
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # By the database's clock; comments are ordered by id.
    created_at = models.DateTimeField(
        pgettext_lazy("comment", "posted"), db_default=Now(), editable=False
    )
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    # Stored counts of the reactions (comments/reconciliation.py); the database computes the score.
    likes = models.PositiveIntegerField(_("likes"), default=0, db_default=0, editable=False)
    dislikes = models.PositiveIntegerField(_("dislikes"), default=0, db_default=0, editable=False)
    score = models.GeneratedField(
        expression=F("likes") - F("dislikes"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    # Set by post_comment on a duplicate (double click): the comment existed before.
    already_existed = False

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", "Can show and hide comments")]
        indexes = [
            models.Index(fields=["article", "parent", "id"], name="comments_of_an_article"),
            models.Index(
                fields=["article", "-score", "-id"],
                condition=Q(parent__isnull=True),
                name="comments_best_first",
            ),
            models.Index(fields=["author", "-id"], name="comments_of_a_reader"),
            models.Index(fields=["id"], condition=Q(state="held"), name="comments_to_decide"),
        ]

    def __str__(self) -> str:
        # The id, not the text: the audit log copies the name of its subject and never deletes it.
        return _("comment %(number)s") % {"number": self.pk}

    def is_visible(self) -> bool:
        """Whether readers can read the comment, and so whether it is counted."""
        return self.state == self.State.VISIBLE
