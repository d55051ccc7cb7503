"""Permissions of accounts: read by SQL that is compiled once, they are those that Django reads."""

from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.authentication.backend import EmailBackend
from accounts.models import User
from tests.support import make


@pytest.mark.django_db
def test_permissions_are_those_of_django_in_its_own_two_queries() -> None:
    eve = make.staff("eve", role="chief")
    eve.groups.add(Group.objects.get(name="moderator"))
    eve.user_permissions.add(Permission.objects.get(codename="add_emailaddress"))
    found = []
    for backend in (ModelBackend(), EmailBackend()):
        user = User.objects.get(pk=eve.pk)
        with CaptureQueriesContext(connection) as queries:
            own, by_group = backend.get_user_permissions(user), backend.get_group_permissions(user)
            assert backend.get_all_permissions(user) == own | by_group
        found.append((own, by_group, [query["sql"] for query in queries]))
    assert found[0] == found[1]
    own, by_group, statements = found[1]
    assert own == {"account.add_emailaddress"}
    assert {"desk.change_draft", "comments.change_comment"} <= by_group
    assert len(statements) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"is_superuser": True}, {"is_active": False}])
def test_superusers_have_all_permissions_and_closed_accounts_none(changes: dict[str, Any]) -> None:
    found = [
        backend.get_all_permissions(User(pk=make.ben().pk, **changes))
        for backend in (ModelBackend(), EmailBackend())
    ]
    assert found[0] == found[1]
    assert bool(found[1]) == ("is_superuser" in changes)


def test_anonymous_clients_and_single_objects_have_no_permissions() -> None:
    assert EmailBackend().get_all_permissions(AnonymousUser()) == set()
    assert EmailBackend().get_all_permissions(User(pk=1), obj=Group()) == set()
