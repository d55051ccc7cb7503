"""`manage.py createstaff`: a staff account and the one-time link to set its password."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import issue_token
from accounts.models import User
from audit.models import Entry
from tests.support import make

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "봄바람-불던-언덕-7"
RESET = "/_allauth/browser/v1/auth/password/reset"
LOGIN = "/_allauth/browser/v1/auth/login"


def link_for(email: str = "boss@paper.kr", role: str = "chief") -> str:
    """The key in the link that the command prints."""
    out = io.StringIO()
    call_command("createstaff", email, "--role", role, stdout=out)
    match = re.search(r"http://testserver(/account/password/([^/\s]+)/)", out.getvalue())
    assert match, out.getvalue()
    assert Client().get(match[1]).status_code == 200
    return match[2]


def set_password(key: str, password: str = NEW_PASSWORD) -> int:
    data = {"key": key, "password": password}
    return Client().post(RESET, data, content_type="application/json").status_code


def sign_in(email: str, password: str) -> Client:
    browser = Client()
    data = {"email": email, "password": password}
    response = browser.post(LOGIN, data, content_type="application/json")
    assert response.status_code == 200, response.content
    return browser


def test_createstaff_link_sets_a_password_and_signs_in() -> None:
    key = link_for()
    assert set_password(key) == 401  # the password is set, without signing in
    desk = sign_in("boss@paper.kr", NEW_PASSWORD)
    assert desk.get("/admin/").status_code == 200
    assert desk.get("/admin/accounts/user/").status_code == 200
    entry = Entry.objects.get(verb="hired")
    assert (entry.by_name, entry.details) == ("명령줄(운영자)", {"roles": ["chief"]})


def test_createstaff_link_works_once() -> None:
    key = link_for()
    set_password(key)
    assert set_password(key, "딴-사람이-고른-것-9") == 400
    sign_in("boss@paper.kr", NEW_PASSWORD)


def test_createstaff_link_expires(settings: Any) -> None:
    key = link_for()
    late = timezone.now() + timedelta(days=1, seconds=settings.PASSWORD_RESET_TIMEOUT)
    with time_machine.travel(late):
        assert set_password(key) == 400


def test_createstaff_again_prints_a_new_link_and_changes_nothing() -> None:
    link_for()
    before = User.objects.get()
    assert set_password(link_for("BOSS@paper.kr")) == 401
    assert User.objects.get().pk == before.pk
    assert Entry.objects.filter(verb="link_made").count() == 1


def test_createstaff_ends_the_sign_ins_of_an_existing_account() -> None:
    reader = make.person("boss")
    User.objects.filter(pk=reader.pk).update(email="boss@paper.kr")
    reader.refresh_from_db()
    browser = APIClient()
    browser.force_login(reader)
    program = APIClient(headers={"Authorization": f"Bearer {issue_token(reader, scopes=['desk'])}"})

    key = link_for()

    assert browser.get("/api/v1/desk/drafts/").status_code == 401
    assert program.get("/api/v1/desk/drafts/").status_code == 401
    data = {"email": "boss@paper.kr", "password": "boss-password-1"}
    assert Client().post(LOGIN, data, content_type="application/json").status_code in {400, 401}
    assert set_password(key) == 401
    assert sign_in("boss@paper.kr", NEW_PASSWORD).get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "data"),
    [
        (["no-address", "--role", "chief"], "메일 주소가 아닙니다"),
        (["boss@example.com", "--role", "chief"], "체험용 주소"),
        (["boss@paper.kr", "--role", "emperor"], "invalid choice"),
        (["boss@paper.kr"], "--role"),
    ],
)
def test_createstaff_refuses_invalid_arguments(arguments: list[str], data: str) -> None:
    with pytest.raises(CommandError, match=data):
        call_command("createstaff", *arguments)
    assert not User.objects.exists()
