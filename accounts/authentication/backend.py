"""Authentication backend: e-mail address and password, for all accounts with the address."""

from collections.abc import Sequence
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.email_addresses import accounts_with_email
from accounts.models import User
from accounts.password_check import find_user_by_password, needs_rehash


class EmailBackend(AuthenticationBackend):
    """allauth's backend with one password check for all accounts with the address.

    `candidates`, if given, are the accounts that may be tried (accounts.authentication.rate_limits).
    """

    def authenticate(  # type: ignore[override]  # allauth's takes any credentials
        self,
        request: HttpRequest | None,
        *,
        candidates: Sequence[User] | None = None,
        **credentials: Any,
    ) -> User | None:
        email = credentials.get("email") or credentials.get("username") or ""
        password = credentials.get("password") or ""
        if not email or not password:
            return None
        user = find_user_by_password(
            password, users=accounts_with_email(email) if candidates is None else candidates
        )
        if user is None:
            return None
        if needs_rehash(user.password):
            user.check_password(password)
        if not self.user_can_authenticate(user):
            self._stash_user(user)  # for allauth's answer that the account is closed
            return None
        return user
