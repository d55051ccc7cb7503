"""Known clients: the network addresses and browsers from which somebody has signed in.

Limits on guessing are looser for them, so that nobody is locked out of their own account by a stranger.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import KnownClient, User

KNOWN_CLIENT_LIFETIME = timedelta(days=90)
MAX_KNOWN_CLIENTS = 40  # a person's; the oldest make room


def client_digest(user_id: int, client: str) -> str:
    """HMAC-SHA256 of a client under SECRET_KEY, another one for each person."""
    text = f"{user_id}:{client}"
    return salted_hmac(
        "accounts.authentication.known_clients", text, algorithm="sha256"
    ).hexdigest()


@transaction.atomic
def remember_clients(user: User, *, clients: Sequence[str]) -> None:
    """Record a sign-in from these clients; delete those not seen for KNOWN_FOR."""
    now = timezone.now()
    for client in clients:
        KnownClient.objects.update_or_create(
            user=user, digest=client_digest(user.pk, client), defaults={"seen_at": now}
        )
    theirs = KnownClient.objects.filter(user=user)
    theirs.filter(seen_at__lt=now - KNOWN_CLIENT_LIFETIME).delete()
    newest = theirs.order_by("-seen_at", "-pk").values_list("pk", flat=True)
    theirs.exclude(pk__in=list(newest[:MAX_KNOWN_CLIENTS])).delete()


@transaction.atomic
def forget_other_clients(user: User, *, clients: Sequence[str]) -> None:
    """Delete every known client but these, after a change of password."""
    KnownClient.objects.filter(user=user).delete()
    remember_clients(user, clients=clients)


def user_ids_known_to(client: str, *, users: Iterable[User]) -> set[int]:
    """The numbers of those of these people who have signed in from this client lately."""
    digests = {client_digest(user.pk, client): user.pk for user in users}
    digests = digests or {
        client_digest(0, client): 0
    }  # asked for nobody too: it takes the same time
    since = timezone.now() - KNOWN_CLIENT_LIFETIME
    rows = KnownClient.objects.filter(digest__in=digests, seen_at__gt=since)
    return {user_id for user_id, digest in rows.values_list("user_id", "digest")}
