"""Errors of accounts."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class Suspended(Refused):
    """The account is suspended from writing; `until` and `reason` are members of the problem document."""

    code = "suspended"
    status = 403
    sentence = _("You cannot write at the moment.")

    def __init__(self, until: datetime, reason: str) -> None:
        local = timezone.localtime(until)
        super().__init__(
            _("You cannot write until %(until)s. Reason: %(reason)s")
            % {"until": f"{local:%Y-%m-%d %H:%M}", "reason": reason or _("house rules")}
        )
        self.more = {"until": local.isoformat(), "reason": reason}


class NicknameTaken(Refused):
    code = "nickname_taken"
    status = 409
    sentence = _("This nickname is taken or too like another. Choose a different one.")


class InvalidNickname(Refused):
    code = "nickname_unfit"
    status = 400
    sentence = _("A nickname has 2 to 20 letters that one can see, and is not a staff name.")


class NoSuchAccount(Refused):
    code = "no_such_person"
    status = 404
    sentence = _("There is no active account with this address.")


class EmailTaken(Refused):
    code = "address_taken"
    status = 409
    sentence = _("Somebody has an account with this address already. Open it and give it a role.")


class StaffAccountCannotClose(Refused):
    code = "staff_account"
    sentence = _("This is a colleague's account. Ask the chief editor to close it.")


class OwnSecondFactor(Refused):
    code = "own_second_factor"
    sentence = _("This is your own account. Remove your second factor under “Two-step sign-in”.")


class NoSecondFactor(Refused):
    code = "no_second_factor"
    sentence = _("This account has no second factor.")


class SecondFactorMissing(Refused):
    code = "second_factor_missing"
    status = 403
    sentence = _("Set up two-step sign-in in the admin first: this newsroom requires it of staff.")
