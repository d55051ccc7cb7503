"""No answer of sign-up, sign-in, reset or change of address tells whether an address is known."""

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
TAKEN, FRESH = "sol@example.com", "luna@example.com"
THEIRS, MINE = "their-own-password-7", "a-guess-of-mine-8"


def send(method: str, path: str, body: Any = None, *, session: str = "", base: str = APP) -> Any:
    headers = {"x-session-token": session} if session else {}
    return APIClient().generic(
        method, base + path, make.to_json(body), content_type="application/json", headers=headers
    )


def sign_up(email: str, password: str = MINE, **more: Any) -> Any:
    return send("POST", "/auth/signup", {"email": email, "password": password}, **more)


def shape(answer: Any, email: str) -> Any:
    """An answer without what is different for everybody: numbers, times, session keys, the address."""
    text = answer.content.decode().replace(email, "ADDRESS")
    text = re.sub(r'"(session_token|at|display|id)":\s*("[^"]*"|[\d.]+)', r'"\1":X', text)
    return answer.status_code, text, sorted(answer.cookies), sorted(answer.headers)


def confirmed(email: str = TAKEN, *, verified: bool = True) -> User:
    owner = make.person(email.split("@", maxsplit=1)[0])
    owner.set_password(THEIRS)
    owner.save()
    EmailAddress.objects.create(user=owner, email=email, verified=verified, primary=True)
    return owner


