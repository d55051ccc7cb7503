"""Second factors of staff: the requirement (STAFF_MFA), and the reset by a chief or an operator."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from accounts.errors import NoSecondFactor, OwnSecondFactor
from accounts.models import User, new_security_stamp
from audit.actions import record_audit

SECOND_FACTOR_TYPES = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user: User) -> bool:
    """Whether the account has an authenticator app or a passkey; recovery codes do not count."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTOR_TYPES).exists()


def lacks_required_second_factor(user: User) -> bool:
    """Whether a member of staff still has to set up a second factor (STAFF_MFA=required)."""
    return settings.STAFF_MFA == "required" and user.is_staff and not has_second_factor(user)


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None) -> None:
    """Remove all second factors of an account; its sessions and tokens end.

    `by` None is the command line.  Raises OwnSecondFactor (one's own is removed in the settings),
    NoSecondFactor if there is none.
    """
    if by is not None and by.pk == user.pk:
        raise OwnSecondFactor
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise NoSecondFactor
    user.security_stamp = new_security_stamp()
    user.save(update_fields=["security_stamp"])
    record_audit(user, verb="second_factor_reset", by=by)
