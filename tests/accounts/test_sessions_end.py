"""Sessions and tokens end with a change of password, role or activation, and stay ended."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.actions import issue_token
from accounts.models import User
from audit.models import Entry
from tests.accounts.test_accounts_api import SOL, app, send, signed_up
from tests.support import make

pytestmark = pytest.mark.django_db
APP = "/_allauth/app/v1"


def signed_in_browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def token_client(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user, scopes=['desk'])}")
    return client


def save_user_page(chief: Client, user: User, **changes: Any) -> None:
    """Save the admin page of a user unchanged but for these fields."""
    roles = [str(role.pk) for role in user.groups.all()]
    data = {"name": user.name, "roles": roles, "is_active": "on"} | changes
    data = {key: value for key, value in data.items() if value is not None}
    response = chief.post(f"/admin/accounts/user/{user.pk}/change/", data)
    assert response.status_code == 302, response.content


def is_signed_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_removed_and_restored_role_revives_no_session_or_token(ben: User, chief: User) -> None:
    session, token, boss = signed_in_browser(ben), token_client(ben), signed_in_browser(chief)
    assert is_signed_in(session)
    assert token.get("/api/v1/desk/drafts/").status_code == 200
    save_user_page(boss, ben, roles=[])
    assert not is_signed_in(session)
    assert token.get("/api/v1/desk/drafts/").status_code == 401
    save_user_page(boss, ben, roles=[str(Group.objects.get(name="editor").pk)])
    assert not is_signed_in(session)
    assert token.get("/api/v1/desk/drafts/").status_code == 401
    assert token_client(User.objects.get(pk=ben.pk)).get("/api/v1/desk/drafts/").status_code == 200


def test_deactivated_and_reactivated_account_revives_no_session_or_token(
    ben: User, chief: User
) -> None:
    session, token, boss = signed_in_browser(ben), token_client(ben), signed_in_browser(chief)
    save_user_page(boss, ben, is_active=None)
    save_user_page(boss, ben)
    assert not is_signed_in(session)
    assert token.get("/api/v1/desk/drafts/").status_code == 401


def test_name_change_ends_no_session_or_token(ben: User, chief: User) -> None:
    session, token, boss = signed_in_browser(ben), token_client(ben), signed_in_browser(chief)
    save_user_page(boss, ben, name="벤 둘째")
    assert is_signed_in(session)
    assert token.get("/api/v1/desk/drafts/").status_code == 200


def test_password_set_by_a_chief_ends_sessions_and_tokens(ben: User, chief: User) -> None:
    session, token = signed_in_browser(ben), token_client(ben)
    signed_in_browser(chief).post(
        f"/admin/accounts/user/{ben.pk}/press/password/", {"password": "a-new-long-one-8"}
    )
    assert not is_signed_in(session)
    assert token.get("/api/v1/desk/drafts/").status_code == 401


def test_own_password_change_in_admin_keeps_only_this_session(
    ben: User,
) -> None:
    here, elsewhere, token = signed_in_browser(ben), signed_in_browser(ben), token_client(ben)
    response = here.post(
        "/admin/password_change/",
        {
            "old_password": "ben-password-1",
            "new_password1": "a-new-long-one-8",
            "new_password2": "a-new-long-one-8",
        },
    )
    assert response.status_code == 302, response.content
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert token.get("/api/v1/desk/drafts/").status_code == 401


def test_old_password_in_admin_password_change_is_rate_limited(ben: User) -> None:
    client = signed_in_browser(ben)
    new = {"new_password1": "a-new-long-one-8", "new_password2": "a-new-long-one-8"}
    for n in range(6):
        client.post("/admin/password_change/", new | {"old_password": f"guess-number-{n}"})
    right = client.post("/admin/password_change/", new | {"old_password": "ben-password-1"})
    assert right.status_code == 200
    ben.refresh_from_db()
    assert ben.check_password("ben-password-1")


def test_own_password_change_by_api_keeps_only_this_session() -> None:
    data = {"email": "sol@example.com", "password": "a-long-password-7"}
    client = APIClient()
    first = client.post(f"{APP}/auth/signup", data | make.SIGN_UP_STATEMENTS, "json").json()[
        "meta"
    ]["session_token"]
    second = client.post(f"{APP}/auth/login", data, "json").json()["meta"]["session_token"]
    response = client.post(
        f"{APP}/account/password/change",
        {"current_password": data["password"], "new_password": "another-long-one-9"},
        "json",
        headers={"x-session-token": first},
    )
    assert response.status_code == 200
    kept_session = response.json().get("meta", {}).get("session_token", first)
    me = [client.get("/api/v1/me/", headers={"x-session-token": t}) for t in (kept_session, second)]
    assert [one.status_code for one in me] == [200, 401]


def test_changepassword_command_ends_sessions_and_tokens(
    ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, token = signed_in_browser(ben), token_client(ben)
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: "a-new-long-one-8")
    call_command("changepassword", ben.email)
    assert not is_signed_in(session)
    assert token.get("/api/v1/desk/drafts/").status_code == 401


def test_password_rehash_ends_no_session_or_token(ben: User, settings: Any) -> None:
    token = token_client(ben)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    data = {"email": ben.email, "password": "ben-password-1"}
    response = APIClient().post(f"{APP}/auth/login", data, "json")
    assert response.status_code == 200
    ben.refresh_from_db()
    assert ben.password.startswith("pbkdf2_sha256$")
    session = response.json()["meta"]["session_token"]
    me = APIClient().get("/api/v1/me/", headers={"x-session-token": session})
    assert me.status_code == 200
    assert token.get("/api/v1/desk/drafts/").status_code == 200


def test_admin_token_list_shows_why_tokens_have_ended(ben: User, chief: User) -> None:
    issue_token(ben, scopes=["desk"], label="장비")
    boss = signed_in_browser(chief)
    assert "유효" in boss.get("/admin/accounts/token/").content.decode()
    save_user_page(boss, ben, roles=[])
    assert "비밀번호나 역할이 바뀌어 끝남" in boss.get("/admin/accounts/token/").content.decode()


def test_second_factor_is_not_required_for_tokens(ben: User) -> None:
    token = token_client(ben)
    Authenticator.objects.create(user=ben, type="totp", data={"secret": "A" * 32})
    assert token.get("/api/v1/desk/drafts/").status_code == 200


def test_createsuperuser_account_has_a_verified_address() -> None:
    call_command("createsuperuser", email="root@example.com", interactive=False, verbosity=0)
    root = User.objects.get(email="root@example.com")
    assert root.emailaddress_set.get().verified
    with pytest.raises(CommandError, match=r"이미 있습니다|already"):
        call_command("createsuperuser", email="ROOT@example.com", interactive=False, verbosity=0)
    assert make.person("sol").holds_email


def test_signing_out_everywhere_ends_all_sessions_but_the_one_that_asks(as_user: Any) -> None:
    token, other = signed_up(), str(send(f"{APP}/auth/login", SOL).json()["meta"]["session_token"])
    user = User.objects.get(email="sol@example.com")
    browser = as_user(user)
    assert app(token).delete("/api/v1/me/sessions/").status_code == 204
    assert app(token).get("/api/v1/me/").status_code == 200
    assert [c.get("/api/v1/me/").status_code for c in (app(other), browser)] == [401, 401]
    browser = as_user(User.objects.get(pk=user.pk))
    assert browser.delete("/api/v1/me/sessions/").status_code == 204
    assert browser.get("/api/v1/me/").status_code == 200
    assert app(token).get("/api/v1/me/").status_code == 401
    assert Entry.objects.filter(verb="sessions_ended", by=user.pk).count() == 2
