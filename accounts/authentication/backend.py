"""Authentication backend: e-mail address and password, for all accounts with the address."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models import BigIntegerField
from django.http import HttpRequest

from accounts.email_addresses import accounts_with_email
from accounts.models import User
from accounts.password_check import find_user_by_password, needs_rehash
from newsroom.db.compiled_queries import CompiledQuery, Param


class EmailBackend(AuthenticationBackend):
    """allauth's backend with one password check for all accounts with the address; people and permissions
    are read by SQL that is compiled once.

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

    def get_user(self, user_id: Any) -> User | None:
        """The signed-in person of a request; None if there is no such account, or it may not sign in."""
        user = next(iter(user_query().fetch(pk=int(user_id))), None)
        return user if user is not None and self.user_can_authenticate(user) else None

    def _get_permissions(self, user_obj: Any, obj: Any, from_name: str) -> set[str]:
        """Django's method, which finds what is set here; those of superusers it reads itself."""
        attribute = f"_{from_name}_perm_cache"
        is_asked = obj is None and user_obj.is_active and not user_obj.is_superuser
        if is_asked and not hasattr(user_obj, attribute):
            setattr(user_obj, attribute, read_permissions(user_obj.pk, from_name))
        permissions: set[str] = super()._get_permissions(user_obj, obj, from_name)  # type: ignore[misc]
        return permissions


@cache
def user_query() -> CompiledQuery[User]:
    return CompiledQuery(User.objects.filter(pk=Param("pk", BigIntegerField())))


def read_permissions(user_id: int | None, source: str) -> set[str]:
    """The permissions ("app.codename") of an account: its own ("user"), or its groups' ("group")."""
    with connection.cursor() as cursor:
        cursor.execute(permissions_sql(source), [user_id])
        return {f"{app}.{codename}" for app, codename in cursor.fetchall()}


@cache
def permissions_sql(source: str) -> str:
    """The SQL of Django's own query, compiled once per process. Compiling it takes ten times as long as
    executing it, and each request of staff needs both sources."""
    owned = {
        "user": Permission.objects.filter(user=0),
        "group": Permission.objects.filter(group__in=Group.objects.filter(user=0)),
    }[source]
    rows = owned.values_list("content_type__app_label", "codename").order_by()
    sql, parameters = rows.query.sql_with_params()
    assert list(parameters) == [0], "the account is the only parameter"
    return sql
