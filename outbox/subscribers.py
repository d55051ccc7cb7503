"""Who must hear of what, and how they are reached."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from outbox.retry_policy import MAX_CLOCK_SKEW, MAX_PAUSE_AHEAD

NOTIFY_AGAIN_AFTER = timedelta(days=1)
# Longer than a courier is ever away between two looks here (outbox/worker.py): who does not
# come back by then has died, and somebody else sets out with what was not settled.
LEASE_DURATION = timedelta(seconds=20)


def not_notified_since(moment: str) -> Q:
    """Nobody was told since this moment."""
    return Q(notified_at__isnull=True) | Q(notified_at__lt=F(moment))


def is_unset_or_past(moment: str, now: datetime, *, max_ahead: timedelta) -> Q:
    """This moment was never set, is past, or is from a clock that was ahead (outbox/retry_policy.py)."""
    past = Q(**{f"{moment}__isnull": True}) | Q(**{f"{moment}__lte": now})
    return past | Q(**{f"{moment}__gt": now + max_ahead})


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def active(self) -> Self:
        return self.filter(disabled_at__isnull=True)

    def not_paused(self, now: datetime) -> Self:
        """Those that are on and not left alone."""
        return self.active().filter(
            is_unset_or_past("paused_until", now, max_ahead=MAX_PAUSE_AHEAD)
        )

    def leasable(self, now: datetime) -> Self:
        """Those to whom somebody may set out now: on, rested, and nobody is on the way."""
        return self.not_paused(now).filter(
            is_unset_or_past("leased_until", now, max_ahead=LEASE_DURATION + MAX_CLOCK_SKEW)
        )

    def has_indexnow_key(self, key: str, now: datetime) -> bool:
        """Whether we report to search engines under this key. One switched off still does, for what
        was reported before: they look at the key file when they like."""
        engines = self.filter(kind=Subscriber.Kind.INDEXNOW)
        return any(key in engine.secrets_at(now) for engine in engines)

    def needing_notice(self, now: datetime) -> Self:
        """Those of whose trouble a person has not been told: one that switched itself off, and, at
        most once a day, one that fails. `outbox.actions.claim_failure_notice` says that it was done."""
        off = Q(disabled_at__isnull=False) & not_notified_since("disabled_at")
        failing = Q(failing_since__isnull=False) & not_notified_since("failing_since")
        rested = Q(notified_at__isnull=True) | Q(notified_at__lte=now - NOTIFY_AGAIN_AFTER)
        return self.filter(off | Q(disabled_at__isnull=True) & failing & rested)


class Subscriber(models.Model):
    """Somebody who hears of events: a program of another house, a cache of ours, a search engine."""

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", _("webhook (Standard Webhooks)")
        PURGE_HTTP = "purge_http", _("cache: PURGE by address (nginx, Varnish)")
        PURGE_FASTLY = "purge_fastly", _("cache: Fastly by key")
        PURGE_CLOUDFLARE = "purge_cloudflare", _("cache: Cloudflare")
        WEBSUB = "websub", _("WebSub hub")
        INDEXNOW = "indexnow", _("search engines: IndexNow")

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.WEBHOOK)
    url = models.CharField(_("address"), max_length=500)
    # Names of events; one that ends in * stands for all that begin so.
    events = models.JSONField(_("events"), default=list)
    # [{"secret": ..., "until": null | ISO time}], newest first. For webhooks ours, to sign with;
    # for the others the key that they gave us. Never shown again.
    secrets = models.JSONField(default=list, editable=False)
    # What a kind needs besides; outbox/payloads.py says what. Nothing secret.
    options = models.JSONField(_("settings"), default=dict, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    changed_by = models.CharField(_("changed by"), max_length=254, blank=True)
    disabled_at = models.DateTimeField(_("off since"), null=True)
    disabled_reason = models.CharField(_("why it is off"), max_length=200, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    paused_until = models.DateTimeField(_("left alone until"), null=True)
    # When a person last heard of its trouble; whoever switches it off knows.
    notified_at = models.DateTimeField(null=True, editable=False)
    # Who is on the way there, and until when nobody else may set out.
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True) | ~Q(disabled_reason=""),
                name="a_subscriber_is_off_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True, leased_until__isnull=True)
                | Q(lease_token__isnull=False, leased_until__isnull=False),
                name="who_is_on_the_way_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_active(self) -> bool:
        return self.disabled_at is None

    def is_batched(self) -> bool:
        """Whether one call tells it of many events: all but webhooks are only told to look again."""
        return self.kind != self.Kind.WEBHOOK

    def subscribes_to(self, name: str) -> bool:
        """Whether events of this name go to it."""
        return any(
            name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
            for pattern in self.events
        )

    def secrets_at(self, now: datetime) -> list[str]:
        """The secrets that count at `now`, newest first: two while they are being changed."""
        return [
            str(kept["secret"])
            for kept in self.secrets
            if kept["until"] is None or datetime.fromisoformat(kept["until"]) > now
        ]
