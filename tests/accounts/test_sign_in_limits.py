"""Rate limits of sign-in by IP address, network and account, which do not lock out the owner."""

import threading
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.test import Client

from accounts.authentication.sign_in_alerts import send_due_alert_emails
from accounts.models import KnownClient, SignInAlert, User, UserSession
from accounts.tasks import mail_sign_in_alerts
from audit.models import Entry
from tests.support import make

pytestmark = pytest.mark.django_db
LOGIN = "/_allauth/app/v1/auth/login"
ADMIN = "/admin/login/"
HOME, CAFE = "198.51.100.7", "203.0.113.9"


def sign_in(
    email: str, password: str, *, at: str, client: Client | None = None, **more: Any
) -> Any:
    data = {"email": email, "password": password}
    client = client or Client()
    return client.post(LOGIN, data, "application/json", REMOTE_ADDR=at, **more)


def outcome_of(response: Any) -> str:
    return "in" if response.status_code == 200 else str(response.json()["errors"][0]["code"])


def guess(email: str, *, times: int, at: str, **more: Any) -> list[str]:
    return [outcome_of(sign_in(email, f"guess-number-{n}", at=at, **more)) for n in range(times)]


def guess_from_everywhere(email: str) -> None:
    """Guess from many IP addresses of different networks until the account is limited."""
    codes = [guess(email, times=1, at=f"10.{n}.0.1")[0] for n in range(25)]
    assert codes[-1] == "too_many_login_attempts"


def test_guessing_does_not_lock_out_the_owner_at_a_known_ip_address(ben: User) -> None:
    assert outcome_of(sign_in(ben.email, "ben-password-1", at=HOME)) == "in"
    assert guess(ben.email, times=7, at=CAFE)[-1] == "too_many_login_attempts"
    assert outcome_of(sign_in(ben.email, "ben-password-1", at=HOME)) == "in"
    guess_from_everywhere(ben.email)
    assert outcome_of(sign_in(ben.email, "ben-password-1", at=HOME)) == "in"


def test_guessing_does_not_lock_the_chief_out_of_the_admin(chief: User) -> None:
    browser = Client()
    data = {"username": chief.email, "password": "chief-password-1"}
    assert browser.post(ADMIN, data, REMOTE_ADDR=HOME).status_code == 302
    browser.post("/admin/logout/")
    guess_from_everywhere(chief.email)
    # The browser is known, also at the IP address that was guessing.
    assert guess(chief.email, times=6, at=CAFE)[-1] == "too_many_login_attempts"
    assert browser.post(ADMIN, data, REMOTE_ADDR=CAFE).status_code == 302
    assert browser.get("/admin/").status_code == 200


def test_guessing_at_the_owners_ip_address_does_not_lock_out_the_known_browser(ben: User) -> None:
    browser = Client()
    data = {"username": ben.email, "password": "ben-password-1"}
    browser.post(ADMIN, data, REMOTE_ADDR=HOME)
    browser.post("/admin/logout/")
    guess(ben.email, times=12, at=HOME)
    assert browser.post(ADMIN, data, REMOTE_ADDR=HOME).status_code == 302


def test_unknown_ip_address_can_sign_in_below_the_limit(ben: User) -> None:
    sign_in(ben.email, "ben-password-1", at=HOME)
    guess(ben.email, times=7, at=CAFE)
    assert outcome_of(sign_in(ben.email, "ben-password-1", at="192.0.2.44")) == "in"


def test_guessing_from_many_ip_addresses_is_limited_by_account(ben: User) -> None:
    guess_from_everywhere(ben.email)
    assert (
        outcome_of(sign_in(ben.email, "ben-password-1", at="192.0.2.44"))
        == "too_many_login_attempts"
    )


def test_ip_address_is_limited_for_all_names() -> None:
    codes = [guess(f"somebody-{n}@example.com", times=1, at=CAFE)[0] for n in range(12)]
    assert codes[-1] == "too_many_login_attempts"


def test_ipv6_network_is_limited_as_one_client(ben: User) -> None:
    codes = [guess(ben.email, times=1, at=f"2001:db8:5:6::{n}")[0] for n in range(1, 8)]
    assert codes[-1] == "too_many_login_attempts"


def test_unknown_email_is_limited_alike(ben: User) -> None:
    assert guess("nobody@example.com", times=7, at=CAFE) == guess(
        ben.email, times=7, at="192.0.2.1"
    )


def test_forwarded_header_of_an_untrusted_client_is_ignored(ben: User) -> None:
    """community B64."""
    codes = [
        guess(ben.email, times=1, at=CAFE, headers={"x-forwarded-for": f"10.9.8.{n}"})[0]
        for n in range(7)
    ]
    assert codes[-1] == "too_many_login_attempts"


