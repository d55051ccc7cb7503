"""E-mail addresses: which accounts name one, and which of them holds it.

Anybody may sign up with any address and nobody is told whether it is known, so several accounts may
name one (docs/decisions/0021-sign-in.md).  The first holds it, until another proves that it is theirs.
"""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User

MAX_ACCOUNTS_PER_EMAIL = 50


def accounts_with_email(email: str) -> list[User]:
    """The accounts whose address this is, or that say so: first whose it was shown to be, then the
    holder, then by age."""
    address = email.strip().lower()
    rows = EmailAddress.objects.filter(email=address)
    is_verified = Exists(rows.filter(user=OuterRef("pk"), verified=True))
    people = User.objects.filter(Q(pk__in=rows.values("user")) | Q(email=address)).annotate(
        is_verified=is_verified, is_holder=Q(email=address, holds_email=True)
    )
    return list(people.order_by("-is_verified", "-is_holder", "pk")[:MAX_ACCOUNTS_PER_EMAIL])


@transaction.atomic
def claim_email(user: User, *, email: str) -> None:
    """Make a person the holder of an address that they have shown to be theirs.

    A colleague's stays the colleague's: a chief has vouched for it.
    """
    address = email.lower()
    others = list(User.objects.holding_email(address).exclude(pk=user.pk).select_for_update())
    kept = any(other.is_staff for other in others)
    if not kept:
        User.objects.filter(pk__in=[other.pk for other in others]).update(holds_email=False)
    if user.email == address or kept:
        user.holds_email = not kept
        user.save(update_fields=["holds_email"])


@transaction.atomic
def verify_staff_email(user: User) -> None:
    """Count a colleague's address as verified, unless somebody else has shown it to be theirs."""
    others = EmailAddress.objects.exclude(user=user)
    if others.filter(email=user.email, verified=True).exists():
        return
    has_primary = EmailAddress.objects.filter(user=user, primary=True).exists()
    row, made = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": not has_primary}
    )
    if not made and not row.verified:
        row.verified = True
        row.save(update_fields=["verified"])
    claim_email(user, email=user.email)
