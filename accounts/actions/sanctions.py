"""Sanctions of readers: impose, lift, and their history (docs/sanctions.md).

A restriction ends at its time without a job: writing compares the end in the row of the account with the
clock (accounts/actions/locking.py). It outlives the account (accounts/actions/retained_sanctions.py).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.actions.retained_sanctions import (
    SUSPENSION_FIELDS,
    restrict_account,
    retain_suspension,
    sanctions_of,
)
from accounts.errors import NoSuchAccount, NotYourRank, SanctionOver, SanctionsChanged
from accounts.models import Sanction, SanctionKind, SanctionReason, User
from accounts.permissions import may_sanction, outranks
from audit.actions import record_audit
from newsroom.errors import require

# The audit verb of imposing a sanction, by its kind.
VERBS_BY_KIND = {
    SanctionKind.WARN: "warned",
    SanctionKind.HOLD: "comments_held",
    SanctionKind.MUTE: "muted",
    SanctionKind.BAN: "suspended",
}


@transaction.atomic
def sanction(
    user: User,
    *,
    kind: str,
    until: datetime | None,
    reason: str,
    by: User,
    reason_code: str = SanctionReason.OTHER,
    version: int | None = None,
) -> Sanction:
    """Sanction a reader until a time; reading, exporting and closing the account stay possible.

    A restriction replaces the one in force. A warning has no end (`until` is ignored) and restricts
    nothing. `version` is the `sanction_version` that the moderator has read.
    Raises NotAllowed, NotYourRank, NoSuchAccount if the account was closed meanwhile, SanctionsChanged.
    """
    locked = lock_for_sanction(user, by=by, version=version)
    is_warning = kind == SanctionKind.WARN
    imposed = Sanction.objects.create(
        user=locked,
        kind=kind,
        reason_code=reason_code,
        reason=reason,
        starts_at=timezone.now(),
        until=None if is_warning else until,
        imposed_by=by,
    )
    if not is_warning:
        put_in_force(locked, imposed, by=by)
        copy_restriction(locked, to=user)
    record_sanction(imposed, by=by)
    return imposed


def record_sanction(imposed: Sanction, *, by: User) -> None:
    """Write the audit entry of a new sanction."""
    details = {"until": imposed.until.isoformat()} if imposed.until else {}
    record_audit(
        imposed.user,
        verb=VERBS_BY_KIND[SanctionKind(imposed.kind)],
        by=by,
        reason=imposed.reason,
        code=imposed.reason_code,
        reference=imposed.pk,
        **details,
    )


def put_in_force(account: User, imposed: Sanction, *, by: User) -> None:
    """Restrict a locked account by a sanction, and keep it by the digests of its identities."""
    restrict_account(account, by_sanction=imposed, lifted_by=by)
    # Also for the identities that are tied to it: the account decides about its sanction as a whole.
    sanctions_of(account).update(
        until=imposed.until,
        reason=imposed.reason,
        reason_code=imposed.reason_code,
        kind=imposed.kind,
    )
    retain_suspension(account)


def suspend(user: User, *, until: datetime, reason: str, by: User) -> None:
    """Suspend a reader from all writing until a time (`sanction` of the kind `ban`)."""
    sanction(user, kind=SanctionKind.BAN, until=until, reason=reason, by=by)


@transaction.atomic
def lift_suspension(user: User, *, by: User, version: int | None = None) -> None:
    """Lift the restriction of an account at once, also for all identities tied to it (`sanctions_of`).

    Raises as `sanction` does.
    """
    locked = lock_for_sanction(user, by=by, version=version)
    kind = locked.restriction(timezone.now()) or SanctionKind.BAN
    in_force = Sanction.objects.in_force(timezone.now()).filter(user=locked)
    number = in_force.values_list("pk", flat=True).first()
    in_force.update(lifted_at=timezone.now(), lifted_by=by)
    locked.suspended_until, locked.suspension_reason = None, ""
    locked.suspension_kind = SanctionKind.BAN
    locked.save(update_fields=SUSPENSION_FIELDS)
    sanctions_of(locked).delete()
    copy_restriction(locked, to=user)
    verb = "suspension_lifted" if kind == SanctionKind.BAN else "sanction_lifted"
    record_audit(locked, verb=verb, by=by, kind=kind, reference=number)


@transaction.atomic
def lift_sanction(imposed: Sanction, *, by: User, version: int | None = None) -> None:
    """Lift one sanction. Raises as `sanction` does, and SanctionOver unless it is in force."""
    lock_open_account(imposed.user)
    if not Sanction.objects.get(pk=imposed.pk).is_in_force(timezone.now()):
        raise SanctionOver
    lift_suspension(imposed.user, by=by, version=version)


def sanction_history(reader: User) -> list[Sanction]:
    """All sanctions of a reader, past ones too, the oldest first: for the export and the reader's page."""
    return list(Sanction.objects.filter(user=reader).with_people().order_by("pk"))


def sanction_version(user: User) -> int:
    """A number that grows with each sanction that is imposed, replaced or lifted."""
    rows = Sanction.objects.filter(user=user).order_by()
    counts = rows.aggregate(imposed=Count("pk"), lifted=Count("lifted_at"))
    return int(counts["imposed"]) + int(counts["lifted"])


def lock_for_sanction(user: User, *, by: User, version: int | None) -> User:
    """Lock an account that `by` may sanction; `version` is the `sanction_version` that was read.

    Raises NotAllowed, NoSuchAccount, NotYourRank, SanctionsChanged.
    """
    require(may_sanction(by))
    locked = lock_open_account(user)
    if not outranks(by, locked):
        raise NotYourRank
    if version is not None and sanction_version(locked) != version:
        raise SanctionsChanged
    return locked


def copy_restriction(account: User, *, to: User) -> None:
    """Set the restriction of another instance of the same account."""
    for field in SUSPENSION_FIELDS:
        setattr(to, field, getattr(account, field))


def lock_open_account(user: User) -> User:
    """Lock an active account. Raises NoSuchAccount."""
    rows = User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True)
    if (locked := rows.first()) is None:
        raise NoSuchAccount
    return locked
