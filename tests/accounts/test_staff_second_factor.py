"""Staff sign-in with allauth, and second factors set up in the admin."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.actions import issue_token
from accounts.models import User
from audit.models import Entry

pytestmark = pytest.mark.django_db
LOGIN, CODE = "/admin/login/", "/admin/2fa/authenticate/"


def code_now(secret: str, *, periods: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def with_totp(user: User) -> str:
    """Set up an authenticator app and recovery codes for a user; returns the secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def credentials(user: User) -> dict[str, str]:
    name = user.email.split("@")[0]
    return {"username": user.email, "password": f"{name}-password-1"}


def signed_in(user: User) -> Client:
    client = Client()
    client.post(LOGIN, credentials(user))
    return client


def html_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


# -- Sign-in ---------------------------------------------------------------------------------


def test_staff_sign_in_redirects_to_the_requested_page(ben: User) -> None:
    response = Client().post(LOGIN, credentials(ben) | {"next": "/admin/desk/draft/"})
    assert (response.status_code, response["Location"]) == (302, "/admin/desk/draft/")


def test_staff_sign_in_does_not_redirect_to_another_site(ben: User) -> None:
    response = Client().post(LOGIN, credentials(ben) | {"next": "https://elsewhere.example/"})
    assert response["Location"] == "/admin/"


def test_reader_at_staff_sign_in_gets_the_wrong_password_message(chi: User) -> None:
    right = Client().post(LOGIN, credentials(chi))
    wrong = Client().post(LOGIN, credentials(chi) | {"password": "wrong-password-1"})
    assert right.status_code == wrong.status_code == 200
    notes = [re.findall(r"errornote[^<]*<?", a.content.decode()) for a in (right, wrong)]
    assert notes[0] == notes[1] != []


