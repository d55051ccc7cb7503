"""Sign-up, sign-in, password reset and e-mail change do not disclose whether an address is known."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts import password_check
from accounts.email_addresses import MAX_ACCOUNTS_PER_EMAIL, accounts_with_email
from accounts.models import User
from tests.support import make

pytestmark = pytest.mark.django_db
APP, BROWSER = "/_allauth/app/v1", "/_allauth/browser/v1"
SETTINGS = ["none", "optional", "mandatory"]
TAKEN_EMAIL, FRESH_EMAIL = "sol@example.com", "luna@example.com"
OWNER_PASSWORD, OWN_PASSWORD = "their-own-password-7", "a-guess-of-mine-8"


def send(method: str, path: str, body: Any = None, *, session: str = "", base: str = APP) -> Any:
    headers = {"x-session-token": session} if session else {}
    return APIClient().generic(
        method, base + path, make.to_json(body), content_type="application/json", headers=headers
    )


def sign_up(email: str, password: str = OWN_PASSWORD, **more: Any) -> Any:
    return send(
        "POST",
        "/auth/signup",
        {"email": email, "password": password, **make.SIGN_UP_STATEMENTS},
        **more,
    )


def comparable(response: Any, email: str) -> Any:
    """A response without its variable parts: ids, times, session keys, the address."""
    text = response.content.decode().replace(email, "ADDRESS")
    text = re.sub(r'"(session_token|at|display|id)":\s*("[^"]*"|[\d.]+)', r'"\1":X', text)
    return response.status_code, text, sorted(response.cookies), sorted(response.headers)


def account_with_email(email: str = TAKEN_EMAIL, *, verified: bool = True) -> User:
    owner = make.person(email.split("@", maxsplit=1)[0])
    owner.set_password(OWNER_PASSWORD)
    owner.save()
    EmailAddress.objects.create(user=owner, email=email, verified=verified, primary=True)
    return owner


@pytest.mark.parametrize("verification", SETTINGS)
@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("base", [APP, BROWSER])
def test_sign_up_with_a_taken_email_has_the_same_response(
    settings: Any, verification: str, verified: bool, base: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    account_with_email(verified=verified)
    known, unknown = sign_up(TAKEN_EMAIL, base=base), sign_up(FRESH_EMAIL, base=base)
    assert comparable(known, TAKEN_EMAIL) == comparable(unknown, FRESH_EMAIL)
    assert known.status_code == (401 if verification == "mandatory" else 200)


@pytest.mark.parametrize("verification", SETTINGS)
def test_sign_up_with_a_taken_email_discloses_nothing_afterwards(
    settings: Any, verification: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    account_with_email()
    shapes = []
    for email in (TAKEN_EMAIL, FRESH_EMAIL):
        responses = [sign_up(email)]
        responses += [
            send("POST", "/auth/login", {"email": email, "password": word})
            for word in (OWN_PASSWORD, "a-wrong-password-5")
        ]
        if session := responses[1].json().get("meta", {}).get("session_token"):
            responses += [
                send("GET", "/auth/session", session=session),
                send("GET", "/account/email", session=session),
                send("POST", "/account/email", {"email": email}, session=session),
                send("PATCH", "/account/email", {"email": email, "primary": True}, session=session),
                send("POST", "/auth/reauthenticate", {"password": OWN_PASSWORD}, session=session),
                send("PATCH", "/account/email", {"email": email, "primary": True}, session=session),
                send("PUT", "/account/email", {"email": email}, session=session),
            ]
            me = APIClient().get("/api/v1/me/", headers={"x-session-token": session})
            assert verification == "mandatory" or me.json()["email"] == email
        responses.append(send("POST", "/auth/password/request", {"email": email}))
        shapes.append([comparable(response, email) for response in responses])
    assert shapes[0] == shapes[1]


def test_second_account_with_an_email_does_not_affect_the_owner() -> None:
    owner = account_with_email()
    second_id = sign_up(TAKEN_EMAIL).json()["data"]["user"]["id"]
    assert second_id != owner.pk
    response = send("POST", "/auth/login", {"email": TAKEN_EMAIL, "password": OWNER_PASSWORD})
    assert response.json()["data"]["user"]["id"] == owner.pk
    owner.refresh_from_db()
    assert owner.holds_email
    assert not User.objects.get(pk=second_id).holds_email


def test_owner_of_a_confirmed_email_gets_a_notice_without_confirmation_link() -> None:
    account_with_email()
    sign_up(TAKEN_EMAIL)
    (message,) = mail.outbox
    assert message.to == [TAKEN_EMAIL]
    assert "/account/verify/" not in message.body
    assert "/account/password/" in message.body


def test_confirmed_email_is_held_by_the_confirming_account() -> None:
    squatter = User.objects.get(
        pk=sign_up(TAKEN_EMAIL, "squatting-password-1").json()["data"]["user"]["id"]
    )
    cache.clear()  # mails to an address are limited to one in three minutes
    owner = User.objects.get(pk=sign_up(TAKEN_EMAIL, OWNER_PASSWORD).json()["data"]["user"]["id"])
    (key,) = re.findall(r"/account/verify/([^/\s]+)/", str(mail.outbox[-1].body))
    key = unquote(key)
    assert send("POST", "/auth/email/verify", {"key": key}).status_code == 401  # nobody signed in
    squatter.refresh_from_db()
    owner.refresh_from_db()
    assert owner.holds_email
    assert not squatter.holds_email


def test_email_owner_signs_in_among_many_accounts_with_the_email() -> None:
    squatters = [make.reader(f"squatter{n}") for n in range(MAX_ACCOUNTS_PER_EMAIL + 5)]
    pks = [user.pk for user in squatters]
    User.objects.filter(pk__in=pks).update(email=TAKEN_EMAIL, holds_email=False)
    owner = account_with_email()
    people = accounts_with_email(TAKEN_EMAIL)
    assert people[0] == owner
    assert len(people) == MAX_ACCOUNTS_PER_EMAIL
    assert (
        send("POST", "/auth/login", {"email": TAKEN_EMAIL, "password": OWNER_PASSWORD}).status_code
        == 200
    )


def reauthenticated(email: str = FRESH_EMAIL) -> str:
    session = str(sign_up(email).json()["meta"]["session_token"])
    send("POST", "/auth/reauthenticate", {"password": OWN_PASSWORD}, session=session)
    return session


def test_email_of_another_account_cannot_become_primary() -> None:
    account_with_email()
    session = reauthenticated()
    shapes = []
    for email in (TAKEN_EMAIL, "nobody@example.com"):
        responses = [
            send("POST", "/account/email", {"email": email}, session=session),
            send("PATCH", "/account/email", {"email": email, "primary": True}, session=session),
            send("DELETE", "/account/email", {"email": email}, session=session),
        ]
        assert [response.status_code for response in responses] == [200, 400, 200]
        assert responses[1].json()["errors"][0]["code"] == "unverified_primary_email"
        shapes.append([comparable(response, email) for response in responses])
    assert shapes[0] == shapes[1]
    assert User.objects.filter(email=TAKEN_EMAIL).count() == 1


def test_email_held_by_an_old_row_is_refused_as_primary() -> None:
    make.person("sol")  # an account from before addresses had rows
    session = reauthenticated()
    send("POST", "/account/email", {"email": TAKEN_EMAIL}, session=session)
    response = send(
        "PATCH", "/account/email", {"email": TAKEN_EMAIL, "primary": True}, session=session
    )
    assert response.status_code == 400


def test_confirmed_email_becomes_primary_although_another_account_has_it() -> None:
    squatter = sign_up(TAKEN_EMAIL, "squatting-password-1").json()["data"]["user"]["id"]
    session = reauthenticated()
    send("POST", "/account/email", {"email": TAKEN_EMAIL}, session=session)
    EmailAddress.objects.filter(email=TAKEN_EMAIL, user__email=FRESH_EMAIL).update(verified=True)
    response = send(
        "PATCH", "/account/email", {"email": TAKEN_EMAIL, "primary": True}, session=session
    )
    assert response.status_code == 200, response.content
    assert User.objects.holding_email(TAKEN_EMAIL).get().pk != squatter


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_email_change_needs_reauthentication(method: str) -> None:
    session = str(sign_up(FRESH_EMAIL).json()["meta"]["session_token"])
    EmailAddress.objects.create(user=User.objects.get(), email="other@example.com", verified=True)
    email = "new@example.com" if method == "POST" else "other@example.com"
    response = send(method, "/account/email", {"email": email, "primary": True}, session=session)
    assert response.status_code == 401
    assert response.json()["data"]["flows"] == [{"id": "reauthenticate"}]
    assert User.objects.get().email == FRESH_EMAIL


def counting(hasher: Any, hashes: list[str]) -> Any:
    """The function, with its calls recorded in `hashes`."""

    def count_and_hash(*args: Any, **kwargs: Any) -> Any:
        hashes.append(hasher.__name__)
        return hasher(*args, **kwargs)

    return count_and_hash


def test_sign_in_computes_one_password_hash_for_any_number_of_accounts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account_with_email()
    second_id = sign_up(TAKEN_EMAIL).json()["data"]["user"]["id"]
    session = str(
        send("POST", "/auth/login", {"email": TAKEN_EMAIL, "password": OWN_PASSWORD}).json()[
            "meta"
        ]["session_token"]
    )
    send(
        "POST",
        "/account/password/change",
        {"current_password": OWN_PASSWORD, "new_password": "changed-by-me-9"},
        session=session,
    )
    assert User.objects.get(pk=second_id).check_password("changed-by-me-9")
    counts = []
    hashes: list[str] = []
    for name in ("hash_like", "make_password"):
        monkeypatch.setattr(password_check, name, counting(getattr(password_check, name), hashes))
    for email in (TAKEN_EMAIL, FRESH_EMAIL):
        hashes.clear()
        send("POST", "/auth/login", {"email": email, "password": "a-wrong-password-5"})
        counts.append(len(hashes))
    assert counts == [1, 1]


def test_staff_account_is_created_although_a_reader_has_the_email(
    chief: User, as_user: Any
) -> None:
    squatter = sign_up("new@example.com").json()["data"]["user"]["id"]
    roles = [str(make.staff("zoe", role="reporter").groups.get().pk)]
    data = {
        "email": "NEW@example.com",
        "name": "새 기자",
        "roles": roles,
        "password": OWNER_PASSWORD,
    }
    response = as_user(chief).post("/admin/accounts/user/add/", data)
    assert response.status_code == 302, response.content
    holder = User.objects.holding_email("new@example.com").get()
    assert holder.is_staff
    assert holder.pk != squatter
    again = as_user(chief).post("/admin/accounts/user/add/", data | {"email": "New@Example.com"})
    assert again.status_code == 200
    assert "이미 있습니다" in again.content.decode()
    assert (
        send(
            "POST", "/auth/login", {"email": "new@example.com", "password": OWNER_PASSWORD}
        ).json()["data"]["user"]["id"]
        == holder.pk
    )
