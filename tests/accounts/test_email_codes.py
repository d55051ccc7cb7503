"""Confirmation of one's address by a mailed code; what an unconfirmed address may not do."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from accounts.actions.email_codes import MAX_EMAIL_CODE_TRIES, issue_email_code
from accounts.authentication import email_codes
from accounts.errors import EmailAlreadyConfirmed
from accounts.models import EmailCode, User
from audit.models import Entry
from comments.actions import post_comment
from tests.accounts.test_accounts_api import app, signed_up
from tests.accounts.test_sign_up_alike import account_with_email, comparable
from tests.support import make

pytestmark = pytest.mark.django_db
CODE, CONFIRM = "/api/v1/me/email/code/", "/api/v1/me/email/confirm/"


def mailed_code() -> str:
    (code,) = re.findall(r"^(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    return str(code)


def confirm(client: Any, code: str) -> Any:
    return client.post(CONFIRM, {"code": code}, format="json")


def test_a_comment_needs_a_confirmed_address() -> None:
    client, article = app(signed_up()), make.live()
    comments = f"/api/v1/articles/{article.slug}/comments/"
    refused = client.post(comments, {"text": "첫 글"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "email_unconfirmed")
    assert client.get("/api/v1/me/").json()["email_confirmed"] is False
    assert client.post(CODE).status_code == 204
    confirmed = confirm(client, mailed_code())
    assert (confirmed.status_code, confirmed.json()["email_confirmed"]) == (200, True)
    assert client.post(comments, {"text": "첫 글"}, format="json").status_code == 201
    assert Entry.objects.filter(verb="email_confirmed").count() == 1


def test_reactions_and_reports_need_a_confirmed_address() -> None:
    client, article = app(signed_up()), make.live()
    comment = post_comment(article, by=make.reader("mal"), text="남의 글")
    url = f"/api/v1/comments/{comment.pk}"
    reaction = client.put(f"{url}/reaction/", {"value": "like"}, format="json")
    report = client.post(f"{url}/reports/", {"reason": "spam"}, format="json")
    assert [reaction.json()["code"], report.json()["code"]] == ["email_unconfirmed"] * 2


def test_without_mail_no_confirmation_is_needed(settings: Any) -> None:
    settings.COMMENTS_NEED_CONFIRMED_EMAIL = False
    client, article = app(signed_up()), make.live()
    url = f"/api/v1/articles/{article.slug}/comments/"
    assert client.post(url, {"text": "첫 글"}, format="json").status_code == 201


def test_five_wrong_codes_end_the_code_and_another_one_gives_no_more_tries() -> None:
    client = app(signed_up())
    client.post(CODE)
    wrong = f"{(int(mailed_code()) + 1) % 10**6:06d}"
    for _n in range(MAX_EMAIL_CODE_TRIES):
        refused = confirm(client, wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, "wrong_code")
    assert confirm(client, mailed_code()).status_code == 400
    EmailCode.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    assert client.post(CODE).status_code == 204
    assert confirm(client, mailed_code()).status_code == 400
    EmailCode.objects.update(expires_at=timezone.now())
    EmailCode.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    assert client.post(CODE).status_code == 204
    assert confirm(client, mailed_code()).status_code == 200


def test_a_second_code_within_a_minute_is_refused_with_retry_after() -> None:
    client = app(signed_up())
    client.post(CODE)
    refused = client.post(CODE)
    assert (refused.status_code, refused.json()["code"]) == (409, "code_sent_already")
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_an_expired_code_and_one_of_another_address_confirm_nothing() -> None:
    client = app(signed_up())
    client.post(CODE)
    code = mailed_code()
    EmailCode.objects.update(expires_at=timezone.now())
    assert confirm(client, code).status_code == 400
    EmailCode.objects.update(
        expires_at=timezone.now() + timedelta(minutes=9), email="b@example.com"
    )
    assert confirm(client, code).status_code == 400
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_the_code_is_not_in_the_database() -> None:
    client = app(signed_up())
    client.post(CODE)
    row = EmailCode.objects.get()
    assert mailed_code() not in f"{row.digest}{row.email}"


def test_a_code_for_an_address_that_is_confirmed_elsewhere_answers_alike() -> None:
    """community B66: whether an address is known is not disclosed; its owner gets a notice, no code."""
    account_with_email("sol@example.com")
    shapes = []
    for email in ("Sol@Example.com", "luna@example.com"):
        client = app(signed_up(email=email))
        cache.clear()
        mail.outbox.clear()
        responses = [client.post(CODE), confirm(client, "000000x"), client.get("/api/v1/me/")]
        assert len(mail.outbox) == 1
        shapes.append([comparable(response, email.lower()) for response in responses])
    stripped = [re.sub(r'"(nickname|joined_at)":"[^"]*"', "", str(shape)) for shape in shapes]
    assert stripped[0] == stripped[1]
    assert re.search(r"^\d{6}$", str(mail.outbox[0].body), re.MULTILINE)


def test_confirmed_and_staff_accounts_get_no_code(chi: User, ben: User) -> None:
    for user in (chi, ben):
        with pytest.raises(EmailAlreadyConfirmed):
            issue_email_code(user)


@pytest.mark.parametrize(
    "body", [{}, {"code": 5}, {"code": None}, {"code": "x" * 50}, {"code": "1\x002"}]
)
def test_a_code_of_another_shape_is_a_400(body: Any) -> None:
    client = app(signed_up())
    client.post(CODE)
    assert client.post(CONFIRM, body, format="json").status_code == 400
    assert EmailCode.objects.get().tries <= 1


def ask_again(client: Any) -> Any:
    """Ask for a code as if the last one had been sent more than a minute ago."""
    EmailCode.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    return client.post(CODE)


def test_a_code_beyond_the_limit_of_an_address_is_neither_mailed_nor_made() -> None:
    clients = [app(signed_up()) for _n in range(8)]
    mail.outbox.clear()
    responses = [client.post(CODE) for client in clients]
    assert [response.status_code for response in responses] == [204] * 6 + [409] * 2
    assert responses[-1].json()["code"] == "too_many_codes"
    assert 60 < int(responses[-1]["Retry-After"]) <= 3600
    assert (EmailCode.objects.count(), len(mail.outbox)) == (6, 6)


def test_a_refused_request_leaves_the_code_that_was_mailed() -> None:
    client = app(signed_up())
    for _n in range(3):
        assert ask_again(client).status_code == 204
    code = mailed_code()
    for _n in range(10):
        assert ask_again(client).json()["code"] == "too_many_codes"
    assert confirm(client, code).status_code == 200


def test_one_account_does_not_use_up_the_codes_of_an_address() -> None:
    other, owner = app(signed_up()), app(signed_up())
    for _n in range(10):
        ask_again(other)
        other.post(CODE)
    for _n in range(3):
        assert ask_again(owner).status_code == 204
    assert confirm(owner, mailed_code()).status_code == 200


def test_two_accounts_do_not_use_up_the_codes_of_an_address() -> None:
    others, owner = [app(signed_up()) for _n in range(2)], app(signed_up())
    for _n in range(5):
        for other in others:
            ask_again(other)
    assert ask_again(owner).status_code == 204
    assert confirm(owner, mailed_code()).status_code == 200


def test_wrong_codes_for_an_address_are_counted_over_all_accounts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The right code costs nothing, and neither do tries of an account that has none left."""
    policy = replace(email_codes.ADDRESS_TRY_POLICY, max_requests=MAX_EMAIL_CODE_TRIES + 1)
    monkeypatch.setattr(email_codes, "ADDRESS_TRY_POLICY", policy)
    guesser, second, owner = (app(signed_up()) for _n in range(3))
    for client in (guesser, second, owner):
        assert client.post(CODE).status_code == 204
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _n in range(MAX_EMAIL_CODE_TRIES + 3):
        assert confirm(guesser, wrong).json()["code"] == "wrong_code"
    assert confirm(second, wrong).json()["code"] == "wrong_code"
    refused = confirm(second, wrong)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_tries")
    assert 60 < int(refused["Retry-After"]) <= 3600
    assert EmailCode.objects.order_by("pk").values_list("tries", flat=True)[1] == 1
    monkeypatch.setattr(email_codes, "ADDRESS_TRY_POLICY", replace(policy, name="next_hour"))
    assert confirm(owner, code).status_code == 200
