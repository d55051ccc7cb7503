"""Bearer tokens: issue and revoke."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.errors import NoSuchAccount
from accounts.models import Token, User
from audit.actions import record_audit

TOKEN_SCOPES = ("desk", "wire", "read")


@transaction.atomic
def issue_token(
    user: User, *, scopes: Iterable[str], label: str = "", lifetime: timedelta | None = None
) -> str:
    """Issue a bearer token and return its key, of which only a digest is stored.

    Without `lifetime` it does not expire.  Raises NoSuchAccount for an inactive account.
    """
    if not user.is_active:
        raise NoSuchAccount
    key = Token.new_key()
    expires_at = timezone.now() + lifetime if lifetime else None
    token = Token.objects.create(
        user=user,
        digest=Token.digest_of(key),
        scopes=sorted(scopes),
        label=label,
        expires_at=expires_at,
        security_stamp=User.objects.values_list("security_stamp", flat=True).get(pk=user.pk),
    )
    record_audit(token, verb="issued", by=user, scopes=token.scopes, label=label)
    return key


@transaction.atomic
def revoke_token(token: Token, *, by: User) -> None:
    """Revoke a token for ever. Idempotent."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record_audit(token, verb="revoked", by=by)
