"""Sanctions that outlive accounts: keyed digests of identities, kept until the sanction ends.

While a sanction lasts, a keyed digest of each proven address and social account of the reader is kept
(`RetainedSanction`). An account that proves the same address, or is made by the same social account, takes
the sanction over. An address counts once it is confirmed, for both accounts: before,
anybody could give it, and learn that its owner is sanctioned or have its owner sanctioned; until then the
account cannot comment (`lock_confirmed_writer`).
The digests of one sanction are tied by its id (`sanction`): they change and end together.
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
from accounts.models import RetainedSanction, Sanction, SanctionKind, SanctionReason, User
from accounts.models.identities import new_sanction_id
from audit.actions import record_audit

SUSPENSION_FIELDS = ["suspended_until", "suspension_kind", "suspension_reason"]
SEVERITY = {kind: number for number, kind in enumerate(SanctionKind.values)}


def restrict_account(user: User, *, by_sanction: Sanction, lifted_by: User | None) -> None:
    """Copy a sanction to its locked account; a restriction in force ends, replaced by it."""
    others = Sanction.objects.filter(user=user, lifted_at__isnull=True, until__gt=timezone.now())
    others.exclude(pk=by_sanction.pk).update(
        lifted_at=timezone.now(), lifted_by=lifted_by, replaced_by=by_sanction
    )
    user.suspended_until, user.suspension_reason = by_sanction.until, by_sanction.reason
    user.suspension_kind = by_sanction.kind
    user.save(update_fields=SUSPENSION_FIELDS)


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
    kind = user.restriction(timezone.now())
    if not kind:
        return
    values = {"kind": kind, "until": user.suspended_until, "reason": user.suspension_reason}
    if not sanction:
        own = sanctions_of(user).filter(**values).order_by("pk").first()
        sanction = own.sanction if own else new_sanction_id()
    defaults = {**values, "reason_code": reason_code_of(user), "user": user}
    for digest in sorted(identity_digests(user) | mailbox_digests(user)):
        RetainedSanction.objects.update_or_create(
            sanction=sanction, digest=digest, defaults=defaults
        )


def reason_code_of(user: User) -> str:
    """The rule of the sanction in force of an account."""
    in_force = Sanction.objects.in_force(timezone.now()).filter(user=user).order_by("-pk")
    return in_force.values_list("reason_code", flat=True).first() or SanctionReason.OTHER


def take_over_suspension(user: User) -> bool:
    """Sanction an account whose proven identities are sanctioned harder or longer than itself; whether
    it was.

    In the caller's transaction. An address that is another spelling of a sanctioned one (dots, +tag) is
    only recorded for moderators, since a household may share a mailbox.
    """
    now = timezone.now()
    if user.is_staff:
        return False
    retained = RetainedSanction.objects.in_force(now).filter(digest__in=identity_digests(user))
    hardest = max(retained, key=lambda row: (SEVERITY[row.kind], row.until), default=None)
    if hardest is None:
        record_resemblance(user, now)
        return False
    own = user.restriction(now)
    if own and user.suspended_until:
        own_weight = (SEVERITY[own], user.suspended_until)
        if own_weight >= (SEVERITY[hardest.kind], hardest.until):
            return False
    taken_over = Sanction.objects.create(
        user=user,
        kind=hardest.kind,
        reason_code=hardest.reason_code,
        reason=hardest.reason,
        starts_at=now,
        until=hardest.until,
    )
    restrict_account(user, by_sanction=taken_over, lifted_by=None)
    retain_suspension(user, sanction=hardest.sanction)
    record_audit(
        user,
        verb="suspension_taken_over",
        by=None,
        until=hardest.until.isoformat(),
        reason=hardest.reason,
        kind=hardest.kind,
        code=hardest.reason_code,
    )
    return True


@transaction.atomic
def settle_suspension(user: User) -> None:
    """After an account has proven an identity: take a suspension over, and keep the account's own."""
    account = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not take_over_suspension(account):
        retain_suspension(account)
    for field in SUSPENSION_FIELDS:
        setattr(user, field, getattr(account, field))


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
