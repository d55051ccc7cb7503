"""Subscribers: who gets which events, by which protocol and with which settings."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from outbox.retry_policy import MAX_CLOCK_SKEW, MAX_PAUSE_AHEAD

NOTIFY_AGAIN_AFTER = timedelta(days=1)
# Longer than a thread ever needs between two renewals (outbox/worker.py): when a lease expires, its
# process has died, and another one delivers what has no recorded result.
LEASE_DURATION = timedelta(seconds=20)


def not_notified_since(field: str) -> Q:
    """No notice has been sent since the time in this field."""
    return Q(notified_at__isnull=True) | Q(notified_at__lt=F(field))


def is_unset_or_past(field: str, now: datetime, *, max_ahead: timedelta) -> Q:
    """The time in this field is unset, past, or from a clock that was ahead (outbox/retry_policy.py)."""
    is_past = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lte": now})
    return is_past | Q(**{f"{field}__gt": now + max_ahead})


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def active(self) -> Self:
        """Those that are not disabled."""
        return self.filter(disabled_at__isnull=True)

    def not_paused(self, now: datetime) -> Self:
        """Active ones that are not paused."""
        return self.active().filter(
            is_unset_or_past("paused_until", now, max_ahead=MAX_PAUSE_AHEAD)
        )

    def leasable(self, now: datetime) -> Self:
        """Active ones that are neither paused nor leased."""
        return self.not_paused(now).filter(
            is_unset_or_past("leased_until", now, max_ahead=LEASE_DURATION + MAX_CLOCK_SKEW)
        )

    def has_indexnow_key(self, key: str, now: datetime) -> bool:
        """Whether this is the key of an IndexNow subscriber, disabled ones included: search engines may
        fetch the key file long after a submission."""
        engines = self.filter(kind=Subscriber.Kind.INDEXNOW)
        return any(key in engine.secrets_at(now) for engine in engines)

    def needing_notice(self, now: datetime) -> Self:
        """Those whose failure no person has been notified of: disabled by a 410, or, at most once a
        day, failing. `outbox.actions.claim_failure_notice` claims the notification."""
        disabled = Q(disabled_at__isnull=False) & not_notified_since("disabled_at")
        failing = Q(failing_since__isnull=False) & not_notified_since("failing_since")
        is_time = Q(notified_at__isnull=True) | Q(notified_at__lte=now - NOTIFY_AGAIN_AFTER)
        return self.filter(disabled | Q(disabled_at__isnull=True) & failing & is_time)


class Subscriber(models.Model):
    """A subscriber to events: a webhook of another party, a cache or CDN of ours, a search engine."""

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
    # Patterns: names of events, or prefixes that end in *.
    events = models.JSONField(_("events"), default=list)
    # [{"secret": ..., "until": null | ISO time}], newest first. For webhooks the signing secret, for
    # other kinds the key that their service has issued. Never shown again.
    secrets = models.JSONField(default=list, editable=False)
    # By kind: see outbox/validators.py and outbox/payloads/. Nothing secret.
    options = models.JSONField(_("settings"), default=dict, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    changed_by = models.CharField(_("changed by"), max_length=254, blank=True)
    disabled_at = models.DateTimeField(_("off since"), null=True)
    disabled_reason = models.CharField(_("why it is off"), max_length=200, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    paused_until = models.DateTimeField(_("paused until"), null=True)
    # When a person was last notified of its failure, or has disabled it.
    notified_at = models.DateTimeField(null=True, editable=False)
    # The lease of the thread that delivers to it (actions/leases.py).
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
        """Whether it is not disabled."""
        return self.disabled_at is None

    def is_batched(self) -> bool:
        """Whether events are sent to it together: all kinds but webhooks only refetch what changed."""
        return self.kind != self.Kind.WEBHOOK

    def subscribes_to(self, name: str) -> bool:
        """Whether an event of this name matches its patterns."""
        return any(
            name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
            for pattern in self.events
        )

    def secrets_at(self, now: datetime) -> list[str]:
        """The secrets that are valid at `now`, newest first: two while one is being rotated."""
        return [
            str(entry["secret"])
            for entry in self.secrets
            if entry["until"] is None or datetime.fromisoformat(entry["until"]) > now
        ]
