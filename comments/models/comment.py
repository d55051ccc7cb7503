"""Comments: model and querysets."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Subquery, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from articles.models import Article
from comments.models.ranking import comment_rank
from newsroom.db.expressions import IntegerLiteral

# Replies embedded with a comment; the others are paginated (`parent` in the API).
MAX_FIRST_REPLIES = 20
TOP_LISTED = Q(parent__isnull=True, is_listed=True)
REPLY_LISTED = Q(parent__isnull=False, is_listed=True)


def by_position() -> CombinedExpression:
    """The id as an expression, by which rows are read from an index that begins with another column.

    By the bare id PostgreSQL may read the primary key backwards instead, through the comments of all
    newer stories.
    """
    return F("id") + IntegerLiteral(0)


def thread_of() -> Coalesce:
    """The id of the comment that a reply stands under, 0 for a comment that starts a thread.

    An expression of an index for moderators, who read comments of every state; readers' pages never match
    it, so that the planner takes their partial indexes.
    """
    return Coalesce(F("parent"), IntegerLiteral(0))


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
        return self.filter(is_listed=True)

    def pinned(self) -> Self:
        """Comments that a moderator has pinned, in the order of pinning."""
        return self.filter(pinned_at__isnull=False).order_by("pinned_at", "pk")

    def with_authors(self) -> Self:
        """Each with its author, its `position`, and what `attach_first_replies` needs."""
        replies = Comment.objects.in_thread().filter(parent=models.OuterRef("pk"))
        ids = replies.order_by(by_position()).values("pk")
        last = Subquery(ids[MAX_FIRST_REPLIES - 1 : MAX_FIRST_REPLIES])
        has_more = When(visible_replies__gt=MAX_FIRST_REPLIES, then=last)
        return self.select_related("author").annotate(
            position=by_position(), last_first_reply=Case(has_more)
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
        db_index=False,  # the partial indexes of replies
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
    # In millionths, for the order `best`.
    rank = models.GeneratedField(
        expression=comment_rank(), output_field=models.IntegerField(), db_persist=True
    )
    # Stored count (comments/reconciliation.py).
    visible_replies = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Whether it stands in its thread: see `in_thread`.
    is_listed = models.GeneratedField(
        expression=Q(state="visible") | Q(state="blocked") | Q(visible_replies__gt=0),  # type: ignore[arg-type]  # Django takes it
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # Whether a moderator has to decide: first in the list of the admin.
    is_held = models.GeneratedField(
        expression=Q(state="held"),  # type: ignore[arg-type]  # Django takes it
        output_field=models.BooleanField(),
        db_persist=True,
    )
    pinned_at = models.DateTimeField(null=True, editable=False)

    # Set by post_comment on a duplicate (double click): the comment existed before.
    already_existed = False
    # Set by post_comment on a comment that it has inserted: nobody has answered it yet.
    was_inserted = False

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", "Can show and hide comments")]
        indexes = [
            # Pages of threads, and of the replies to one comment, in each order.
            models.Index(
                "article", by_position().desc(), condition=TOP_LISTED, name="threads_newest"
            ),
            models.Index(
                fields=["article", "-rank", "-id"], condition=TOP_LISTED, name="threads_best"
            ),
            models.Index("parent", by_position(), condition=REPLY_LISTED, name="replies_in_order"),
            models.Index(
                fields=["parent", "-rank", "-id"], condition=REPLY_LISTED, name="replies_best"
            ),
            models.Index(
                fields=["article"], condition=Q(pinned_at__isnull=False), name="pinned_comments"
            ),
            models.Index("article", thread_of(), "id", name="threads_of_every_state"),
            models.Index(fields=["author", "-id"], name="comments_of_a_reader"),
            # The list of the admin, without and with a filter by state.
            models.Index(fields=["-is_held", "-id"], name="comments_to_moderate"),
            models.Index("state", by_position().desc(), name="comments_by_state"),
        ]

    def __str__(self) -> str:
        # The id, not the text: the audit log copies the name of its subject and never deletes it.
        return _("comment %(number)s") % {"number": self.pk}

    def is_visible(self) -> bool:
        """Whether readers can read the comment, and so whether it is counted."""
        return self.state == self.State.VISIBLE

    def is_shown(self) -> bool:
        """Whether it has a place in the thread by itself: visible, or the notice of a blocked one."""
        return self.state in {self.State.VISIBLE, self.State.BLOCKED}
