"""What one person has to know: shown at the desk, and mailed."""

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
        """Those about other kinds of things."""
        return self.exclude(kind__in=kinds)

    def unresolved(self) -> Self:
        """Those that still hold: what they tell of has not been put right."""
        return self.filter(over_at__isnull=True)

    def unseen(self) -> Self:
        return self.unresolved().filter(seen_at__isnull=True)

    def undelivered(self) -> Self:
        """Those that nobody has read, in the mail or at the desk."""
        return self.unseen().filter(mailed_at__isnull=True)

    def without_recipient(self) -> Self:
        """Those of which nobody hears: there was no one to tell, or whoever was told has left."""
        return self.undelivered().filter(Q(person__isnull=True) | Q(person__is_active=False))

    def with_email_error(self) -> Self:
        """Those that the mail server has refused, or not answered for; given up or tried again."""
        return self.undelivered().exclude(mail_error="")

    def settled(self, before: datetime) -> Self:
        """Those of what was put right before a moment; and news, of which nothing is to be put right,
        that was read before it, at the desk or in the mail."""
        news = Q(what__in=(Notice.What.LATE, Notice.What.MISSED))
        read = Q(seen_at__lt=before) | Q(mailed_at__lt=before)
        return self.filter(Q(over_at__lt=before) | news & read)

    def due_by_email(self, now: datetime) -> Self:
        """Those whose letter is to be written now, the longest waiting first."""
        due = self.undelivered().filter(person__is_active=True, mail_at__lte=now)
        return due.order_by("mail_at", "pk")


class Notice(models.Model):
    """Something that happened of which one person has to hear.

    `kind` and `subject` name the thing as the audit log does; without a `person` there was nobody who
    could act on it.
    """

    class What(models.TextChoices):
        FAILED = "release_failed", _("did not go out")
        LATE = "release_late", _("went out after all")
        MISSED = "release_missed", _("does not go out any more")
        FAILING = "subscriber_failing", _("is not reached")
        OFF = "subscriber_off", _("has switched itself off")

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
    over_at = models.DateTimeField(_("put right"), null=True)
    seen_at = models.DateTimeField(_("seen"), null=True)
    # When a letter is due, the first or another; None where none is any more.
    mail_at = models.DateTimeField(_("next letter"), null=True, default=timezone.now)
    mailed_at = models.DateTimeField(_("mailed"), null=True)
    attempts = models.PositiveIntegerField(_("letters tried"), default=0)
    mail_error = models.CharField(_("why it was not mailed"), max_length=300, blank=True)

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
        """The page at the desk where something can be done about it."""
        room, _dot, model = self.kind.partition(".")
        return reverse(f"admin:{room}_{model}_change", args=[self.subject])
