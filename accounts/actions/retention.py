"""Retention: what is kept about identities goes when its term ends. Idempotent."""

from datetime import datetime

from accounts.actions.email_codes import delete_expired_codes
from accounts.actions.nicknames import delete_old_nickname_changes
from accounts.actions.retained_sanctions import delete_ended_sanctions


def delete_outdated_identities(now: datetime) -> int:
    """Delete ended suspensions, old changes of nicknames and expired codes; returns how many rows."""
    return sum(
        delete(now)
        for delete in (delete_ended_sanctions, delete_old_nickname_changes, delete_expired_codes)
    )
