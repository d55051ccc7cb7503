"""Retention: what is kept about identities and consents goes when its term ends. Idempotent."""

from datetime import datetime

from accounts.actions.consents import delete_old_consents
from accounts.actions.email_codes import delete_expired_codes
from accounts.actions.nicknames import delete_old_nickname_changes
from accounts.actions.retained_sanctions import delete_ended_sanctions


def delete_outdated_identities(now: datetime) -> int:
    """Delete what is outdated: suspensions, changes of nicknames, codes, consents; returns how many."""
    return sum(
        delete(now)
        for delete in (
            delete_ended_sanctions,
            delete_old_nickname_changes,
            delete_expired_codes,
            delete_old_consents,
        )
    )
