"""Requests to block a comment (임시조치, 정보통신망법 제44조의2), and the notices to both sides."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models.comment import Comment


class BlockRequestQuerySet(models.QuerySet["BlockRequest"]):
    def due(self, now: datetime) -> Self:
        """Blocks whose term is over."""
        return self.filter(state=BlockRequest.State.BLOCKED, blocked_until__lte=now)


class BlockRequest(models.Model):
    """A request of the person concerned to block a comment, and what came of it.

    Name and address of the requester are personal data: moderators see them, and they are erased some
    time after the procedure is over (BLOCK_CONTACT_RETENTION_DAYS).
    """

    class Basis(models.TextChoices):
        DEFAMATION = "defamation", _("defamation")
        PRIVACY = "privacy", _("invasion of privacy")
        OTHER = "other", _("another violation of rights")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("block request", "waiting for a decision")
        BLOCKED = "blocked", pgettext_lazy("block request", "blocked")
        DECLINED = "declined", pgettext_lazy("block request", "declined")
        ENDED = "ended", pgettext_lazy("block request", "ended")

    class Outcome(models.TextChoices):
        RESTORED = "restored", _("shown again")
        REMOVED = "removed", _("hidden for good")
        DELETED = "deleted", _("deleted by its author")
        JOINED = "joined", _("decided with another request")

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="+", verbose_name=_("comment")
    )
    requester_name = models.CharField(_("name of the requester"), max_length=80, blank=True)
    requester_email = models.EmailField(_("e-mail of the requester"), blank=True)
    basis = models.CharField(_("violated right"), max_length=10, choices=Basis)
    statement = models.TextField(_("statement"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    requested_at = models.DateTimeField(_("requested"), db_default=Now(), editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    blocked_until = models.DateTimeField(_("blocked until"), null=True, editable=False)
    # The state of the comment before, to which it returns.
    former_state = models.CharField(max_length=8, blank=True, editable=False)
    former_reason = models.CharField(max_length=200, blank=True, editable=False)
    # Of a request that was open when another one was granted: that one, whose block and end are its own.
    joined_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="joined", editable=False
    )
    objection = models.TextField(_("objection of the author"), blank=True)
    objected_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)

    objects = BlockRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to block a comment")
        verbose_name_plural = _("requests to block comments")
        constraints = [
            models.UniqueConstraint(
                fields=["comment"],
                condition=Q(state="blocked"),
                name="one_block_of_a_comment_at_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="blocked") | Q(blocked_until__isnull=False),
                name="a_block_has_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["blocked_until"], condition=Q(state="blocked"), name="blocks_by_end"
            ),
            models.Index(fields=["id"], condition=Q(state="open"), name="block_requests_open"),
        ]

    def __str__(self) -> str:
        return _("request %(number)s") % {"number": self.pk}


class BlockNoticeQuerySet(models.QuerySet["BlockNotice"]):
    def due_by_email(self, now: datetime) -> Self:
        """Notices whose e-mail is due, the one that waits longest first."""
        return self.filter(mailed_at__isnull=True, mail_at__lte=now).order_by("mail_at", "pk")


class BlockNotice(models.Model):
    """An e-mail about a block that is due to one side; a task sends it (comments.tasks)."""

    class Recipient(models.TextChoices):
        REQUESTER = "requester", _("requester")
        AUTHOR = "author", _("author")

    class Kind(models.TextChoices):
        BLOCKED = "blocked", pgettext_lazy("block request", "blocked")
        DECLINED = "declined", pgettext_lazy("block request", "declined")
        OBJECTED = "objected", _("objection")
        RESTORED = "restored", _("shown again")
        REMOVED = "removed", _("hidden for good")

    request = models.ForeignKey(BlockRequest, models.CASCADE, related_name="notices")
    recipient = models.CharField(max_length=9, choices=Recipient)
    kind = models.CharField(max_length=8, choices=Kind)
    created_at = models.DateTimeField(db_default=Now())
    mailed_at = models.DateTimeField(null=True)
    # When the e-mail is due, or due again while a sender has it; null where nothing is to be sent.
    mail_at = models.DateTimeField(null=True, db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)

    objects = BlockNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice about a block")
        verbose_name_plural = _("notices about blocks")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["mail_at"],
                condition=Q(mailed_at__isnull=True, mail_at__isnull=False),
                name="block_notices_by_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.kind}"
