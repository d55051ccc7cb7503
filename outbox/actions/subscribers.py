"""Manage subscribers: add, update, disable, enable, rotate the secret. Each is one audited transaction."""

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
    """Add a subscriber; it gets the events that match its patterns from now on.

    A webhook gets a new signing secret; other kinds need the `key` that their service has issued.
    Raises ForbiddenAddress, IncompleteSubscriber.
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
    """Save changed settings; a `key` replaces the service's former one at once.

    Raises ForbiddenAddress, IncompleteSubscriber.
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
    """Make a new signing secret, to be shown once; for `SECRET_OVERLAP` the former one signs as well.

    Raises NoSigningSecret for kinds other than webhooks.
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
    """Deliver nothing more to a subscriber. Its waiting deliveries stay, and events that it misses are
    kept for it.

    Raises SubscriberDisabled when it is disabled already.
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
    """Deliver to a subscriber again, and what it missed; the number of events missed.

    Raises SubscriberAlreadyEnabled, and ForbiddenAddress or IncompleteSubscriber when its settings are no
    longer valid.
    """
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
    """Claim the notification that a subscriber fails; False when it has been claimed before.

    Call it inside the transaction that notifies: of two at once, one gets True.
    """
    now = timezone.now()
    return bool(
        Subscriber.objects.needing_notice(now).filter(pk=subscriber.pk).update(notified_at=now)
    )


def secret_entry(secret: str) -> list[dict[str, str | None]]:
    """`Subscriber.secrets` with this secret alone, without an end; empty for no secret."""
    return [{"secret": secret, "until": None}] if secret else []


def lock_subscriber(subscriber: Subscriber) -> Subscriber:
    """Lock the subscriber's row (SELECT FOR UPDATE) and read it anew."""
    return Subscriber.objects.select_for_update().get(pk=subscriber.pk)


def save_and_record(
    subscriber: Subscriber, *fields: str, verb: str, by: models.Model, **details: object
) -> None:
    """Save these columns of a locked subscriber and who changed them, with an audit entry.

    URL and keys are not among the details: the audit log is never deleted, and both may be credentials.
    """
    subscriber.changed_by = str(by)[:254]
    subscriber.save(update_fields=[*fields, "changed_by", "changed_at"])
    record_audit(subscriber, verb=verb, by=by, **details)