@pytest.mark.parametrize("verification", SETTINGS)
@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("base", [APP, BROWSER])
def test_sign_up_with_a_taken_address_is_answered_like_any_other(
    settings: Any, verification: str, verified: bool, base: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    confirmed(verified=verified)
    known, unknown = sign_up(TAKEN, base=base), sign_up(FRESH, base=base)
    assert shape(known, TAKEN) == shape(unknown, FRESH)
    assert known.status_code == (401 if verification == "mandatory" else 200)


@pytest.mark.parametrize("verification", SETTINGS)
def test_nothing_that_follows_a_sign_up_tells_of_the_owner(
    settings: Any, verification: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    confirmed()
    seen = []
    for email in (TAKEN, FRESH):
        told = [sign_up(email)]
        told += [
            send("POST", "/auth/login", {"email": email, "password": word})
            for word in (MINE, "a-wrong-password-5")
        ]
        if session := told[1].json().get("meta", {}).get("session_token"):
            told += [
                send("GET", "/auth/session", session=session),
                send("GET", "/account/email", session=session),
                send("POST", "/account/email", {"email": email}, session=session),
                send("PATCH", "/account/email", {"email": email, "primary": True}, session=session),
                send("POST", "/auth/reauthenticate", {"password": MINE}, session=session),
                send("PATCH", "/account/email", {"email": email, "primary": True}, session=session),
                send("PUT", "/account/email", {"email": email}, session=session),
            ]
            me = APIClient().get("/api/v1/me/", headers={"x-session-token": session})
            assert verification == "mandatory" or me.json()["email"] == email
        told.append(send("POST", "/auth/password/request", {"email": email}))
        seen.append([shape(answer, email) for answer in told])
    assert seen[0] == seen[1]


def test_the_new_account_is_not_the_owner_s_and_the_owner_is_not_disturbed() -> None:
    owner = confirmed()
    stranger = sign_up(TAKEN).json()["data"]["user"]["id"]
    assert stranger != owner.pk
    answer = send("POST", "/auth/login", {"email": TAKEN, "password": THEIRS})
    assert answer.json()["data"]["user"]["id"] == owner.pk
    owner.refresh_from_db()
    assert owner.holds_email
    assert not User.objects.get(pk=stranger).holds_email


def test_the_owner_of_a_confirmed_address_hears_of_it_and_gets_no_link_to_confirm() -> None:
    confirmed()
    sign_up(TAKEN)
    (letter,) = mail.outbox
    assert letter.to == [TAKEN]
    assert "/account/verify/" not in letter.body
    assert "/account/password/" in letter.body


def test_whoever_confirms_an_address_holds_it() -> None:
    squatter = User.objects.get(
        pk=sign_up(TAKEN, "squatting-password-1").json()["data"]["user"]["id"]
    )
    cache.clear()  # a letter to an address goes out every three minutes at most
    owner = User.objects.get(pk=sign_up(TAKEN, THEIRS).json()["data"]["user"]["id"])
    (key,) = re.findall(r"/account/verify/([^/\s]+)/", str(mail.outbox[-1].body))
    key = unquote(key)
    assert send("POST", "/auth/email/verify", {"key": key}).status_code == 401  # nobody signed in
    squatter.refresh_from_db()
    owner.refresh_from_db()
    assert owner.holds_email
    assert not squatter.holds_email


def test_however_many_name_an_address_its_owner_comes_first() -> None:
    squatters = [make.reader(f"squatter{n}") for n in range(MAX_ACCOUNTS_PER_EMAIL + 5)]
    pks = [user.pk for user in squatters]
    User.objects.filter(pk__in=pks).update(email=TAKEN, holds_email=False)
    owner = confirmed()
    people = accounts_with_email(TAKEN)
    assert people[0] == owner
    assert len(people) == MAX_ACCOUNTS_PER_EMAIL
    assert send("POST", "/auth/login", {"email": TAKEN, "password": THEIRS}).status_code == 200


def reauthenticated(email: str = FRESH) -> str:
    session = str(sign_up(email).json()["meta"]["session_token"])
    send("POST", "/auth/reauthenticate", {"password": MINE}, session=session)
    return session


def test_another_account_s_address_becomes_nobody_s_primary_one() -> None:
    confirmed()
    session = reauthenticated()
    seen = []
    for email in (TAKEN, "nobody@example.com"):
        told = [
            send("POST", "/account/email", {"email": email}, session=session),
            send("PATCH", "/account/email", {"email": email, "primary": True}, session=session),
            send("DELETE", "/account/email", {"email": email}, session=session),
        ]
        assert [answer.status_code for answer in told] == [200, 400, 200]
        assert told[1].json()["errors"][0]["code"] == "unverified_primary_email"
        seen.append([shape(answer, email) for answer in told])
    assert seen[0] == seen[1]
    assert User.objects.filter(email=TAKEN).count() == 1


def test_an_address_held_by_a_row_of_old_is_refused_in_words_too() -> None:
    make.person("sol")  # an account from before addresses had rows
    session = reauthenticated()
    send("POST", "/account/email", {"email": TAKEN}, session=session)
    answer = send("PATCH", "/account/email", {"email": TAKEN, "primary": True}, session=session)
    assert answer.status_code == 400


def test_a_confirmed_address_becomes_the_primary_one_though_somebody_had_named_it() -> None:
    squatter = sign_up(TAKEN, "squatting-password-1").json()["data"]["user"]["id"]
    session = reauthenticated()
    send("POST", "/account/email", {"email": TAKEN}, session=session)
    EmailAddress.objects.filter(email=TAKEN, user__email=FRESH).update(verified=True)
    answer = send("PATCH", "/account/email", {"email": TAKEN, "primary": True}, session=session)
    assert answer.status_code == 200, answer.content
    assert User.objects.holding_email(TAKEN).get().pk != squatter


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_session_alone_changes_no_address(method: str) -> None:
    session = str(sign_up(FRESH).json()["meta"]["session_token"])
    EmailAddress.objects.create(user=User.objects.get(), email="other@example.com", verified=True)
    email = "new@example.com" if method == "POST" else "other@example.com"
    answer = send(method, "/account/email", {"email": email, "primary": True}, session=session)
    assert answer.status_code == 401
    assert answer.json()["data"]["flows"] == [{"id": "reauthenticate"}]
    assert User.objects.get().email == FRESH


def counted(hasher: Any, hashes: list[str]) -> Any:
    """The function, which leaves a line in the list at each call."""

    def count_and_hash(*args: Any, **kwargs: Any) -> Any:
        hashes.append(hasher.__name__)
        return hasher(*args, **kwargs)

    return count_and_hash


def test_a_sign_in_computes_one_hash_whoever_names_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    confirmed()
    stranger = sign_up(TAKEN).json()["data"]["user"]["id"]
    session = str(
        send("POST", "/auth/login", {"email": TAKEN, "password": MINE}).json()["meta"][
            "session_token"
        ]
    )
    send(
        "POST",
        "/account/password/change",
        {"current_password": MINE, "new_password": "changed-by-me-9"},
        session=session,
    )
    assert User.objects.get(pk=stranger).check_password("changed-by-me-9")
    counts = []
    hashes: list[str] = []
    for name in ("hashed_like", "make_password"):
        monkeypatch.setattr(password_check, name, counted(getattr(password_check, name), hashes))
    for email in (TAKEN, FRESH):
        hashes.clear()
        send("POST", "/auth/login", {"email": email, "password": "a-wrong-password-5"})
        counts.append(len(hashes))
    assert counts == [1, 1]


def test_a_colleague_is_taken_on_though_a_reader_had_named_the_address(
    chief: User, as_user: Any
) -> None:
    squatter = sign_up("new@example.com").json()["data"]["user"]["id"]
    roles = [str(make.staff("zoe", role="reporter").groups.get().pk)]
    words = {"email": "NEW@example.com", "name": "새 기자", "roles": roles, "password": THEIRS}
    answer = as_user(chief).post("/admin/accounts/user/add/", words)
    assert answer.status_code == 302, answer.content
    holder = User.objects.holding_email("new@example.com").get()
    assert holder.is_staff
    assert holder.pk != squatter
    again = as_user(chief).post("/admin/accounts/user/add/", words | {"email": "New@Example.com"})
    assert again.status_code == 200
    assert "이미 있습니다" in again.content.decode()
    assert (
        send("POST", "/auth/login", {"email": "new@example.com", "password": THEIRS}).json()[
            "data"
        ]["user"]["id"]
        == holder.pk
    )
