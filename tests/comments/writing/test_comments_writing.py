"""Posting comments by the API: validation, normalization, duplicates, rate limits."""

import unicodedata
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import edit_comment, hide_comment, post_comment
from comments.errors import ParentGone
from comments.models import Comment
from outbox.models import Event
from tests.support import make
from tests.support.clients.comment_client import (
    SignIn,
    backdate_comment,
    comment_count_of,
    post_comment_by_api,
)

pytestmark = pytest.mark.django_db


def test_posted_comment_is_visible_at_once_and_counted(
    article: Article, chi: User, as_user: SignIn, reading: Any
) -> None:
    response = post_comment_by_api(as_user(chi), article)
    assert response.status_code == 201, response.content
    assert response.json()["state"] == "visible"
    (comment,) = reading()
    assert comment == response.json()
    assert comment["text"] == "잘 읽었습니다."
    assert comment["author"] == {"nickname": "chi", "is_staff": False}
    assert comment_count_of(article) == 1
    assert Entry.objects.filter(verb="posted", kind="comments.comment", by=chi.pk).count() == 1
    event = Event.objects.get(name="comment.posted")
    assert event.data["comment"] == comment["id"]
    assert "잘 읽었습니다." not in str(event.data)


def test_posting_a_comment_needs_signing_in(api: APIClient, article: Article) -> None:
    refused = post_comment_by_api(api, article)
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"]
    assert not Comment.objects.exists()


def test_posting_a_comment_with_a_session_needs_the_csrf_token(article: Article, chi: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(chi)
    assert post_comment_by_api(client, article).json()["code"] == "csrf"
    assert not Comment.objects.exists()


def test_comment_of_staff_is_marked(
    article: Article, ben: User, as_user: SignIn, reading: Any
) -> None:
    post_comment_by_api(as_user(ben), article)
    assert reading()[0]["author"]["is_staff"] is True


@pytest.mark.parametrize(
    "text",
    [
        "ㅋㅋㅋ",
        "ㅠㅠ",
        "👨‍👩‍👧‍👦 좋아요",
        "첫 줄\n둘째 줄",
        '<b>굵게</b> & "따옴표"',
        "Tiếng Việt ế",
    ],
)
def test_comment_text_is_returned_as_written(
    article: Article, chi: User, as_user: SignIn, reading: Any, text: str
) -> None:
    """community B04."""
    post_comment_by_api(as_user(chi), article, text)
    assert reading()[0]["text"] == text


def test_comment_length_counts_composed_characters(
    article: Article, chi: User, mal: User, as_user: SignIn, settings: Any
) -> None:
    """community B01."""
    text = "".join(chr(0xAC00 + n * 7) for n in range(1000))
    assert (
        post_comment_by_api(as_user(chi), article, unicodedata.normalize("NFD", text)).status_code
        == 201
    )
    assert Comment.objects.get().text == text
    assert (
        post_comment_by_api(as_user(mal), article, text + "가").json()["code"] == "comment_too_long"
    )


@pytest.mark.parametrize(
    "text",
    ["", "  \n\t ", "\u200b\u200b", "\u3164", "\u115f\uffa0", "\u2800", "\u202e\u2066\u200f"],
)
def test_invisible_comment_text_is_refused(
    article: Article, chi: User, as_user: SignIn, text: str
) -> None:
    """community B02."""
    refused = post_comment_by_api(as_user(chi), article, text)
    assert refused.status_code == 400
    assert refused.json()["code"] == "comment_empty"
    assert refused.json()["errors"][0]["pointer"] == "/text"


def test_bidi_controls_are_removed_from_comments(
    article: Article, chi: User, as_user: SignIn
) -> None:
    """community B08."""
    assert (
        post_comment_by_api(as_user(chi), article, "앞\u202e뒤\u2066끝").json()["text"] == "앞뒤끝"
    )


def test_comment_combining_marks_are_limited(article: Article, chi: User, as_user: SignIn) -> None:
    """community B05."""
    text = post_comment_by_api(as_user(chi), article, "좋" + "\u0335\u0301" * 40 + "아").json()[
        "text"
    ]
    assert len(text) <= 6
    assert text.endswith("아")


BAD: list[Any] = [
    {},
    [],
    "글",
    None,
    {"text": None},
    {"text": 5},
    {"text": ["글"]},
    {"text": {"a": 1}},
    {"text": True},
    {"text": "글" * 20_000},
    {"text": "글", "parent": "x"},
    {"text": "글", "parent": 0},
    {"text": "글", "parent": "9223372036854775808"},
    {"text": "글", "parent": [1]},
    *(
        {"text": "글", name: 1}
        for name in ("id", "state", "status", "author", "article", "is_pinned")
    ),
    *({"text": "글", name: 1} for name in ("is_staff", "like_count", "created_at", "ip", "reason")),
]


@pytest.mark.parametrize("body", BAD)
def test_invalid_comment_is_a_400_and_not_stored(
    article: Article, chi: User, as_user: SignIn, body: Any
) -> None:
    """community B12, B21."""
    refused = as_user(chi).post(f"/api/v1/articles/{article.slug}/comments/", body, format="json")
    assert refused.status_code == 400, refused.content
    assert refused["Content-Type"] == "application/problem+json"
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "raw", [b'{"text": "\\u0000"}', b'{"text": "\\udc00"}', b'{"text": "\xff"}', b"{", b"[" * 9000]
)
def test_comment_with_an_out_of_range_number_is_a_400(
    article: Article, chi: User, as_user: SignIn, raw: bytes
) -> None:
    """community B03."""
    where = f"/api/v1/articles/{article.slug}/comments/"
    refused = as_user(chi).post(where, raw, content_type="application/json")
    assert refused.status_code == 400


