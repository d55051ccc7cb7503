"""Notice: something that one member of staff has to know, shown in the admin and sent by e-mail."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person_id: int) -> Self:
        return self.filter(person=person_id)

    def excluding_kinds(self, kinds: Collection[str]) -> Self:
        """Notices whose subject is of another kind."""
        return self.exclude(kind__in=kinds)

    def unresolved(self) -> Self:
        """Notices whose cause still exists."""
        return self.filter(over_at__isnull=True)

    def unseen(self) -> Self:
        return self.unresolved().filter(seen_at__isnull=True)

    def undelivered(self) -> Self:
        """Unseen in the admin, and not sent by e-mail."""
        return self.unseen().filter(mailed_at__isnull=True)

    def without_recipient(self) -> Self:
        """Undelivered notices without a recipient, or whose recipient has left; not personal ones."""
        undelivered = self.undelivered().exclude(what__in=PERSONAL)
        return undelivered.filter(Q(person__isnull=True) | Q(person__is_active=False))

    def with_email_error(self) -> Self:
        """Undelivered notices whose e-mail has failed: given up, or to be tried again."""
        return self.undelivered().exclude(mail_error="")

    def settled(self, before: datetime) -> Self:
        """Resolved before this time; or news, which has no cause to resolve, read before it in the admin or
        by e-mail."""
        news = Q(what__in=NEWS)
        read = Q(seen_at__lt=before) | Q(mailed_at__lt=before)
        return self.filter(Q(over_at__lt=before) | news & read)

    def due_by_email(self, now: datetime) -> Self:
        """Notices whose e-mail is due, the longest waiting first."""
        due = self.undelivered().filter(person__is_active=True, mail_at__lte=now)
        return due.order_by("mail_at", "pk")


class Notice(models.Model):
    """Something that happened and that one member of staff has to know.

    `kind` (`desk.release`) and `subject` (an id) name what it is about, as in the audit log. Without a
    `person` nobody could act on it when it was created.
    """

    class What(models.TextChoices):
        FAILED = "release_failed", _("did not go out")
        PUBLISHED_LATE = "release_late", _("went out after all")
        MISSED = "release_missed", _("does not go out any more")
        FAILING = "subscriber_failing", _("is not reached")
        OFF = "subscriber_off", _("has switched itself off")
        CLAIM_RECEIVED = "claim_received", _("a claim came in")
        CLAIM_SOON = "claim_soon", _("a claim is due tomorrow")
        CLAIM_TODAY = "claim_today", _("a claim is due today")
        CLAIM_LATE = "claim_late", _("the period of a claim is over")
        ASSIGNED = "story_assigned", _("is assigned to you")
        TAKEN_OVER = "story_taken_over", _("was taken over")
        MENTIONED = "story_mentioned", _("mentions you")
        WIRE_CANCELLED = "wire_cancelled", _("is cancelled by its agency")
        WIRE_CANCELLED_BY_HAND = "wire_by_hand", _("has agency copy that was cancelled by hand")
        WIRE_WITHHELD = "wire_withheld", _("waits for a decision on its agency copy")
        WIRE_CORRECTED = "wire_corrected", _("is corrected by its agency")
        WIRE_EMBARGO = "wire_embargo", _("has another embargo of its agency")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    what = models.CharField(_("what happened"), max_length=20, choices=What)
    kind = models.CharField(max_length=60)
    subject = models.BigIntegerField()
    label = models.CharField(_("of"), max_length=250)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    over_at = models.DateTimeField(_("resolved"), null=True)
    seen_at = models.DateTimeField(_("seen"), null=True)
    # When the next attempt to send the e-mail is due; None where none is.
    mail_at = models.DateTimeField(_("next e-mail"), null=True, default=timezone.now)
    mailed_at = models.DateTimeField(_("mailed"), null=True)
    attempts = models.PositiveIntegerField(_("e-mail attempts"), default=0)
    mail_error = models.CharField(_("e-mail error"), max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to me")
        verbose_name_plural = _("notices to me")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(mailed_at__isnull=True) | Q(mail_at__isnull=True),
                name="a_notice_is_mailed_once",
            )
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notices_of_a_person"),
            models.Index(
                fields=["mail_at"], condition=Q(mail_at__isnull=False), name="notices_to_mail"
            ),
            models.Index(
                fields=["what", "subject"],
                condition=Q(over_at__isnull=True),
                name="notices_that_stand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.get_what_display()}"

    def get_absolute_url(self) -> str:
        """The admin page of its subject."""
        app, _dot, model = self.kind.partition(".")
        return reverse(f"admin:{app}_{model}_change", args=[self.subject])


# What is for this person and no other.
PERSONAL = (Notice.What.ASSIGNED, Notice.What.TAKEN_OVER, Notice.What.MENTIONED)
# What has no cause to resolve.
NEWS = (Notice.What.PUBLISHED_LATE, Notice.What.MISSED, Notice.What.WIRE_EMBARGO, *PERSONAL)
