"""Active sessions of an account: where it is signed in, the last used first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.devices import Device
from accounts.models import User, UserSession

# What a sign-in leaves in the data of its session (accounts/authentication/sign_in_record.py).
SIGN_IN_KEY = "sign_in"
MAX_LISTED_SESSIONS = 100


@dataclass(frozen=True)
class ActiveSession:
    """A session in which an account is signed in. `key` is secret; `id` stands for it in the API."""

    key: str
    device: Device
    signed_in_at: datetime | None
    last_used_at: datetime

    @property
    def id(self) -> str:
        return public_session_id(self.key)


def public_session_id(key: str) -> str:
    """The id of a session in the API: a keyed digest, from which the key cannot be read."""
    return salted_hmac("accounts.session_id", key, algorithm="sha256").hexdigest()[:32]


def active_sessions(user: User) -> list[ActiveSession]:
    """The sessions in which the account is signed in, the last used first; at most MAX_LISTED_SESSIONS.

    Those that a new password or a sign-out everywhere has ended are left out, although their rows may be
    there until they expire.
    """
    rows = UserSession.objects.filter(user=user, expire_date__gt=timezone.now())
    stamp = user.get_session_auth_hash()
    newest = rows.order_by("-last_used_at", "session_key")[:MAX_LISTED_SESSIONS]
    decoded = [(row, row.get_decoded()) for row in newest]
    return [
        represent_session(row, data)
        for row, data in decoded
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), stamp)
    ]


def represent_session(row: UserSession, data: dict[str, Any]) -> ActiveSession:
    """The session with what its data says of the sign-in; nothing of sessions that are older than that."""
    record: dict[str, Any] = data.get(SIGN_IN_KEY) or {}
    return ActiveSession(
        key=row.session_key,
        device=Device(
            browser=record.get("browser", ""),
            system=record.get("system", ""),
            is_app=record.get("is_app", False),
        ),
        signed_in_at=datetime.fromisoformat(record["at"]) if "at" in record else None,
        last_used_at=row.last_used_at,
    )