def test_comment_that_is_not_json_is_refused(article: Article, chi: User, as_user: SignIn) -> None:
    where = f"/api/v1/articles/{article.slug}/comments/"
    assert as_user(chi).post(where, {"text": "글"}, format="multipart").status_code == 415


def test_duplicate_comment_of_a_double_click_is_stored_once(
    article: Article, chi: User, as_user: SignIn
) -> None:
    """community B10."""
    client = as_user(chi)
    first, second = post_comment_by_api(client, article), post_comment_by_api(client, article)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert comment_count_of(article) == 1
    backdate_comment(first.json()["id"], seconds=61)
    assert post_comment_by_api(client, article).status_code == 201


def test_repeated_comment_under_another_article_is_held(
    article: Article, chi: User, as_user: SignIn
) -> None:
    """community B11."""
    client = as_user(chi)
    post_comment_by_api(client, article, "이 사이트로 오시면 좋은 소식이 있습니다")
    again = post_comment_by_api(client, make.live(), "이 사이트로, 오시면 좋은 소식이 있습니다!")
    assert again.json()["state"] == "held"
    assert post_comment_by_api(client, make.live(), "ㅋㅋㅋ").json()["state"] == "visible"


def test_comment_edited_into_a_repeat_is_held(article: Article, chi: User) -> None:
    """community B29."""
    text = "어디서나 같은 말을 해요"
    post_comment(article, by=chi, text=text)
    edited = edit_comment(post_comment(make.live(), by=chi, text="다릅니다"), by=chi, text=text)
    assert edited.state == Comment.State.HELD
    again = edit_comment(edited, by=chi, text=text)
    assert again.state == Comment.State.HELD


def test_reply_below_a_rejected_reply_is_refused(
    article: Article, chi: User, mal: User, mo: User
) -> None:
    """community B14: whatever stands between them."""
    top = post_comment(article, by=chi, text="처음 글")
    chain = [top]
    for number in range(4):
        parent = chain[-1].pk
        chain.append(post_comment(article, by=mal, text=f"답글 {number}", parent=parent))
    hide_comment(chain[1], by=mo, reason="모욕")
    for answered in chain[1:]:
        with pytest.raises(ParentGone):
            post_comment(article, by=chi, text="더 답합니다", parent=answered.pk)
    post_comment(article, by=chi, text="처음 글에는 답합니다", parent=top.pk)


def test_comments_are_rate_limited(
    article: Article, chi: User, as_user: SignIn, settings: Any
) -> None:
    rest = settings.REST_FRAMEWORK
    rates = rest["DEFAULT_THROTTLE_RATES"] | {"comment": "2/min"}
    settings.REST_FRAMEWORK = rest | {"DEFAULT_THROTTLE_RATES": rates}
    client = as_user(chi)
    assert [post_comment_by_api(client, article, f"{n}번째 글").status_code for n in range(3)] == [
        201,
        201,
        429,
    ]
    refused = post_comment_by_api(client, article)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert client.get(f"/api/v1/articles/{article.slug}/comments/").status_code == 200
