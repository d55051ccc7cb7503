"""Notifications of readers: replies, mentions, decisions about comments, sanctions; their preferences."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Sanction
from articles.models import Article
from comments.models.comment import Comment
from comments.models.moderation import in_language


class Topic(models.TextChoices):
    """What a reader chooses notifications by."""

    REPLIES = "replies", _("Replies to my comments")
    MENTIONS = "mentions", _("Comments that mention me")
    DECISIONS = "decisions", _("Decisions about my comments and appeals")
    SANCTIONS = "sanctions", _("Warnings and suspensions of my account")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, reader_id: int) -> Self:
        return self.filter(reader=reader_id)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def decisions(self) -> Self:
        return self.filter(kind__in=DECISION_KINDS)

    def showable(self) -> Self:
        """Those that disclose nothing: of visible comments of others and one's own undeleted ones, under
        articles that are live now; and of sanctions."""
        about_others = Q(kind__in=COMMENT_KINDS, comment__state=Comment.State.VISIBLE)
        about_own = Q(kind__in=DECISION_KINDS) & ~Q(comment__state=Comment.State.DELETED)
        is_live = Q(comment__article__in=Article.objects.live())
        return self.filter(Q(comment__isnull=True) | (about_others | about_own) & is_live)

    def with_comment(self) -> Self:
        """With the comment, its author and article, and the sanction, in the same query."""
        return self.select_related("comment__author", "comment__article__live", "sanction")

    def due_by_email(self, now: datetime) -> Self:
        """Those whose e-mail is due, the longest waiting first."""
        return self.filter(mail_at__lte=now).order_by("mail_at", "pk")


class Notification(models.Model):
    """Something that a reader is notified of, on screen and by e-mail. No text of a comment is stored."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        MENTION = "mention", _("mention")
        COMMENT_SHOWN = "comment_shown", pgettext_lazy("notification", "comment shown")
        COMMENT_HIDDEN = "comment_hidden", pgettext_lazy("notification", "comment hidden")
        COMMENT_HELD = "comment_held", pgettext_lazy("notification", "comment held")
        COMMENT_BLOCKED = "comment_blocked", pgettext_lazy("notification", "comment blocked")
        APPEAL_GRANTED = "appeal_granted", pgettext_lazy("notification", "appeal granted")
        APPEAL_REJECTED = "appeal_rejected", pgettext_lazy("notification", "appeal rejected")
        SANCTION_BEGUN = "sanction_begun", pgettext_lazy("notification", "suspension begun")
        SANCTION_ENDED = "sanction_ended", pgettext_lazy("notification", "suspension ended")

    # Indexed together with the id.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind)
    # The comment that replies or mentions; the reader's own, of a decision; none, of a sanction.
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="+")
    # The sanction that has begun or ended, or that an appeal was against.
    sanction = models.ForeignKey(
        Sanction, models.CASCADE, null=True, related_name="+", db_index=False
    )
    # What a moderator has written to the reader; in English too where it is the text of a reason.
    message = models.CharField(max_length=500, blank=True)
    message_en = models.CharField(max_length=500, blank=True)
    # The end of a sanction, or of a block on request.
    until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    on_screen = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    # When the next attempt to send the e-mail is due; None where none is.
    mail_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering: ClassVar[list[str]] = ["-pk"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["reader", "comment"],
                condition=Q(kind__in=["reply", "mention"]),
                name="one_notification_per_comment",
            ),
            models.UniqueConstraint(
                fields=["reader", "comment"],
                condition=Q(
                    kind__in=[
                        *("comment_shown", "comment_hidden", "comment_held", "comment_blocked"),
                        *("appeal_granted", "appeal_rejected"),
                    ]
                ),
                name="one_notification_of_a_decision",
            ),
            models.UniqueConstraint(
                fields=["sanction", "kind"],
                condition=Q(sanction__isnull=False),
                name="one_notification_per_sanction",
            ),
            models.CheckConstraint(
                condition=Q(mailed_at__isnull=True) | Q(mail_at__isnull=True),
                name="a_notification_is_mailed_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["reader", "-id"], name="notifications_of_a_reader"),
            models.Index(
                fields=["reader", "id"],
                condition=Q(read_at__isnull=True),
                name="notifications_unread",
            ),
            models.Index(
                fields=["mail_at"], condition=Q(mail_at__isnull=False), name="notifications_to_mail"
            ),
            models.Index(fields=["created_at"], name="notifications_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.kind} {self.comment_id or ''}".strip()

    def localized_message(self) -> str:
        """What a moderator has written, in the language of the response where there is a translation."""
        return in_language(self.message, self.message_en or self.message)


# Comments of others that a reader is notified of, and decisions about the reader's own comments.
COMMENT_KINDS = (Notification.Kind.REPLY, Notification.Kind.MENTION)
DECISION_KINDS = (
    Notification.Kind.COMMENT_SHOWN,
    Notification.Kind.COMMENT_HIDDEN,
    Notification.Kind.COMMENT_HELD,
    Notification.Kind.COMMENT_BLOCKED,
    Notification.Kind.APPEAL_GRANTED,
    Notification.Kind.APPEAL_REJECTED,
)
TOPIC_BY_KIND = {
    Notification.Kind.REPLY: Topic.REPLIES,
    Notification.Kind.MENTION: Topic.MENTIONS,
    **dict.fromkeys(DECISION_KINDS, Topic.DECISIONS),
    Notification.Kind.SANCTION_BEGUN: Topic.SANCTIONS,
    Notification.Kind.SANCTION_ENDED: Topic.SANCTIONS,
}


class NotificationPreferences(models.Model):
    """What a reader is notified of, on screen and by e-mail; a reader without a row, of everything.

    The row is also the lock by which one sender at a time makes an e-mail for the reader.
    """

    reader = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    replies_on_screen = models.BooleanField(default=True)
    replies_by_mail = models.BooleanField(default=True)
    mentions_on_screen = models.BooleanField(default=True)
    mentions_by_mail = models.BooleanField(default=True)
    decisions_on_screen = models.BooleanField(default=True)
    decisions_by_mail = models.BooleanField(default=True)
    sanctions_on_screen = models.BooleanField(default=True)
    sanctions_by_mail = models.BooleanField(default=True)
    last_mailed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("preferences of notifications")
        verbose_name_plural = _("preferences of notifications")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

    def is_on_screen(self, topic: str) -> bool:
        """Whether notifications of this topic are shown on screen."""
        return bool(getattr(self, f"{topic}_on_screen"))

    def is_by_mail(self, topic: str) -> bool:
        """Whether notifications of this topic are mailed."""
        return bool(getattr(self, f"{topic}_by_mail"))
