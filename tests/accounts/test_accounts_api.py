"""API of reader accounts: sign-up, sign-in, nickname, export, closing."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import change_nickname, suspend
from accounts.authentication.allauth_adapter import ProviderAdapter
from accounts.authentication.api import READER_AUTHENTICATION
from accounts.errors import InvalidNickname, NicknameTaken
from accounts.models import User
from accounts.nicknames import random_nickname, skeleton
from articles.models import ArticleCounts
from audit.models import Entry
from comments.actions import post_comment
from comments.models import Comment
from desk.actions import withdraw
from polls.models import Vote
from saves.actions import save_article
from saves.models import Save
from tests.support import make

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], APIClient]
APP, BROWSER = "/_allauth/app/v1/auth", "/_allauth/browser/v1/auth"
SOL: dict[str, Any] = {
    "email": "Sol@Example.com",
    "password": "a-long-password-7",
    **make.SIGN_UP_STATEMENTS,
}


def send(path: str, body: Any, client: APIClient | None = None, **headers: Any) -> Any:
    raw: Any = body if isinstance(body, bytes) else json.dumps(body)
    client = client or APIClient()
    return client.generic("POST", path, raw, content_type="application/json", **headers)


def app(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_X_SESSION_TOKEN=token)
    return client


def signed_up(**more: Any) -> str:
    response = send(f"{APP}/signup", SOL | more)
    assert response.status_code == 200, response.content
    return str(response.json()["meta"]["session_token"])


# -- Sign-up, sign-in, sign-out -----------------------------------------------------------------


def test_reader_signs_up_reads_the_account_and_signs_out() -> None:
    token = signed_up()
    me = app(token).get("/api/v1/me/")
    assert me.status_code == 200
    assert me["Cache-Control"] == "no-store"
    body = me.json()
    assert body["email"] == "sol@example.com"
    assert body["nickname"].startswith("독자")
    assert body["suspended_until"] is None
    app(token).delete(f"{APP}/session")
    signed_out = app(token).get("/api/v1/me/")
    assert signed_out.status_code == 401
    assert signed_out["Content-Type"] == "application/problem+json"


def test_nickname_can_be_chosen_at_sign_up() -> None:
    token = signed_up(nickname="새벽산책")
    assert app(token).get("/api/v1/me/").json()["nickname"] == "새벽산책"
    refused = send(f"{APP}/signup", {**SOL, "email": "b@example.com", "nickname": "새벽 산책"})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "nickname_taken"
    assert User.objects.count() == 1


def test_sign_up_has_one_audit_entry_without_the_address() -> None:
    signed_up(nickname="새벽산책")
    entry = Entry.objects.get(verb="joined")
    assert entry.by == User.objects.get().pk
    assert (entry.by_name, entry.label) == ("새벽산책", "새벽산책")


def test_email_address_is_held_by_one_account_in_any_spelling() -> None:
    signed_up()
    again = send(f"{APP}/signup", SOL | {"email": "SOL@example.COM"})
    assert again.status_code == 200  # like any other: tests/accounts/test_sign_up_alike.py
    assert [user.holds_email for user in User.objects.order_by("pk")] == [True, False]


def test_sign_in_needs_the_right_password() -> None:
    signed_up()
    wrong = send(f"{APP}/login", SOL | {"password": "another-password"})
    unknown = send(f"{APP}/login", SOL | {"email": "nobody@example.com"})
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.json() == unknown.json()
    right = send(f"{APP}/login", SOL | {"email": "sol@EXAMPLE.com"})
    assert right.status_code == 200
    assert app(right.json()["meta"]["session_token"]).get("/api/v1/me/").status_code == 200


def test_password_guessing_is_rate_limited() -> None:
    signed_up()
    codes = [
        send(f"{APP}/login", SOL | {"password": f"guess-number-{n}"}).json()["errors"][0]["code"]
        for n in range(7)
    ]
    assert codes[-1] == "too_many_login_attempts"
    assert send(f"{APP}/login", SOL).status_code == 400


def test_browser_signs_up_in_and_out_with_csrf_token() -> None:
    """community B63: a write with the cookie alone is refused."""
    client = APIClient(enforce_csrf_checks=True)
    client.get("/_allauth/browser/v1/config")
    csrf = {"HTTP_X_CSRFTOKEN": client.cookies["csrftoken"].value}
    assert send(f"{BROWSER}/signup", SOL, client).status_code == 403
    assert send(f"{BROWSER}/signup", SOL, client, **csrf).status_code == 200
    assert client.cookies["sessionid"]["httponly"]
    assert client.get("/api/v1/me/").json()["email"] == "sol@example.com"
    renewed: Any = {"HTTP_X_CSRFTOKEN": client.cookies["csrftoken"].value}
    body = {"nickname": "새벽산책"}
    assert client.patch("/api/v1/me/", body, format="json").status_code == 403
    assert client.patch("/api/v1/me/", body, format="json", **renewed).status_code == 200
    client.delete(f"{BROWSER}/session", **renewed)
    assert client.get("/api/v1/me/").status_code == 401


def test_session_cookie_and_session_token_are_not_interchangeable(chi: User) -> None:
    client = APIClient()
    client.force_login(chi)
    key = client.cookies["sessionid"].value
    assert APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {key}").status_code == 401
    assert APIClient().get("/api/v1/me/", HTTP_X_SESSION_TOKEN="0" * 32).status_code == 401
    assert len(READER_AUTHENTICATION) == 2


BAD: list[Any] = [
    {},
    {"email": 5, "password": ["x"]},
    {"email": {"a": 1}, "password": True, "nickname": [1]},
    {"email": None, "password": None},
    {"email": "e" * 400 + "@example.com", "password": "x" * 9000},
    {"email": "c@example.com", "password": "1234"},
    {"email": "c@example.com", "password": "a-long\x00-password"},
    SOL | {"nickname": "관 리 자"},
    SOL | {"nickname": "\u3164\u200b"},
    b'{"email": "c@example.com", "password": "a-long-pass\\ud800word"}',
    b'{"email": "\\ud800@example.com", "password": "a-long-password"}',
    b"{",
    b"[]",
    b"\xff",
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", BAD)
@pytest.mark.parametrize("path", ["signup", "login", "password/request", "password/reset"])
def test_invalid_sign_up_input_is_no_server_error_and_creates_no_account(
    path: str, body: Any
) -> None:
    response = send(f"{APP}/{path}", body)
    is_reset_mail = path == "password/request" and response.status_code == 200
    assert is_reset_mail or 400 <= response.status_code < 500
    assert not User.objects.exists()


def test_inactive_account_cannot_sign_in() -> None:
    token = signed_up()
    User.objects.update(is_active=False)
    assert app(token).get("/api/v1/me/").status_code == 401
    assert send(f"{APP}/login", SOL).status_code in {400, 401}


def test_social_sign_up_gives_random_nicknames() -> None:
    for number in range(2):
        login = SocialLogin(
            user=User(email=f"Provider{number}@Example.com"),
            account=SocialAccount(provider="kakao", uid=str(number)),
        )
        request = RequestFactory().get("/")
        request.session = SessionStore()
        ProviderAdapter(request).save_user(request, login)
    people = User.objects.order_by("pk")
    assert [p.email for p in people] == ["provider0@example.com", "provider1@example.com"]
    assert all(p.nickname.startswith("독자") for p in people)
    joined = Entry.objects.filter(verb="joined").order_by("pk")
    assert [entry.by for entry in joined] == [p.pk for p in people]


def test_createsuperuser_creates_superusers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-password-7")
    for name in ("One", "two"):
        call_command("createsuperuser", email=f"{name}@Example.com", interactive=False, verbosity=0)
    assert list(User.objects.order_by("pk").values_list("email", flat=True)) == [
        "one@example.com",
        "two@example.com",
    ]


# -- Nicknames ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *(
            "관리자",
            "관 리 자",
            "관\u200b리자",
            "ㄱㅘㄴㄹㅣㅈㅏ",
            "관.리.자",
            "부관리자",
            "운영자님",
        ),
        *("admin", "ADMIN", "аdmin", "4dmin0admin", "ａｄｍｉｎ", "Editor", "탈퇴한 이용자"),
        *(
            "",
            " ",
            "\u3164\u3164",
            "\u2800\u2800",
            "가",
            "가" * 21,
            "\u202e\u202e",
            "!!",
            "\u115f가",
        ),
    ],
)
def test_invalid_and_reserved_nicknames_are_refused(chi: User, name: str) -> None:
    with pytest.raises(InvalidNickname):
        change_nickname(chi, nickname=name)
    assert User.objects.get(pk=chi.pk).nickname == "chi"


@pytest.mark.parametrize(
    "name", ["새벽산책", "새벽 산책", "새\u200b벽산책", "새벽-산책", "새벽산책!"]
)
def test_lookalike_nickname_is_taken(chi: User, mal: User, name: str) -> None:
    change_nickname(chi, nickname="새벽산책")
    with pytest.raises(NicknameTaken):
        change_nickname(mal, nickname=name)


def test_lookalike_nickname_of_another_alphabet_is_taken(chi: User, mal: User) -> None:
    change_nickname(chi, nickname="paypal")
    for name in ("раураl", "PayPaI", "ｐａｙｐａｌ", "paypa1"):
        with pytest.raises(NicknameTaken):
            change_nickname(mal, nickname=name)


def test_nickname_like_the_name_of_staff_is_taken(mal: User, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(name="이한빛", nickname="빛")
    for name in ("이한빛", "이 한 빛", "이한빛기자", "이한빛 기자"):
        with pytest.raises(NicknameTaken):
            change_nickname(mal, nickname=name)


def test_own_nickname_can_be_respelled(chi: User, as_user: SignIn) -> None:
    client = as_user(chi)
    for name in ("새벽산책", "새벽 산책"):
        response = client.patch("/api/v1/me/", {"nickname": name}, format="json")
        assert response.json()["nickname"] == name
    assert Entry.objects.filter(verb="renamed", by=chi.pk).count() == 2


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], {"nickname": 5}, {"nickname": None}, {"nickname": "가" * 100}, {"nickname": ""}),
        *(
            {"email": "x@example.com"},
            {"nickname": "새벽", "is_staff": True},
            {"nickname": ["새벽"]},
        ),
    ],
)
def test_invalid_nickname_is_a_400(chi: User, as_user: SignIn, body: Any) -> None:
    refused = as_user(chi).patch("/api/v1/me/", body, format="json")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    account = User.objects.get(pk=chi.pk)
    assert (account.nickname, account.is_staff, account.email) == ("chi", False, "chi@example.com")


def test_taken_nickname_is_a_problem_document(chi: User, mal: User, as_user: SignIn) -> None:
    refused = as_user(mal).patch("/api/v1/me/", {"nickname": "chi"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "nickname_taken")


def test_random_nicknames_differ() -> None:
    assert len({skeleton(random_nickname()) for _ in range(1000)}) > 990


def test_suspended_reader_sees_end_and_reason(chi: User, mo: User, as_user: SignIn) -> None:
    suspend(chi, until=timezone.now() + timedelta(hours=1), reason="도배", by=mo)
    me = as_user(chi).get("/api/v1/me/").json()
    assert me["suspension_reason"] == "도배"
    assert me["suspended_until"]
    suspend(chi, until=timezone.now(), reason="도배", by=mo)
    assert as_user(chi).get("/api/v1/me/").json()["suspended_until"] is None


# -- Export and closing ------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "export/", "saves/", "comments/"])
def test_own_account_needs_signing_in(api: APIClient, path: str) -> None:
    refused = api.get(f"/api/v1/me/{path}")
    assert refused.status_code == 401
    assert refused["Cache-Control"] == "no-store"
    assert refused["Content-Type"] == "application/problem+json"


def test_account_export_has_all_own_data_and_nothing_of_others(
    chi: User, mal: User, ben: User, as_user: SignIn
) -> None:
    article, withdrawn = make.live(poll=make.poll_data()), make.live(poll=make.poll_data())
    client = as_user(chi)
    for one in (article, withdrawn):
        save_article(one, by=chi)
        post_comment(one, by=chi, text="내 글")
        post_comment(one, by=mal, text="남의 글")
        client.put(f"/api/v1/polls/{one.poll_id}/vote/", {"side": "con"}, format="json")
    withdraw(withdrawn, notice="내렸습니다.", by=ben)
    response = client.get("/api/v1/me/export/")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "no-store"
    export = response.json()
    assert export["account"]["email"] == "chi@example.com"
    assert [comment["text"] for comment in export["comments"]] == ["내 글", "내 글"]
    assert [save["article"] for save in export["saves"]] == [article.slug]
    assert [vote["side"] for vote in export["votes"]] == ["con", "con"]
    assert [vote["question"] is None for vote in export["votes"]] == [False, True]
    body = response.content.decode()
    assert "남의 글" not in body
    assert "mal@" not in body
    assert withdrawn.slug not in body


def test_closing_an_account_erases_personal_data(as_user: SignIn, mal: User) -> None:
    token = signed_up(nickname="새벽산책")
    sol = User.objects.get(email="sol@example.com")
    EmailAddress.objects.filter(user=sol).update(verified=True)
    article = make.live(poll=make.poll_data())
    client = app(token)
    save_article(article, by=sol)
    top = post_comment(article, by=sol, text="내 글")
    post_comment(article, by=mal, text="답글", parent=top.pk)
    client.put(f"/api/v1/polls/{article.poll_id}/vote/", {"side": "pro"}, format="json")
    voter = Vote.objects.get().voter
    assert client.delete("/api/v1/me/").status_code == 204

    assert client.get("/api/v1/me/").status_code == 401
    assert send(f"{APP}/login", SOL).status_code == 400
    closed = User.objects.get(pk=sol.pk)
    assert not closed.is_active
    assert not closed.has_usable_password()
    assert "sol" not in closed.email
    assert closed.nickname != "새벽산책"
    assert not EmailAddress.objects.filter(email__icontains="sol@").exists()
    assert not Save.objects.exists()
    assert article.poll is not None
    assert article.poll.tally() == {"pro": 1, "con": 0}
    assert Vote.objects.get().voter != voter
    article_counts = ArticleCounts.objects.get(article=article)
    assert (article_counts.comments, article_counts.saves) == (1, 0)
    place = Comment.objects.get(pk=top.pk)
    assert (place.text, place.author, place.state) == ("", None, "deleted")
    audit_text = "".join(f"{e.by_name} {e.label} {e.details}" for e in Entry.objects.all())
    assert "새벽산책" not in audit_text
    assert "sol@" not in audit_text
    assert "내 글" not in audit_text


def test_nickname_of_a_closed_account_stays_taken(mal: User) -> None:
    token = signed_up(nickname="새벽산책")
    app(token).delete("/api/v1/me/")
    with pytest.raises(NicknameTaken):
        change_nickname(mal, nickname="새벽 산책")
    signed_up()


def test_closing_an_account_needs_the_csrf_token_and_ends_the_session(chi: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(chi)
    assert client.delete("/api/v1/me/").status_code == 403
    assert User.objects.get(pk=chi.pk).is_active
    client.get("/_allauth/browser/v1/config")
    token = client.cookies["csrftoken"].value
    assert client.delete("/api/v1/me/", HTTP_X_CSRFTOKEN=token).status_code == 204
    assert client.get("/api/v1/me/").status_code == 401


def test_staff_account_cannot_be_closed_by_its_owner(ben: User, as_user: SignIn) -> None:
    refused = as_user(ben).delete("/api/v1/me/")
    assert (refused.status_code, refused.json()["code"]) == (409, "staff_account")
    assert User.objects.get(pk=ben.pk).is_active
