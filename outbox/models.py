"""Transactional outbox: events, their deliveries to subscribers, and the attempts."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outbox.event_types import hard_purge_events
from outbox.retry_policy import MAX_REPEAT_AHEAD, MAX_RETRY_AHEAD
from outbox.subscribers import Subscriber

__all__ = ["Attempt", "Delivery", "Event", "Invalidation", "Subscriber"]

MAX_EXCERPT_CHARS = 500


class EventQuerySet(models.QuerySet["Event"]):
    def not_fanned_out(self) -> Self:
        """New events, for which no deliveries have been created yet, in their order."""
        return self.filter(fanned_out_at__isnull=True).order_by("pk")

    def for_subscriber(self, subscriber: Subscriber) -> Self:
        """Events that match the subscriber's patterns."""
        matches = Q(pk__in=[])
        for pattern in subscriber.events:
            if pattern.endswith("*"):
                matches |= Q(name__startswith=pattern[:-1])
            else:
                matches |= Q(name=pattern)
        return self.filter(matches)


class Event(models.Model):
    """An event: something public that changed, written in the transaction of the change.

    `name` is what subscribers see (`article.published`); events of one `key` are delivered in the order of
    their pks; `data` names what changed and holds none of its text.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("event"), max_length=60)
    key = models.CharField(_("of"), max_length=160)
    data = models.JSONField(_("data"), default=dict)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    # Sequences assign pks before the commit, so a lower one may become visible after a higher one: a
    # high-water mark over pks would lose it. So each row has its own mark (docs/decisions/0009).
    fanned_out_at = models.DateTimeField(_("fanned out at"), null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["key", "id"], name="events_of_one_key_in_order"),
            models.Index(
                fields=["id"], condition=Q(fanned_out_at__isnull=True), name="events_unaddressed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        """Neither delivered nor given up."""
        return self.filter(state=Delivery.State.WAITING)

    def given_up(self) -> Self:
        """Those whose last attempt failed and that no person has dismissed."""
        return self.filter(state=Delivery.State.DEAD, dismissed_at__isnull=True)

    def first_of_key(self) -> Self:
        """Those with no earlier waiting delivery of the same key to the same subscriber."""
        earlier = Delivery.objects.waiting().filter(
            subscriber=OuterRef("subscriber"), key=OuterRef("key"), event__lt=OuterRef("event")
        )
        return self.exclude(Exists(earlier))

    def ready(self, now: datetime) -> Self:
        """Waiting deliveries whose next attempt is due, whatever else of their key waits.

        One without an attempt is due at once, whatever time is written, and a repeated purge a moment
        later. Other times further ahead than any that is written now are from a clock that was ahead, and
        count as past (outbox/retry_policy.py). Reads nothing but the index deliveries_due.
        """
        is_at_once = Q(is_repeat=False) | Q(next_attempt_at__gt=now + MAX_REPEAT_AHEAD)
        not_attempted = Q(attempt_count=0, next_attempt_at__gt=now) & is_at_once
        from_a_clock_ahead = not_attempted | Q(next_attempt_at__gt=now + MAX_RETRY_AHEAD)
        return self.waiting().filter(Q(next_attempt_at__lte=now) | from_a_clock_ahead)

    def due(self, now: datetime) -> Self:
        """What may be sent now in the order of each key, longest due first."""
        return self.ready(now).first_of_key().order_by("next_attempt_at", "event")

    def due_for_batch(self, now: datetime) -> Self:
        """What may be sent now to subscribers that need no order: hard purges first, then by event."""
        rank = Case(When(event__name__in=hard_purge_events(), then=0), default=1)
        return self.ready(now).order_by(rank, "event")


class Delivery(models.Model):
    """The delivery of one event to one subscriber, until it is done or given up."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be delivered")
        DONE = "done", _("delivered")
        DEAD = "dead", _("given up")

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="deliveries", verbose_name=_("event")
    )
    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="deliveries", verbose_name=_("subscriber")
    )
    key = models.CharField(_("of"), max_length=160)  # the event's, for the order
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempt_count = models.PositiveIntegerField(
        _("attempts"), default=0
    )  # since it was created or replayed
    next_attempt_at = models.DateTimeField(_("next attempt"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    # A purge is sent twice (actions/results.py); this one has been accepted once.
    is_repeat = models.BooleanField(default=False, db_default=False, editable=False)
    dismissed_at = models.DateTimeField(
        pgettext_lazy("delivery", "put aside"), null=True, editable=False
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-event", "subscriber"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "subscriber"], name="one_delivery_per_event_and_subscriber"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | ~Q(state="waiting") & Q(settled_at__isnull=False),
                name="a_delivery_waits_until_it_is_settled",
            ),
            models.CheckConstraint(
                condition=Q(dismissed_at__isnull=True) | Q(state="dead"),
                name="only_what_was_given_up_is_put_aside",
            ),
        ]
        indexes = [
            models.Index(
                fields=["subscriber", "next_attempt_at", "event"],
                condition=Q(state="waiting"),
                name="deliveries_due",
            ),
            models.Index(
                fields=["subscriber", "key", "event"],
                condition=Q(state="waiting"),
                name="deliveries_in_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.subscriber}"


class Attempt(models.Model):
    """One attempt of a delivery: the response or the error, and how long it took."""

    delivery = models.ForeignKey(
        Delivery, models.CASCADE, related_name="attempts", verbose_name=_("delivery")
    )
    at = models.DateTimeField(_("at"))
    duration_ms = models.PositiveIntegerField(_("milliseconds"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    excerpt = models.CharField(
        _("beginning of the answer"), max_length=MAX_EXCERPT_CHARS, blank=True
    )
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__isnull=False) | ~Q(error=""),
                name="an_attempt_has_an_answer_or_an_error",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status or self.error}"


class Invalidation(models.Model):
    """A key of public responses that a commit invalidated; written by triggers of the database alone
    (newsroom/db/invalidation_rules.py), read by every process that keeps responses.

    On PostgreSQL it has a column more, `xid`: the transaction that wrote it.
    """

    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=200)
    is_count = models.BooleanField()
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()  # rows of the machinery

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
