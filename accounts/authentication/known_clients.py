"""Known clients: the IP addresses and browsers from which an account has signed in.

Rate limits of sign-in are looser for them, so that guessing by others cannot lock out the owner.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import KnownClient, User

KNOWN_CLIENT_LIFETIME = timedelta(days=90)
MAX_KNOWN_CLIENTS = 40  # per account; the oldest are deleted


def client_digest(user_id: int, client: str) -> str:
    """HMAC-SHA256 in hex of a client under SECRET_KEY, different for each account."""
    text = f"{user_id}:{client}"
    # The salt is that of stored digests.
    return salted_hmac("accounts.known_clients", text, algorithm="sha256").hexdigest()


@transaction.atomic
def remember_clients(user: User, *, clients: Sequence[str]) -> None:
    """Record a sign-in from these clients; delete those not seen for KNOWN_CLIENT_LIFETIME."""
    now = timezone.now()
    for client in clients:
        KnownClient.objects.update_or_create(
            user=user, digest=client_digest(user.pk, client), defaults={"seen_at": now}
        )
    known = KnownClient.objects.filter(user=user)
    known.filter(seen_at__lt=now - KNOWN_CLIENT_LIFETIME).delete()
    newest = known.order_by("-seen_at", "-pk").values_list("pk", flat=True)
    known.exclude(pk__in=list(newest[:MAX_KNOWN_CLIENTS])).delete()


@transaction.atomic
def forget_other_clients(user: User, *, clients: Sequence[str]) -> None:
    """Delete all known clients but these, after a change of the password."""
    KnownClient.objects.filter(user=user).delete()
    remember_clients(user, clients=clients)


def user_ids_known_to(client: str, *, users: Iterable[User]) -> set[int]:
    """The ids of those of `users` who have signed in from this client within KNOWN_CLIENT_LIFETIME."""
    digests = {client_digest(user.pk, client): user.pk for user in users}
    digests = digests or {client_digest(0, client): 0}  # queried without users too: constant time
    since = timezone.now() - KNOWN_CLIENT_LIFETIME
    rows = KnownClient.objects.filter(digest__in=digests, seen_at__gt=since)
    return {user_id for user_id, digest in rows.values_list("user_id", "digest")}
