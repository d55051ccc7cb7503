"""Release: the plan to publish an edition at a time, and its outcome; bundles of releases; heartbeats."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Edition
from newsroom.db.expressions import IdArray, KeywordLiteral
from newsroom.http.cache_control import OVERDUE_TOLERANCE

WAITING = ("pending", "failed")
# As the partial index `release_due` says it, which SQLite would not use for parameters.
WAITING_LITERALS = [KeywordLiteral(state) for state in WAITING]


class ReleaseQuerySet(models.QuerySet["Release"]):
    def waiting(self) -> Self:
        """Releases without an outcome: scheduled, due, or failed and to be tried again."""
        return self.filter(state__in=WAITING_LITERALS)

    def done(self) -> Self:
        return self.filter(state=Release.State.DONE)

    def due(self, now: datetime) -> Self:
        """Waiting releases whose time has come, and the time of their next attempt, if one has failed.

        Those that are held back are never due (`held_at`).
        """
        retryable = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
        return self.not_held_back().filter(retryable, due_at__lte=now).order_by("due_at", "pk")

    def not_held_back(self) -> Self:
        """Waiting releases that are not held back because of their agency."""
        return self.waiting().filter(held_at__isnull=True)

    def held_back(self) -> Self:
        """Waiting releases that are held back; of a bundle with one of them nothing goes out."""
        return self.waiting().filter(held_at__isnull=False)

    def next_due_at(self, now: datetime, *, within: timedelta) -> datetime | None:
        """The next time after `now` at which a release is due, if it is within this time span."""
        soon = self.not_held_back().filter(due_at__gt=now, due_at__lte=now + within)
        return soon.order_by("due_at").values_list("due_at", flat=True).first()

    def newest_numbers(self, article_ids: Iterable[int]) -> dict[int, int]:
        """{article id: highest edition number that readers have seen}, by the history of releases: what is
        live now says nothing of words that were withdrawn."""
        done = self.done().filter(article__in_array=IdArray(article_ids)).order_by()
        articles = dict(done.values_list("edition", "article"))
        rows = Edition.objects.filter(pk__in_array=IdArray(articles)).order_by("number")
        return {articles[pk]: number for pk, number in rows.values_list("pk", "number")}

    def article_ids(self) -> list[int]:
        """The ids of their articles, once each."""
        return list(self.order_by().values_list("article_id", flat=True).distinct())

    def upcoming(self) -> Self:
        """Waiting releases in the order in which they will be published."""
        return self.waiting().order_by("due_at", "pk")


class BundleQuerySet(models.QuerySet["Bundle"]):
    def waiting(self) -> Self:
        """Bundles with a waiting release."""
        return self.filter(Exists(Release.objects.waiting().filter(bundle=OuterRef("pk"))))

    def without_held_back(self) -> Self:
        """Bundles of which nothing is held back because of an agency."""
        return self.exclude(Exists(Release.objects.held_back().filter(bundle=OuterRef("pk"))))

    def with_state(self) -> Self:
        """With `state`: failed, pending, done or cancelled, of the most pressing of its releases."""
        own = Release.objects.filter(bundle=OuterRef("pk"))
        return self.annotate(
            state=Case(
                When(Exists(own.filter(state=Release.State.FAILED)), then=Value("failed")),
                When(Exists(own.waiting()), then=Value("pending")),
                When(Exists(own.done()), then=Value("done")),
                default=Value("cancelled"),
                output_field=CharField(),
            )
        )


class Bundle(models.Model):
    """Several releases that are published at one instant: all of them or none."""

    title = models.CharField(_("title"), max_length=120)
    due_at = models.DateTimeField(_("publication time"))
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("scheduled by")
    )
    planned_at = models.DateTimeField(_("scheduled"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        ordering = ["-due_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Release(models.Model):
    """The plan to publish one edition at one time, and its outcome."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        DONE = "done", _("published")
        CANCELLED = "cancelled", _("cancelled")
        OVERTAKEN = "overtaken", _("overtaken by a newer edition")
        FAILED = "failed", _("failed, will be tried again")

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="+", verbose_name=_("article")
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="+", verbose_name=_("edition")
    )
    bundle = models.ForeignKey(
        Bundle,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="releases",
        verbose_name=_("bundle"),
    )
    due_at = models.DateTimeField(_("publication time"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    reason = models.TextField(_("reason"), blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("next attempt"), null=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("scheduled by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    planned_at = models.DateTimeField(_("scheduled"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    # Since when it is held back, by a change of the agency copy it was written from (`WireHold`).
    held_at = models.DateTimeField(_("held back"), null=True, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=WAITING),
                name="one_waiting_release_per_article",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WAITING, settled_at__isnull=True)
                | ~Q(state__in=WAITING) & Q(settled_at__isnull=False),
                name="settled_means_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=WAITING), name="release_due"),
            models.Index(fields=["article", "state"], name="releases_of_an_article"),
        ]

    def __str__(self) -> str:
        return str(self.edition)

    def settle(self, state: State, *, at: datetime, **more: Any) -> None:
        """Save the outcome. Called once, under the lock of the article."""
        self.state, self.settled_at, self.retry_at = state, at, None
        for name, value in more.items():
            setattr(self, name, value)
        self.save(update_fields=["state", "settled_at", "retry_at", *more])

    def reset_attempts(self, fields: Iterable[str]) -> None:
        """Save these fields of a waiting release, as one that has not been tried yet.

        One that is held back stays so, with its reason.
        """
        self.state, self.attempts, self.retry_at = self.State.PENDING, 0, None
        self.reason = self.reason if self.held_at else ""
        self.save(update_fields=[*fields, "state", "attempts", "retry_at", "reason"])


class Heartbeat(models.Model):
    """When periodic work of this name last ran (`desk.actions.heartbeat`)."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


def next_change(now: datetime) -> datetime | None:
    """When the next release is due or is tried again, which limits how long responses may be cached
    (newsroom/http/cache_control.py). The time may lie up to OVERDUE_TOLERANCE in the past.

    The end of an embargo matters only as the time at which a release that waits for it is tried again.
    """
    waiting = Release.objects.not_held_back()
    scheduled = waiting.filter(due_at__gt=now - OVERDUE_TOLERANCE).order_by("due_at")
    at: datetime | None = scheduled.values_list("due_at", flat=True).first()
    if at is not None and at <= now:
        return at
    failed = waiting.filter(due_at__lte=now, retry_at__gt=now - OVERDUE_TOLERANCE).order_by(
        "retry_at"
    )
    retry_at: datetime | None = failed.values_list("retry_at", flat=True).first()
    return min(filter(None, (at, retry_at)), default=None)
