"""Rules of a comment's text: blank, marks, invisible characters, direction, length; broken input."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import DateTimeField, Value
from django.utils.html import escape
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments import recent_comments
from comments.actions import post_comment
from comments.content_filter import normalize_comment_text, text_fingerprint
from comments.errors import MAX_COMMENT_CHARS, CommentTooLong, EmptyComment
from comments.models import Comment
from newsroom.text.marks import limit_marks
from tests.support.clients.comment_client import SignIn, post_comment_by_api

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Seoul"))
# On the same letter: marks, with what shows nothing between them.
ZALGO = [
    "좋" + "\u0335\u0301" * 40,
    "좋" + "\u0335\u0301\u200d" * 40,
    "a" + "\u0300\u200c" * 40,
    "🔥" + "\u20dd\u200d" * 40,
    "ب" + "\u064b\u200d" * 40,
    "க" + "\u0300\u200d\u0301\ufe0f" * 40,
]


@pytest.mark.parametrize("text", ZALGO, ids=range(len(ZALGO)))
def test_no_character_bears_more_than_four_marks(text: str) -> None:
    """community B05: a joiner between them begins no new character."""
    stored = normalize_comment_text(text + "아")
    marks = [c for c in stored if unicodedata.category(c) in {"Mn", "Me"}]
    assert len(marks) <= 4
    assert stored.endswith("아")
    assert normalize_comment_text(stored) == stored


@pytest.mark.parametrize(
    "text",
    [
        *("Tiếng Việt ễ ự ậ", "각힣값", "ㅋㅋㅋ ㅠㅠ", "ก็ที่สุด", "מְנֻקָּד", "क्ष्म्य", "မြွှေ့", "နိုင်ငံ"),
        *(
            "👩‍👩‍👧‍👦",
            "❤️‍🔥",
            "7️⃣",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "می‌خواهم",
        ),
    ],
)
def test_languages_and_emoji_are_unharmed_however_they_are_composed(text: str) -> None:
    """community B04, B05."""
    composed = unicodedata.normalize("NFC", text)
    for form in ("NFC", "NFD"):
        assert normalize_comment_text(unicodedata.normalize(form, text)) == composed
    assert limit_marks(unicodedata.normalize("NFD", text), most=4) == unicodedata.normalize(
        "NFD", text
    )


@pytest.mark.parametrize(
    "text", ["\ufffc\ufffc", "\u0301", "\U000e0041\U000e0042", "\ufe0f\u200d", "\ufff9\ufffb"]
)
def test_a_comment_that_shows_nothing_is_refused(article: Article, chi: User, text: str) -> None:
    """community B02."""
    with pytest.raises(EmptyComment):
        post_comment(article, by=chi, text=text)
    assert not Comment.objects.exists()


def test_invisible_characters_lengthen_no_comment(article: Article, chi: User, mal: User) -> None:
    """community B07: neither do they count, nor do they carry more than the limit."""
    text = "".join(chr(0xAC00 + n * 7) for n in range(MAX_COMMENT_CHARS))
    flooded = "\u200b\u2060\U000e0041\u00ad\ufeff".join(text)
    assert post_comment(article, by=chi, text=flooded).text == text
    with pytest.raises(CommentTooLong):
        post_comment(article, by=mal, text=flooded + "\u200b가")
    for visible in ("가" * 1001, "👨‍👩‍👧" * 500, "ب\u200d" * 600):
        with pytest.raises(CommentTooLong):
            post_comment(article, by=mal, text=visible)


@pytest.mark.parametrize(
    "between", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\U000e0041"]
)
def test_invisible_characters_hide_no_word_and_no_repeat(
    article: Article, chi: User, between: str
) -> None:
    """community B07."""
    assert post_comment(article, by=chi, text=f"정말 바{between}보야").state == "held"
    assert text_fingerprint(f"같{between}은 글") == text_fingerprint("같은 글")


def test_an_unbroken_text_is_stored_up_to_the_limit_and_answered_as_text(
    article: Article, chi: User, as_user: SignIn
) -> None:
    """community B06."""
    client = as_user(chi)
    refused = post_comment_by_api(client, article, "긴글" * 2500)
    assert (refused.status_code, refused.json()["code"]) == (400, "comment_too_long")
    text = "<b>" + "".join(chr(0xAC00 + n * 11) for n in range(900))
    posted = post_comment_by_api(client, article, text)
    assert posted.json()["text"] == text  # as it was written; who shows it escapes it
    assert escape(text).startswith("&lt;b&gt;")
    assert not any("html" in name for name in posted.json())


@pytest.mark.parametrize(
    "control",
    ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"],
)
def test_nothing_turns_the_direction_of_what_follows(
    article: Article, chi: User, control: str
) -> None:
    """community B08."""
    assert post_comment(article, by=chi, text=f"앞{control}뒤").text == "앞뒤"


def test_the_same_comment_across_midnight_is_one(
    article: Article, chi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B10."""
    first = post_comment(article, by=chi, text="자정에 쓴 글")
    Comment.objects.filter(pk=first.pk).update(created_at=MIDNIGHT - timedelta(seconds=5))
    after = Value(MIDNIGHT + timedelta(seconds=5), output_field=DateTimeField())
    monkeypatch.setattr(recent_comments, "Now", lambda: after)
    # Compiled anew, with that time.
    monkeypatch.setattr(recent_comments, "recent_query", recent_comments.recent_query.__wrapped__)
    again = post_comment(article, by=chi, text="자정에 쓴 글")
    assert (again.pk, again.already_existed) == (first.pk, True)


@pytest.mark.parametrize("raw", [b'"\\u0000"', b'"\\ud800"', b'"\xff\xfe"'])
def test_what_cannot_be_stored_is_a_400_in_bodies(
    article: Article, chi: User, as_user: SignIn, raw: bytes
) -> None:
    """community B03."""
    client = as_user(chi)
    comments = f"/api/v1/articles/{article.slug}/comments/"
    calls: list[tuple[Any, str, bytes]] = [
        (client.post, comments, b'{"text": ' + raw + b"}"),
        (client.patch, "/api/v1/me/", b'{"nickname": ' + raw + b"}"),
    ]
    for call, path, body in calls:
        assert call(path, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("value", ["%00", "%ff", "%ed%a0%80"])
def test_what_cannot_be_stored_is_a_400_in_queries(
    api: APIClient, article: Article, value: str
) -> None:
    """community B03."""
    for query in (f"?cursor={value}", f"?sort={value}"):
        assert api.get(f"/api/v1/articles/{article.slug}/comments/{query}").status_code == 400
    assert api.get(f"/api/v1/articles/?q=a{value}").status_code in {200, 400}
