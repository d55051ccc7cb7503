"""Consents of readers: given at sign-up or later, withdrawn, ended with the account."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actions.locking import lock_reader
from accounts.errors import ConsentOutdated
from accounts.models import Consent, ConsentEnd, User
from accounts.models.consents import REQUIRED_CONSENTS, current_version, versions_of
from audit.actions import record_audit


@transaction.atomic
def give_consent(user: User, *, kind: str, version: str) -> Consent:
    """Consent to the present version of a text; idempotent. Raises ConsentOutdated for another version."""
    reader = lock_reader(user)
    if version != current_version(kind):
        raise ConsentOutdated(kind, current_version(kind))
    in_force = Consent.objects.filter(user=reader, kind=kind, ended_at=None).first()
    if in_force and in_force.version == version:
        return in_force
    now = timezone.now()
    if in_force:
        end_consents(reader, ended_by=ConsentEnd.REPLACED, at=now, kind=kind)
    consent = Consent.objects.create(user=reader, kind=kind, version=version, given_at=now)
    if kind in REQUIRED_CONSENTS:
        save_consented_versions(reader)
    record_audit(reader, verb="consented", by=reader, kind=kind, version=version)
    return consent


@transaction.atomic
def withdraw_consent(user: User, *, kind: str) -> None:
    """Withdraw a consent; idempotent. Without a required one the account cannot write any more."""
    reader = lock_reader(user)
    if not end_consents(reader, ended_by=ConsentEnd.WITHDRAWN, at=timezone.now(), kind=kind):
        return
    if kind in REQUIRED_CONSENTS:
        save_consented_versions(reader)
    record_audit(reader, verb="consent_withdrawn", by=reader, kind=kind)


def record_sign_up_consents(user: User, kinds: Iterable[str]) -> None:
    """Record what a new account has consented to (`versions_of`), in the transaction that saves it."""
    now = timezone.now()
    Consent.objects.bulk_create(
        Consent(user=user, kind=kind, version=current_version(kind), given_at=now) for kind in kinds
    )


def end_consents(user: User, *, ended_by: str, at: datetime, kind: str = "") -> int:
    """End the consents in force, of one kind or of all; returns how many."""
    in_force = Consent.objects.filter(user=user, ended_at=None)
    chosen = in_force.filter(kind=kind) if kind else in_force
    return chosen.update(ended_at=at, ended_by=ended_by)


def save_consented_versions(user: User) -> None:
    """Keep the versions of the required texts in force on the locked account, where writing reads them."""
    rows = Consent.objects.filter(user=user, ended_at=None, kind__in=REQUIRED_CONSENTS)
    user.consented_versions = versions_of(dict(rows.values_list("kind", "version")))
    user.save(update_fields=["consented_versions"])


def delete_old_consents(now: datetime) -> int:
    """Delete consents that ended CONSENT_RETENTION_DAYS ago or earlier; returns how many."""
    limit = now - timedelta(days=settings.CONSENT_RETENTION_DAYS)
    return Consent.objects.filter(ended_at__lte=limit).delete()[0]
