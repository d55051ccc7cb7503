"""Second factors of staff: whether one is missing that is required, and their reset by a chief."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from accounts.errors import NoSecondFactor, OwnSecondFactor
from accounts.models import User, new_security_stamp
from audit.actions import record_audit

SECOND_FACTOR_TYPES = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user: User) -> bool:
    """Whether the account has an authenticator app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTOR_TYPES).exists()


def lacks_required_second_factor(user: User) -> bool:
    """Whether a colleague has to set up a second factor before anything else (STAFF_MFA=required)."""
    return settings.STAFF_MFA == "required" and user.is_staff and not has_second_factor(user)


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None) -> None:
    """Take all second factors from somebody who has lost theirs; their sessions and tokens end.

    Raises OwnSecondFactor, since whoever is signed in can remove their own; NoSecondFactor where there is
    none.  `by` None is the command line.
    """
    if by is not None and by.pk == user.pk:
        raise OwnSecondFactor
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise NoSecondFactor
    user.security_stamp = new_security_stamp()
    user.save(update_fields=["security_stamp"])
    record_audit(user, verb="second_factor_reset", by=by)