def test_signed_in_reader_can_sign_in_as_staff(chi: User, ben: User) -> None:
    client = Client()
    client.force_login(chi)
    assert "독자로 로그인되어" in html_of(client, LOGIN)
    assert client.post(LOGIN, credentials(ben)).status_code == 302
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("language", ["ko", "en"])
def test_staff_sign_in_page_is_in_both_languages(language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    assert {"ko": "로그인", "en": "Sign in"}[language] in html_of(client, LOGIN)


# -- With a second factor ----------------------------------------------------------------------------


def test_second_factor_is_required_after_the_password(ben: User) -> None:
    secret = with_totp(ben)
    client = Client()
    response = client.post(LOGIN, credentials(ben) | {"next": "/admin/desk/draft/"})
    assert response["Location"] == CODE
    assert client.get("/admin/").status_code == 302
    assert client.get("/api/v1/desk/drafts/").status_code == 401
    assert client.post(CODE, {"code": "000000"}).status_code == 200
    response = client.post(CODE, {"code": code_now(secret)})
    assert (response.status_code, response["Location"]) == (302, "/admin/desk/draft/")
    assert client.get("/admin/").status_code == 200


def test_second_factor_and_recovery_codes_work_once(ben: User) -> None:
    secret = with_totp(ben)
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for code in (code_now(secret), recovery):
        first, second = signed_in(ben), signed_in(ben)
        assert first.post(CODE, {"code": code}).status_code == 302
        assert second.post(CODE, {"code": code}).status_code == 200


def test_second_factor_codes_are_rate_limited(ben: User) -> None:
    secret = with_totp(ben)
    client = signed_in(ben)
    for n in range(6):
        response = client.post(CODE, {"code": f"{n:06}"})
    assert client.post(CODE, {"code": code_now(secret)}).status_code == 200
    assert "너무 많" in response.content.decode() or "Too many" in response.content.decode()
    # Guesses of others are not counted for the owner at another IP address.
    owner = Client(REMOTE_ADDR="198.51.100.7")
    owner.post(LOGIN, credentials(ben))
    assert owner.post(CODE, {"code": code_now(secret)}).status_code == 302


def test_second_factor_codes_of_the_headless_api_are_rate_limited(ben: User) -> None:
    secret = with_totp(ben)
    base = "/_allauth/app/v1/auth"
    data = {"email": ben.email, "password": "ben-password-1"}
    client = APIClient()
    response = client.post(f"{base}/login", data, "json")
    assert response.status_code == 401
    token = {"x-session-token": response.json()["meta"]["session_token"]}
    responses = [
        client.post(f"{base}/2fa/authenticate", {"code": f"{n:06}"}, "json", headers=token).json()
        for n in range(6)
    ]
    assert responses[-1]["errors"][0]["code"] == "too_many_login_attempts"
    elsewhere: Any = {"REMOTE_ADDR": "198.51.100.7"}
    right = {"code": code_now(secret)}
    signed_in_client = client.post(
        f"{base}/2fa/authenticate", right, "json", headers=token, **elsewhere
    )
    assert signed_in_client.status_code == 200


def test_sign_in_can_be_cancelled_between_its_steps(ben: User, ada: User) -> None:
    with_totp(ben)
    client = signed_in(ben)
    assert client.get(LOGIN).status_code == 302  # to the pending second factor
    assert client.post("/admin/login/cancel/").status_code == 302
    assert client.post(LOGIN, credentials(ada))["Location"] == "/admin/"


# -- Set-up -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_authenticator_app_is_set_up_in_the_admin(ben: User) -> None:
    client = signed_in(ben)
    assert "/admin/2fa/" in html_of(client, "/admin/")
    response = client.get("/admin/2fa/totp/activate/")
    assert response["Location"].startswith("/admin/login/again/")
    assert client.post(response["Location"], {"password": "wrong-password-1"}).status_code == 200
    response = client.post(response["Location"], {"password": "ben-password-1"})
    assert response["Location"] == "/admin/2fa/totp/activate/"
    form = html_of(client, "/admin/2fa/totp/activate/")
    assert "data:image/svg+xml;base64," in form
    secret = re.findall(r'value="([A-Z2-7]{32})"', form)[0]
    assert client.post("/admin/2fa/totp/activate/", {"code": "12"}).status_code == 200
    response = client.post("/admin/2fa/totp/activate/", {"code": code_now(secret)})
    assert response["Location"] == "/admin/2fa/recovery-codes/"
    codes = re.findall(r"<code>(\d{8})</code>", html_of(client, "/admin/2fa/recovery-codes/"))
    assert len(codes) == 10
    download = client.get("/admin/2fa/recovery-codes/download/")
    assert codes[0] in download.content.decode()
    assert "no-store" in download["Cache-Control"]
    assert Entry.objects.filter(verb="second_factor_added", by=ben.pk).exists()
    assert any(letter.to == [ben.email] for letter in mail.outbox)
    assert signed_in(ben).get(CODE).status_code == 200


def test_authenticator_app_is_removed_with_a_code(ben: User) -> None:
    secret = with_totp(ben)
    client = signed_in(ben)
    client.post(CODE, {"code": code_now(secret)})
    response = client.get("/admin/2fa/totp/deactivate/")
    assert response.status_code == 302
    client.post(response["Location"], {"password": "ben-password-1"})
    assert client.post("/admin/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(verb="second_factor_removed", by=ben.pk).exists()


@pytest.mark.parametrize(
    "path", ["", "totp/activate/", "recovery-codes/", "recovery-codes/download/", "passkeys/add/"]
)
def test_second_factor_pages_are_for_signed_in_staff(path: str, chi: User) -> None:
    address = f"/admin/2fa/{path}"
    assert "/admin/login/" in Client().get(address, follow=True).request["PATH_INFO"]
    reader = Client()
    reader.force_login(chi)
    assert reader.get(address).status_code in {403, 404}


# -- Required ----------------------------------------------------------------------------------------


def test_required_second_factor_blocks_the_desk_until_set_up(ben: User, settings: Any) -> None:
    settings.STAFF_MFA = "required"
    client = signed_in(ben)
    for path in ("/admin/", "/admin/desk/draft/", "/admin/desk/draft/add/"):
        assert client.get(path)["Location"] == "/admin/2fa/"
    refused = client.get("/api/v1/desk/drafts/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")
    assert "반드시" in html_of(client, "/admin/2fa/")
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(ben, scopes=['desk'])}")
    assert program.get("/api/v1/desk/drafts/").status_code == 200
    with_totp(ben)
    assert client.get("/admin/desk/draft/").status_code == 200
    assert client.post("/admin/logout/").status_code == 200


def test_optional_second_factor_is_a_deployment_warning(settings: Any) -> None:
    settings.HTTPS = True
    check_ids = {message.id for message in run_checks(include_deployment_checks=True)}
    assert "accounts.W001" in check_ids
    settings.STAFF_MFA = "required"
    check_ids = {message.id for message in run_checks(include_deployment_checks=True)}
    assert "accounts.W001" not in check_ids


# -- Reset -----------------------------------------------------------------------------------------------


def press_reset(client: Client, user: User) -> Any:
    return client.post(f"/admin/accounts/user/{user.pk}/press/reset-second-factor/", {"next": ""})


def test_chief_resets_a_second_factor_with_an_audit_entry(ben: User, chief: User) -> None:
    secret = with_totp(ben)
    signed_in_client = signed_in(ben)
    signed_in_client.post(CODE, {"code": code_now(secret)})
    chief_client = signed_in(chief)
    assert "2단계 인증 초기화" in html_of(chief_client, f"/admin/accounts/user/{ben.pk}/change/")
    assert "통화" in html_of(
        chief_client, f"/admin/accounts/user/{ben.pk}/press/reset-second-factor/"
    )
    assert press_reset(chief_client, ben).status_code == 302
    assert not Authenticator.objects.exists()
    assert signed_in_client.get("/admin/").status_code == 302
    entry = Entry.objects.get(verb="second_factor_reset")
    assert (entry.by, entry.subject) == (chief.pk, str(ben.pk))
    assert signed_in(ben).get("/admin/").status_code == 200


def test_second_factor_reset_is_refused_for_oneself_superusers_and_without_permission(
    ben: User, chief: User, mo: User
) -> None:
    secret = with_totp(chief)
    chief_client = signed_in(chief)
    chief_client.post(CODE, {"code": code_now(secret)})
    press_reset(chief_client, chief)
    root = User.objects.create_superuser("root@example.com", "root-password-1")
    with_totp(root)
    press_reset(chief_client, root)
    with_totp(ben)
    assert press_reset(signed_in(mo), ben).status_code == 403
    assert Authenticator.objects.filter(type="totp").count() == 3


def test_reset_second_factor_command(ben: User) -> None:
    with_totp(ben)
    call_command("reset_second_factor", ben.email)
    assert not Authenticator.objects.exists()
    assert Entry.objects.get(verb="second_factor_reset").by is None
    with pytest.raises(CommandError, match=r"no second factor|없습니다"):
        call_command("reset_second_factor", ben.email)
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_second_factor", "nobody@example.com")
