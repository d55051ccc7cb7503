"""Confirmation of one's e-mail address by a mailed code (docs/identity.md)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest

from accounts.actions import issue_email_code, use_email_code
from accounts.actions.email_codes import EMAIL_CODE_LIFETIME, has_tries_left
from accounts.authentication.rate_limits import hash_name
from accounts.errors import TooManyCodes, TooManyTries, WrongCode
from accounts.models import User
from newsroom.api.throttling import RatePolicy, count_request, uncount_request

# Codes for one account, and codes to one address, whichever account asks: nobody is flooded with mails by
# accounts that name them. The first code of an account and its further ones are counted apart, so that the
# further ones of two accounts leave a third its first.
ACCOUNT_CODE_POLICY = RatePolicy("email_code_account", max_requests=3, seconds=3600)
ADDRESS_CODE_POLICY = RatePolicy("email_code_address", max_requests=6, seconds=3600)
ADDRESS_FURTHER_CODE_POLICY = RatePolicy("email_code_address_more", max_requests=4, seconds=3600)
# Wrong codes for one address, of all accounts that name it.
ADDRESS_TRY_POLICY = RatePolicy("email_code_tries", max_requests=30, seconds=3600)


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
    account, address = str(user.pk), hash_name(user.email.lower())
    of_account = count_request(ACCOUNT_CODE_POLICY, client=account)
    if of_account is None:
        return
    is_first = of_account.used <= 1
    policy = ADDRESS_CODE_POLICY if is_first else ADDRESS_FURTHER_CODE_POLICY
    of_address = None if of_account.is_exceeded else count_request(policy, client=address)
    exceeded = of_account if of_account.is_exceeded else of_address
    if exceeded is None or not exceeded.is_exceeded:
        return
    uncount_request(of_account, client=account)
    if of_address is not None:
        uncount_request(of_address, client=address)
    raise TooManyCodes(exceeded.seconds_left)


def confirm_email_by_code(request: HttpRequest, user: User, *, code: str) -> None:
    """Confirm the account's address by the code that was mailed to it. Raises WrongCode, TooManyTries."""
    if not has_tries_left(user):
        raise WrongCode
    address = hash_name(user.email.lower())
    usage = count_request(ADDRESS_TRY_POLICY, client=address)
    if usage is not None and usage.is_exceeded:
        uncount_request(usage, client=address)
        raise TooManyTries(usage.seconds_left)
    use_email_code(user, code=code)
    if usage is not None:
        uncount_request(usage, client=address)  # the right code is no guess
    if not get_adapter().confirm_email(request, own_address(user)):
        raise WrongCode  # another account has confirmed the address meanwhile


def own_address(user: User) -> EmailAddress:
    """The row of the account's address."""
    row, _is_new = EmailAddress.objects.get_or_create(user=user, email=user.email.lower())
    return row