def test_forwarded_header_of_a_trusted_proxy_is_used(ben: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    codes = [
        guess(
            ben.email, times=1, at="10.0.0.1", headers={"x-forwarded-for": f"10.9.8.{n}, {CAFE}"}
        )[0]
        for n in range(7)
    ]
    assert codes[-1] == "too_many_login_attempts"


def test_successful_sign_ins_are_not_counted(ben: User) -> None:
    assert [outcome_of(sign_in(ben.email, "ben-password-1", at=HOME)) for _ in range(14)] == [
        "in"
    ] * 14


def test_ten_failures_write_an_audit_entry_and_one_alert_email_a_day(ben: User) -> None:
    guess(ben.email, times=9, at=CAFE)
    assert not Entry.objects.filter(verb="sign_in_failed").exists()
    guess(ben.email, times=20, at=CAFE)
    entry = Entry.objects.get(verb="sign_in_failed")
    assert (entry.kind, entry.subject) == ("accounts.user", str(ben.pk))
    mail_sign_in_alerts()
    mail_sign_in_alerts()
    (letter,) = mail.outbox
    assert letter.to == [ben.email]
    assert "10번" in letter.body


def test_ten_failures_of_an_unknown_email_are_recorded_without_it() -> None:
    guess("nobody@example.com", times=11, at=CAFE)
    alert = SignInAlert.objects.get()
    assert alert.user is None
    assert Entry.objects.filter(verb="sign_in_failed").exists()
    assert "nobody" not in str(Entry.objects.values()) + str(SignInAlert.objects.values())
    assert send_due_alert_emails() == (0, 0)


def test_failed_alert_email_is_retried(ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    guess(ben.email, times=10, at=CAFE)
    with monkeypatch.context() as away:

        def refuse(*_: Any, **__: Any) -> None:
            raise ConnectionRefusedError

        away.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send_due_alert_emails() == (0, 1)
    assert send_due_alert_emails() == (1, 0)


def test_new_password_deletes_other_known_clients(ben: User) -> None:
    sign_in(ben.email, "ben-password-1", at=CAFE)
    session = sign_in(ben.email, "ben-password-1", at=HOME).json()["meta"]["session_token"]
    Client().post(
        "/_allauth/app/v1/account/password/change",
        {"current_password": "ben-password-1", "new_password": "another-long-one-9"},
        "application/json",
        headers={"x-session-token": session},
        REMOTE_ADDR=HOME,
    )
    guess_from_everywhere(ben.email)
    assert (
        outcome_of(sign_in(ben.email, "another-long-one-9", at=CAFE)) == "too_many_login_attempts"
    )
    assert outcome_of(sign_in(ben.email, "another-long-one-9", at=HOME)) == "in"


def test_password_reset_by_email_lets_in_a_locked_out_owner(ben: User) -> None:
    guess_from_everywhere(ben.email)
    client = Client(REMOTE_ADDR=CAFE)
    ask = "/_allauth/app/v1/auth/password"
    client.post(f"{ask}/request", {"email": ben.email}, "application/json")
    key = mail.outbox[0].body.split("/account/password/")[1].split("/")[0]
    data = {"key": key, "password": "another-long-one-9"}
    client.post(f"{ask}/reset", data, "application/json")
    assert outcome_of(sign_in(ben.email, "another-long-one-9", at=CAFE)) == "in"


def test_known_clients_are_stored_as_digests(ben: User) -> None:
    browser = Client()
    browser.post(ADMIN, {"username": ben.email, "password": "ben-password-1"}, REMOTE_ADDR=HOME)
    rows = str(list(KnownClient.objects.values()))
    assert KnownClient.objects.count() == 2
    cookie = browser.cookies["known_browser"]
    assert cookie["httponly"]
    assert HOME not in rows
    assert cookie.value not in rows


@pytest.mark.parametrize(
    "path", ["/_allauth/app/v1/auth/webauthn/login", "/admin/2fa/passkeys/login/"]
)
def test_passkey_challenges_are_rate_limited(path: str) -> None:
    headers = {"accept": "application/json"}
    codes = [Client().get(path, REMOTE_ADDR=CAFE, headers=headers).status_code for _ in range(25)]
    assert codes == [200] * 20 + [429] * 5
    assert UserSession.objects.count() == 20


def test_planted_known_browser_cookie_is_replaced(ben: User) -> None:
    client = Client()
    client.cookies["known_browser"] = "a-planted-number"
    client.post(ADMIN, {"username": ben.email, "password": "ben-password-1"}, REMOTE_ADDR=HOME)
    given = client.cookies["known_browser"].value
    assert given != "a-planted-number"
    client.post("/admin/logout/")
    client.post(ADMIN, {"username": ben.email, "password": "ben-password-1"}, REMOTE_ADDR=CAFE)
    assert client.cookies["known_browser"].value == given


def test_own_account_with_the_same_email_gives_no_more_guesses(ben: User) -> None:
    attacker = Client()
    data: dict[str, Any] = {
        "email": ben.email,
        "password": "a-password-of-mine-8",
        **make.SIGN_UP_STATEMENTS,
    }
    signed_up = attacker.post(
        "/_allauth/browser/v1/auth/signup", data, "application/json", REMOTE_ADDR=CAFE
    )
    assert signed_up.status_code == 200
    assert attacker.cookies["known_browser"].value
    assert guess(ben.email, times=6, at=CAFE, client=attacker) == ["email_password_mismatch"] * 6
    refused = sign_in(ben.email, "ben-password-1", at=CAFE, client=attacker)
    assert outcome_of(refused) == "email_password_mismatch"
    # The owner can still sign in at home, and the attacker into the other account.
    assert outcome_of(sign_in(ben.email, "ben-password-1", at=HOME)) == "in"
    assert outcome_of(sign_in(ben.email, data["password"], at=CAFE, client=attacker)) == "in"


@pytest.mark.django_db(transaction=True)
def test_concurrent_sign_in_attempts_are_all_counted() -> None:
    make.reader("chi")
    codes: list[str] = []
    start = threading.Barrier(8)

    def attempt(n: int) -> None:
        start.wait(30)
        try:
            codes.append(guess("chi@example.com", times=1, at=CAFE)[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(codes) == ["email_password_mismatch"] * 5 + ["too_many_login_attempts"] * 3
