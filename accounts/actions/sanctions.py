"""Suspensions of readers: suspend, lift, and keep until their end although the account is closed.

While a suspension lasts, a keyed digest of each proven address and social account of the reader is kept
(`RetainedSanction`). An account that proves the same address, or is made by the same social account, takes
the suspension over. An address counts once it is confirmed, for both accounts: before,
anybody could give it, and learn that its owner is suspended or have its owner suspended; until then the
account cannot comment (`lock_confirmed_writer`).
The digests of one suspension are tied by its id (`sanction`): they change and end together.
"""

import hashlib
import hmac
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.email_addresses import mailbox_of
from accounts.errors import NoSuchAccount
from accounts.models import RetainedSanction, User
from accounts.models.identities import new_sanction_id
from audit.actions import record_audit

SUSPENSION_FIELDS = ["suspended_until", "suspension_reason"]


@transaction.atomic
def suspend(user: User, *, until: datetime, reason: str, by: User) -> None:
    """Suspend a reader from writing until a time; reading and closing the account stay possible.

    Raises NoSuchAccount if the account was closed meanwhile.
    """
    lock_open_account(user)
    user.suspended_until, user.suspension_reason = until, reason
    user.save(update_fields=SUSPENSION_FIELDS)
    # Also for the identities that are tied to it: the account decides about its suspension as a whole.
    sanctions_of(user).update(until=until, reason=reason)
    retain_suspension(user)
    record_audit(user, verb="suspended", by=by, until=until.isoformat(), reason=reason)


@transaction.atomic
def lift_suspension(user: User, *, by: User) -> None:
    """Lift a suspension at once, also for all identities that are tied to it (`sanctions_of`)."""
    lock_open_account(user)
    user.suspended_until, user.suspension_reason = None, ""
    user.save(update_fields=SUSPENSION_FIELDS)
    sanctions_of(user).delete()
    record_audit(user, verb="suspension_lifted", by=by)


def sanctions_of(user: User) -> QuerySet[RetainedSanction]:
    """What is kept of the suspensions that an account bears, or would take over by what it has proven.

    Each with all of its digests: the address and the social account of one suspension end together.
    """
    borne = RetainedSanction.objects.filter(Q(user=user) | Q(digest__in=identity_digests(user)))
    return RetainedSanction.objects.filter(
        sanction__in=list(borne.values_list("sanction", flat=True))
    )


def retain_suspension(user: User, *, sanction: str = "") -> None:
    """Keep the suspension of a locked account, if it is in force, by the digests of its identities.

    Of those that it has proven: anybody may name the address of somebody else. The rows of other
    suspensions of the same identities stay as they are; `sanction` is the one that is taken over.
    """
    if not user.suspended_until or not user.is_suspended(timezone.now()):
        return
    until, reason = user.suspended_until, user.suspension_reason
    if not sanction:
        own = sanctions_of(user).filter(until=until, reason=reason).order_by("pk").first()
        sanction = own.sanction if own else new_sanction_id()
    values = {"user": user, "until": until, "reason": reason}
    for digest in sorted(identity_digests(user) | mailbox_digests(user)):
        RetainedSanction.objects.update_or_create(sanction=sanction, digest=digest, defaults=values)


def take_over_suspension(user: User) -> bool:
    """Suspend an account whose proven identities are suspended longer than itself; whether it was.

    In the caller's transaction. An address that is another spelling of a suspended one (dots, +tag) is only
    recorded for moderators, since a household may share a mailbox.
    """
    now = timezone.now()
    if user.is_staff:
        return False
    digests = identity_digests(user)
    retained = RetainedSanction.objects.in_force(now).filter(digest__in=digests)
    longest = retained.order_by("-until").first()
    if longest is None:
        record_resemblance(user, now)
        return False
    if user.suspended_until and user.suspended_until >= longest.until:
        return False
    user.suspended_until, user.suspension_reason = longest.until, longest.reason
    user.save(update_fields=SUSPENSION_FIELDS)
    retain_suspension(user, sanction=longest.sanction)
    until = longest.until.isoformat()
    record_audit(user, verb="suspension_taken_over", by=None, until=until, reason=longest.reason)
    return True


@transaction.atomic
def settle_suspension(user: User) -> None:
    """After an account has proven an identity: take a suspension over, and keep the account's own."""
    account = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not take_over_suspension(account):
        retain_suspension(account)
    user.suspended_until, user.suspension_reason = (
        account.suspended_until,
        account.suspension_reason,
    )


def record_resemblance(user: User, now: datetime) -> None:
    """Record for moderators that an address of the account resembles one that is suspended."""
    if RetainedSanction.objects.in_force(now).filter(digest__in=mailbox_digests(user)).exists():
        record_audit(user, verb="resembles_suspended", by=None)


def identity_digests(user: User) -> set[str]:
    """Keyed digests of the addresses and social accounts that an account has proven."""
    social = SocialAccount.objects.filter(user=user).values_list("provider", "uid")
    digests = {keyed_digest("social", f"{provider}:{uid}") for provider, uid in social}
    return digests | {keyed_digest("email", address) for address in proven_addresses(user)}


def mailbox_digests(user: User) -> set[str]:
    """Keyed digests of the mailboxes of the proven addresses."""
    return {keyed_digest("mailbox", mailbox_of(address)) for address in proven_addresses(user)}


def proven_addresses(user: User) -> list[str]:
    """The confirmed addresses; where addresses are never confirmed, the one that the account has."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    unconfirmed = [user.email] if settings.ACCOUNT_EMAIL_VERIFICATION == "none" else []
    return [*confirmed.values_list("email", flat=True), *filter(None, unconfirmed)]


def keyed_digest(kind: str, value: str) -> str:
    """HMAC-SHA256 of an identity in hex, under SANCTION_SECRET (newsroom/conf/readers.py)."""
    text = f"{kind}\0{value.strip().lower()}"
    return hmac.new(settings.SANCTION_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def delete_ended_sanctions(now: datetime) -> int:
    """Delete retained suspensions that have ended; returns how many."""
    return RetainedSanction.objects.filter(until__lte=now).delete()[0]


def lock_open_account(user: User) -> None:
    """Lock an active account. Raises NoSuchAccount."""
    if not User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True).exists():
        raise NoSuchAccount
