"""Factories of the tests."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from tests.support import make


def test_a_person_is_created_once(db: None) -> None:
    assert make.staff("ben", role="editor") == make.ben()
    assert User.objects.filter(email="ben@example.com").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_threads_may_create_the_same_member_of_staff_at_once(attempt: int) -> None:
    users = make.race(8, lambda _number: make.staff(f"ben-{attempt}", role="editor"))
    assert all(isinstance(user, User) for user in users), users
    (user,) = set(users)
    assert isinstance(user, User)
    assert list(user.groups.all()) == [Group.objects.get(name="editor")]
