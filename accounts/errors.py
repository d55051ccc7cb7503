"""Errors of accounts."""

from datetime import datetime
from typing import ClassVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsroom.errors import NotFound, Refused


class Suspended(Refused):
    """The account is suspended from writing; `until` and `reason` are members of the problem document."""

    code = "suspended"
    status = 403
    sentence = _("Your account is suspended at the moment.")
    sentence_with_end: ClassVar[str | Promise] = _(
        "Your account is suspended: until %(until)s you can read and save, but neither comment, react,"
        " report, vote nor change your nickname. Reason: %(reason)s"
    )

    def __init__(self, until: datetime, reason: str) -> None:
        local = timezone.localtime(until)
        super().__init__(
            self.sentence_with_end
            % {"until": f"{local:%Y-%m-%d %H:%M}", "reason": reason or _("house rules")}
        )
        self.more = {"until": local.isoformat(), "reason": reason}


class Muted(Suspended):
    """The account cannot comment, but vote, react and report; `until` and `reason` as in Suspended."""

    code = "muted"
    sentence = _("You cannot comment at the moment.")
    sentence_with_end = _("You cannot comment until %(until)s. Reason: %(reason)s")


class NotYourRank(Refused):
    code = "not_your_rank"
    status = 403
    sentence = _("You cannot sanction yourself, a colleague of your own rank or a senior one.")


class SanctionOver(Refused):
    code = "sanction_over"
    sentence = _("This sanction has ended or was lifted already. Reload to see where it stands.")


class SanctionsChanged(Refused):
    code = "changed_meanwhile"
    status = 412
    sentence = _("Somebody changed the sanctions of this reader meanwhile. Reload, then decide.")


class NoSuchSanction(NotFound):
    """There is no such sanction of this account."""


class AccountClosing(Refused):
    """The account is to be closed; `closing_at` is a member of the problem document."""

    code = "account_closing"
    status = 403
    sentence = _(
        "Your account is about to be closed. Keep it on “My page” to comment, react, report and vote again."
    )

    def __init__(self, closing_at: datetime) -> None:
        super().__init__()
        self.more = {"closing_at": timezone.localtime(closing_at).isoformat()}


class ConsentNeeded(Refused):
    code = "consent_needed"
    status = 403
    sentence = _(
        "Your consent is missing, since it was withdrawn or the text has changed. Give it on “My page” to"
        " comment, react, report and vote again."
    )


class ConsentOutdated(Refused):
    """Another version of the text is in force; `current_version` is a member of the problem document."""

    code = "consent_outdated"
    sentence = _("This text has changed meanwhile. Reload the page and read it again.")

    def __init__(self, kind: str, version: str) -> None:
        super().__init__()
        self.more = {"kind": kind, "current_version": version}


class StaffIgnored(Refused):
    code = "staff_ignored"
    sentence = _(
        "Comments of the newsroom cannot be hidden: they may answer you or explain a decision."
    )


class OwnAccountIgnored(Refused):
    code = "own_account"
    sentence = _("This is your own nickname.")


class TooManyIgnored(Refused):
    code = "too_many_ignored"
    sentence = _("You ignore as many readers as is possible. Take one off the list first.")

    def __init__(self, limit: int) -> None:
        super().__init__(
            _(
                "You ignore %(limit)s readers, and more are not possible. Take one off the list first."
            )
            % {"limit": limit}
        )


class NicknameTaken(Refused):
    code = "nickname_taken"
    status = 409
    sentence = _("This nickname is taken or too like another. Choose a different one.")


class NicknameReserved(Refused):
    code = "nickname_reserved"
    status = 400
    sentence = _("This nickname passes for somebody of the newsroom. Choose a different one.")


class NicknameTooSoon(Refused):
    """The nickname was changed lately; `until` is a member of the problem document."""

    code = "nickname_too_soon"
    sentence = _("A nickname can be changed once in 30 days.")

    def __init__(self, until: datetime) -> None:
        local = timezone.localtime(until)
        super().__init__(
            _("A nickname can be changed once in 30 days. Yours can be changed from %(until)s on.")
            % {"until": f"{local:%Y-%m-%d %H:%M}"}
        )
        self.more = {"until": local.isoformat()}


class EmailUnconfirmed(Refused):
    code = "email_unconfirmed"
    status = 403
    sentence = _("Confirm your e-mail address first: on “My page” we send you a code.")


class EmailAlreadyConfirmed(Refused):
    code = "email_confirmed"
    sentence = _("Your e-mail address is confirmed already.")


class CodeSentAlready(Refused):
    """A code was sent lately; `Retry-After` says when another one can be sent."""

    code = "code_sent_already"
    sentence = _("We have just sent you a code. Look into your mailbox, or try again in a minute.")

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class TooManyCodes(Refused):
    """Codes were sent too often within an hour; `Retry-After` says when another one can be sent."""

    code = "too_many_codes"
    sentence = _(
        "Too many codes were asked for within an hour. Type the newest one that you have, or try again "
        "later."
    )

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class TooManyTries(Refused):
    """Wrong codes for this address were typed too often; `Retry-After` says when one can be tried again."""

    code = "too_many_tries"
    sentence = _("Too many wrong codes were typed for this address. Try again later.")

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class WrongCode(Refused):
    code = "wrong_code"
    status = 400
    sentence = _("This code is wrong or too old. Type the newest one, or have another one sent.")


class InvalidNickname(Refused):
    code = "nickname_unfit"
    status = 400
    sentence = _(
        "A nickname has 2 to 20 letters that one can see, no link and no abuse, and does not pass for the "
        "newsroom."
    )


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
