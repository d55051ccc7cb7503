"""Who hears of events: add, change, switch off and on. Each is one transaction with its entry."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from audit.actions import record_audit
from newsroom.text.normalization import normalize_line
from outbox.actions.replay import create_missed_deliveries
from outbox.errors import NoSigningSecret, SubscriberAlreadyEnabled, SubscriberDisabled
from outbox.models import Subscriber
from outbox.signing import new_secret
from outbox.validators import validate_subscriber

SECRET_OVERLAP = timedelta(hours=24)
EDITABLE_FIELDS = ("name", "url", "events", "options")


@transaction.atomic
def add_subscriber(subscriber: Subscriber, *, by: models.Model, key: str = "") -> Subscriber:
    """Keep a subscriber as it was filled in; it hears of everything from now on.

    A webhook gets a secret of ours; the others need the `key` that the service gave us.
    Raises Forbidden, Incomplete.
    """
    if subscriber.kind == Subscriber.Kind.WEBHOOK:
        key = new_secret()
    subscriber.secrets = secret_entry(key)
    validate_subscriber(subscriber)
    subscriber.changed_by = str(by)[:254]
    subscriber.save(force_insert=True)
    record_audit(subscriber, verb="added", by=by)
    return subscriber


@transaction.atomic
def update_subscriber(subscriber: Subscriber, *, by: models.Model, key: str = "") -> Subscriber:
    """Keep what was changed; a `key` replaces the service's former one at once.

    Raises Forbidden, Incomplete.
    """
    stored = lock_subscriber(subscriber)
    subscriber.kind, subscriber.secrets = stored.kind, stored.secrets
    if key and subscriber.kind != Subscriber.Kind.WEBHOOK:
        subscriber.secrets = secret_entry(key)
    validate_subscriber(subscriber)
    changed = [
        name for name in EDITABLE_FIELDS if getattr(subscriber, name) != getattr(stored, name)
    ]
    changed += ["secrets"] if subscriber.secrets != stored.secrets else []
    save_and_record(subscriber, *EDITABLE_FIELDS, "secrets", verb="changed", by=by, changed=changed)
    return subscriber


@transaction.atomic
def rotate_secret(subscriber: Subscriber, *, by: models.Model) -> str:
    """A new secret, to be shown once; for a day everything is signed with the former one too.

    Raises NoOwnSecret where the key is not ours.
    """
    subscriber = lock_subscriber(subscriber)
    if subscriber.kind != Subscriber.Kind.WEBHOOK:
        raise NoSigningSecret
    now, secret = timezone.now(), new_secret()
    former = subscriber.secrets_at(now)[:1]
    until = (now + SECRET_OVERLAP).isoformat()
    subscriber.secrets = secret_entry(secret) + [{"secret": old, "until": until} for old in former]
    save_and_record(subscriber, "secrets", verb="rotated", by=by)
    return secret


@transaction.atomic
def disable_subscriber(subscriber: Subscriber, *, reason: str, by: models.Model) -> Subscriber:
    """Send it nothing more. What waits stays, and what happens meanwhile is kept for it.

    Raises SwitchedOff when it is off already.
    """
    subscriber = lock_subscriber(subscriber)
    if not subscriber.is_active():
        raise SubscriberDisabled
    subscriber.disabled_at = subscriber.notified_at = timezone.now()
    subscriber.disabled_reason = normalize_line(reason)[:200] or str(by)[:200]
    reason = subscriber.disabled_reason
    columns = ("disabled_at", "disabled_reason", "notified_at")
    save_and_record(subscriber, *columns, verb="switched_off", by=by, reason=reason)
    return subscriber


@transaction.atomic
def enable_subscriber(subscriber: Subscriber, *, by: models.Model) -> int:
    """Send to it again, and what it missed; how many events that were. Raises AlreadyOn, and
    Forbidden or Incomplete when its settings will not do any more."""
    subscriber = lock_subscriber(subscriber)
    if subscriber.disabled_at is None:
        raise SubscriberAlreadyEnabled
    validate_subscriber(subscriber)
    missed_since: datetime = subscriber.disabled_at
    subscriber.disabled_at, subscriber.disabled_reason = None, ""
    subscriber.failures, subscriber.failing_since, subscriber.paused_until = 0, None, None
    cleared = ("failures", "failing_since", "paused_until")
    save_and_record(
        subscriber, "disabled_at", "disabled_reason", *cleared, verb="switched_on", by=by
    )
    return create_missed_deliveries(subscriber, since=missed_since)


@transaction.atomic
def claim_failure_notice(subscriber: Subscriber) -> bool:
    """Note that a person hears of this subscriber's trouble now; whether nobody had been told yet.

    Call it inside the transaction that tells them: of two at once, one gets True.
    """
    now = timezone.now()
    return bool(
        Subscriber.objects.needing_notice(now).filter(pk=subscriber.pk).update(notified_at=now)
    )


def secret_entry(secret: str) -> list[dict[str, str | None]]:
    return [{"secret": secret, "until": None}] if secret else []


def lock_subscriber(subscriber: Subscriber) -> Subscriber:
    """The row as it is now, nobody else's until the transaction ends."""
    return Subscriber.objects.select_for_update().get(pk=subscriber.pk)


def save_and_record(
    subscriber: Subscriber, *fields: str, verb: str, by: models.Model, **details: object
) -> None:
    """Keep these columns of a held subscriber and who changed them. The audit log, which forgets
    nothing, is told no address and no key: both may open somebody's door."""
    subscriber.changed_by = str(by)[:254]
    subscriber.save(update_fields=[*fields, "changed_by", "changed_at"])
    record_audit(subscriber, verb=verb, by=by, **details)
