"""Who hears of events: add, change, switch off and on. Each is one transaction with its entry."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from audit.actions import record
from newsroom.text.normalization import one_line
from outbox.actions.replay import catch_up
from outbox.errors import AlreadyOn, NoOwnSecret, SwitchedOff
from outbox.models import Subscriber
from outbox.signing import new_secret
from outbox.validators import refuse_unfit

OVERLAP = timedelta(hours=24)
FILLED_IN = ("name", "url", "events", "options")


@transaction.atomic
def subscribe(subscriber: Subscriber, *, by: models.Model, key: str = "") -> Subscriber:
    """Keep a subscriber as it was filled in; it hears of everything from now on.

    A webhook gets a secret of ours; the others need the `key` that the service gave us.
    Raises Forbidden, Incomplete.
    """
    if subscriber.kind == Subscriber.Kind.WEBHOOK:
        key = new_secret()
    subscriber.secrets = kept(key)
    refuse_unfit(subscriber)
    subscriber.changed_by = str(by)[:254]
    subscriber.save(force_insert=True)
    record(subscriber, verb="added", by=by)
    return subscriber


@transaction.atomic
def change(subscriber: Subscriber, *, by: models.Model, key: str = "") -> Subscriber:
    """Keep what was changed; a `key` replaces the service's former one at once.

    Raises Forbidden, Incomplete.
    """
    stored = hold(subscriber)
    subscriber.kind, subscriber.secrets = stored.kind, stored.secrets
    if key and subscriber.kind != Subscriber.Kind.WEBHOOK:
        subscriber.secrets = kept(key)
    refuse_unfit(subscriber)
    changed = [name for name in FILLED_IN if getattr(subscriber, name) != getattr(stored, name)]
    changed += ["secrets"] if subscriber.secrets != stored.secrets else []
    note(subscriber, *FILLED_IN, "secrets", verb="changed", by=by, changed=changed)
    return subscriber


@transaction.atomic
def rotate(subscriber: Subscriber, *, by: models.Model) -> str:
    """A new secret, to be shown once; for a day everything is signed with the former one too.

    Raises NoOwnSecret where the key is not ours.
    """
    subscriber = hold(subscriber)
    if subscriber.kind != Subscriber.Kind.WEBHOOK:
        raise NoOwnSecret
    now, secret = timezone.now(), new_secret()
    former = subscriber.secrets_at(now)[:1]
    until = (now + OVERLAP).isoformat()
    subscriber.secrets = kept(secret) + [{"secret": old, "until": until} for old in former]
    note(subscriber, "secrets", verb="rotated", by=by)
    return secret


@transaction.atomic
def switch_off(subscriber: Subscriber, *, reason: str, by: models.Model) -> Subscriber:
    """Send it nothing more. What waits stays, and what happens meanwhile is kept for it.

    Raises SwitchedOff when it is off already.
    """
    subscriber = hold(subscriber)
    if not subscriber.is_active():
        raise SwitchedOff
    subscriber.disabled_at = subscriber.told_at = timezone.now()
    subscriber.disabled_reason = one_line(reason)[:200] or str(by)[:200]
    reason = subscriber.disabled_reason
    columns = ("disabled_at", "disabled_reason", "told_at")
    note(subscriber, *columns, verb="switched_off", by=by, reason=reason)
    return subscriber


@transaction.atomic
def switch_on(subscriber: Subscriber, *, by: models.Model) -> int:
    """Send to it again, and what it missed; how many events that were. Raises AlreadyOn, and
    Forbidden or Incomplete when its settings will not do any more."""
    subscriber = hold(subscriber)
    if subscriber.disabled_at is None:
        raise AlreadyOn
    refuse_unfit(subscriber)
    missed_since: datetime = subscriber.disabled_at
    subscriber.disabled_at, subscriber.disabled_reason = None, ""
    subscriber.failures, subscriber.failing_since, subscriber.rest_until = 0, None, None
    cleared = ("failures", "failing_since", "rest_until")
    note(subscriber, "disabled_at", "disabled_reason", *cleared, verb="switched_on", by=by)
    return catch_up(subscriber, since=missed_since)


@transaction.atomic
def note_told(subscriber: Subscriber) -> bool:
    """Note that a person hears of this subscriber's trouble now; whether nobody had been told yet.

    Call it inside the transaction that tells them: of two at once, one gets True.
    """
    now = timezone.now()
    return bool(Subscriber.objects.to_tell(now).filter(pk=subscriber.pk).update(told_at=now))


def kept(secret: str) -> list[dict[str, str | None]]:
    return [{"secret": secret, "until": None}] if secret else []


def hold(subscriber: Subscriber) -> Subscriber:
    """The row as it is now, nobody else's until the transaction ends."""
    return Subscriber.objects.select_for_update().get(pk=subscriber.pk)


def note(
    subscriber: Subscriber, *fields: str, verb: str, by: models.Model, **details: object
) -> None:
    """Keep these columns of a held subscriber and who changed them. The audit log, which forgets
    nothing, is told no address and no key: both may open somebody's door."""
    subscriber.changed_by = str(by)[:254]
    subscriber.save(update_fields=[*fields, "changed_by", "changed_at"])
    record(subscriber, verb=verb, by=by, **details)
