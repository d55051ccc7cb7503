"""Confirmation of one's e-mail address by a mailed code (docs/identity.md)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest

from accounts.actions import issue_email_code, use_email_code
from accounts.actions.email_codes import EMAIL_CODE_LIFETIME
from accounts.authentication.rate_limits import hash_name
from accounts.errors import TooManyCodes, WrongCode
from accounts.models import User
from newsroom.api.throttling import RatePolicy, RateUsage, count_request, uncount_request

# Codes for one account, and codes to one address, whichever account asks: nobody is flooded with mails by
# accounts that name them, and one account does not use up what an address gets. With MAX_EMAIL_CODE_TRIES
# this bounds the tries for an address too.
ACCOUNT_CODE_POLICY = RatePolicy("email_code_account", max_requests=3, seconds=3600)
ADDRESS_CODE_POLICY = RatePolicy("email_code_address", max_requests=6, seconds=3600)


def send_email_code(user: User) -> None:
    """Mail a code to the account's address; a notice instead if another account has confirmed it.

    The response is the same for both. Raises EmailAlreadyConfirmed, CodeSentAlready, TooManyCodes;
    a refused request leaves the former code as it is.
    """
    with transaction.atomic():
        code = issue_email_code(user)
        count_email_code(user)
    adapter: Any = get_adapter()
    address = own_address(user)
    if not address.can_set_verified():
        adapter.send_account_already_exists_mail(address.email)
        return
    minutes = round(EMAIL_CODE_LIFETIME.total_seconds() / 60)
    context = {"user": user, "code": code, "minutes": minutes}
    adapter.send_mail("account/email/reader_code", address.email, context)


def count_email_code(user: User) -> None:
    """Count a code for the account and its address. Raises TooManyCodes, which counts for neither."""
    counted: list[tuple[RateUsage, str]] = []
    for policy, client in (
        (ACCOUNT_CODE_POLICY, str(user.pk)),
        (ADDRESS_CODE_POLICY, hash_name(user.email.lower())),
    ):
        if (usage := count_request(policy, client=client)) is None:
            continue
        counted.append((usage, client))
        if usage.is_exceeded:
            for other, name in counted:
                uncount_request(other, client=name)
            raise TooManyCodes(usage.seconds_left)


def confirm_email_by_code(request: HttpRequest, user: User, *, code: str) -> None:
    """Confirm the account's address by the code that was mailed to it. Raises WrongCode."""
    use_email_code(user, code=code)
    if not get_adapter().confirm_email(request, own_address(user)):
        raise WrongCode  # another account has confirmed the address meanwhile


def own_address(user: User) -> EmailAddress:
    """The row of the account's address."""
    row, _is_new = EmailAddress.objects.get_or_create(user=user, email=user.email.lower())
    return row
