"""Refusals of allauth's headless API: each has a sentence, in Korean too."""

from typing import Any

import pytest
from django.test import Client

from tests.support import make

pytestmark = pytest.mark.django_db
EMAIL_ADDRESSES = "/_allauth/browser/v1/account/email"


@pytest.fixture
def client() -> Client:
    """A client that is signed in as a reader."""
    make.reader("chi")
    client = Client()
    signed_in = client.post(
        "/_allauth/browser/v1/auth/login",
        {"email": "chi@example.com", "password": "chi-password-1"},
        content_type="application/json",
    )
    assert signed_in.status_code == 200
    return client


def patch(client: Client, body: Any, *, language: str = "ko") -> Any:
    headers = {"Accept-Language": language}
    return client.patch(EMAIL_ADDRESSES, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ko", "내 계정에 없는 이메일 주소입니다."),
        ("en", "Your account does not have this address."),
    ],
)
def test_address_of_somebody_else_is_refused_in_words(
    client: Client, language: str, sentence: str
) -> None:
    body = {"email": "ada@example.com", "primary": True}
    answer = patch(client, body, language=language)
    assert answer.status_code == 400
    assert [error["message"] for error in answer.json()["errors"]] == [sentence]


@pytest.mark.parametrize("body", ["null", "[]", '"chi"', "1"])
def test_body_that_is_no_object_is_refused_in_words(client: Client, body: str) -> None:
    answer = patch(client, body)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "요청 본문은 JSON 객체여야 합니다."


def test_too_many_requests_are_refused_in_words(client: Client) -> None:
    body = {"email": "ada@example.com", "primary": True}
    for _ in range(20):
        if (answer := patch(client, body)).status_code == 429:
            break
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert (document["status"], document["code"]) == (429, "throttled")
    assert document["detail"] == "요청이 너무 많습니다. 잠시 뒤에 다시 해 주세요."
