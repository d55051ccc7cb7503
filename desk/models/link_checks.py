"""Link checks of other sites: what is to be checked, and what the last check of an address found."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from desk.models.drafts import Draft

RESULT_LIFETIME = timedelta(days=1)
# For what may be over soon: a site that does not answer, or answers with an error of its own (5xx).
FAILURE_LIFETIME = timedelta(minutes=10)


class LinkState(models.TextChoices):
    """What a check found; the label is the sentence for the newsroom."""

    OK = "ok", _("The page answers.")
    BROKEN = "broken", _("Broken link: the site answers with an error.")
    NO_ANSWER = "no_answer", _("The site did not answer.")
    REFUSED = "refused", _("The site lets no program check this link. Open it yourself.")
    FORBIDDEN = "forbidden", _("This is no public address of the web, so it is not checked.")
    OTHER_PORT = (
        "other_port",
        _("Links with a port of their own are not checked. Open it yourself."),
    )
    UNCHECKED = "unchecked", _("This link has not been checked.")  # never stored


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def reusable(self, now: datetime) -> Self:
        """Results that are not yet to be replaced by another check."""
        is_failure = Q(state=LinkState.NO_ANSWER) | Q(status__gte=500)
        return self.filter(
            Q(checked_at__gt=now - RESULT_LIFETIME) & ~is_failure
            | Q(checked_at__gt=now - FAILURE_LIFETIME)
        )


class LinkCheck(models.Model):
    """The result of the last check of an address, which is stored as its SHA-256 alone.

    Stories share it. `status` is the last HTTP status, redirects followed; None without a response.
    """

    url_hash = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=12, choices=LinkState.choices)
    status = models.PositiveSmallIntegerField(null=True)
    checked_at = models.DateTimeField()

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["checked_at"], name="link_checks_by_age")]

    def __str__(self) -> str:
        return f"{self.state} {self.status or ''}".strip()


class LinkCheckRequestQuerySet(models.QuerySet["LinkCheckRequest"]):
    def due(self, now: datetime) -> Self:
        return self.filter(due_at__lte=now).order_by("due_at")


class LinkCheckRequest(models.Model):
    """A draft whose links to other sites are to be checked. The row goes when they are.

    `attempts`: how often the check was begun since a save asked for it.
    """

    draft = models.OneToOneField(Draft, models.CASCADE, primary_key=True, related_name="+")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = LinkCheckRequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["due_at"], name="link_checks_due")]

    def __str__(self) -> str:
        return f"{self.draft_id} · {self.due_at}"
