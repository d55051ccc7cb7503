"""E-mail addresses: accounts with the same address, and the one that holds it.

Sign-up does not disclose whether an address is known, so several accounts may have the same one
(docs/decisions/0021-sign-in.md).  The first holds it until another one confirms it.
"""

from functools import cache

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q

from accounts.models import User
from newsroom.db.compiled_queries import CompiledQuery, Param

MAX_ACCOUNTS_PER_EMAIL = 50
CLAIM_ATTEMPTS = 3


def accounts_with_email(email: str) -> list[User]:
    """The accounts with this address, confirmed or not, at most MAX_ACCOUNTS_PER_EMAIL.

    Those that have confirmed it first, then the holder, then by age.
    """
    address = email.strip().lower()
    rows = EmailAddress.objects.filter(email=address)
    is_verified = Exists(rows.filter(user=OuterRef("pk"), verified=True))
    people = User.objects.filter(Q(pk__in=rows.values("user")) | Q(email=address)).annotate(
        is_verified=is_verified, is_holder=Q(email=address, holds_email=True)
    )
    return list(people.order_by("-is_verified", "-is_holder", "pk")[:MAX_ACCOUNTS_PER_EMAIL])


@cache
def addresses_query() -> CompiledQuery[EmailAddress]:
    """Compiled once: each comment and reaction asks."""
    return CompiledQuery(EmailAddress.objects.filter(user=Param("user", BigIntegerField())))


def is_email_settled(user: User) -> bool:
    """Whether an account keeps its address: of staff, confirmed, or not given at sign-up."""
    if user.is_staff:
        return True
    confirmed = [row.verified for row in addresses_query().fetch(user=user.pk)]
    return not confirmed or any(confirmed)


def mailbox_of(email: str) -> str:
    """The mailbox that an address spells: without a +tag, and at Google's without dots."""
    local, _at, domain = email.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


@transaction.atomic
def claim_email(user: User, *, email: str) -> None:
    """Make an account the holder of an address that it has confirmed, unless staff hold it.

    Accounts that claim one address at once wait for each other (`lock_email`); a sign-up that takes the
    address between the statements is overcome by another attempt.
    """
    address = email.lower()
    lock_email(address)
    for attempt in range(CLAIM_ATTEMPTS):
        try:
            with transaction.atomic():
                transfer_email(user, address)
        except IntegrityError:
            if attempt + 1 == CLAIM_ATTEMPTS:
                raise
        else:
            return


def lock_email(address: str) -> None:
    """Lock the rows of an address, which serializes those who confirm it."""
    rows = EmailAddress.objects.filter(email=address).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def transfer_email(user: User, address: str) -> None:
    """Take an address from the other account that holds it, if that is not of staff."""
    others = list(User.objects.holding_email(address).exclude(pk=user.pk).select_for_update())
    is_staff_held = any(other.is_staff for other in others)
    if not is_staff_held:
        User.objects.filter(pk__in=[other.pk for other in others]).update(holds_email=False)
    if user.email == address or is_staff_held:
        user.holds_email = not is_staff_held
        user.save(update_fields=["holds_email"])


@transaction.atomic
def verify_staff_email(user: User) -> None:
    """Mark the address of a member of staff as verified, unless another account has confirmed it."""
    others = EmailAddress.objects.exclude(user=user)
    if others.filter(email=user.email, verified=True).exists():
        return
    has_primary = EmailAddress.objects.filter(user=user, primary=True).exists()
    row, is_new = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": not has_primary}
    )
    if not is_new and not row.verified:
        row.verified = True
        row.save(update_fields=["verified"])
    claim_email(user, email=user.email)
