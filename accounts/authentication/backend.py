"""Authentication backend: an address and a password, for all accounts that name the address."""

from collections.abc import Sequence
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.email_addresses import accounts_with_email
from accounts.models import User
from accounts.password_check import find_user_by_password, needs_rehash


class EmailBackend(AuthenticationBackend):
    """allauth's, which takes the time of one password check whoever names the address.

    `people`, where given, are those whose password may be tried (accounts.authentication.rate_limits).
    """

    def authenticate(  # type: ignore[override]  # allauth's takes any credentials
        self,
        request: HttpRequest | None,
        *,
        people: Sequence[User] | None = None,
        **credentials: Any,
    ) -> User | None:
        email = credentials.get("email") or credentials.get("username") or ""
        password = credentials.get("password") or ""
        if not email or not password:
            return None
        found = find_user_by_password(
            password, users=accounts_with_email(email) if people is None else people
        )
        if found is None:
            return None
        if needs_rehash(found.password):
            found.check_password(password)
        if not self.user_can_authenticate(found):
            self._stash_user(found)  # allauth's own pages and answers say that it is closed
            return None
        return found
