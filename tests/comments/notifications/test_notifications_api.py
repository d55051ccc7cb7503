"""API of a reader's notifications: keyset pages, unread count, read and unread, preferences."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import post_comment
from comments.models import Comment, Notification
from comments.notifications import reading
from tests.support import make
from tests.support.clients.comment_client import SignIn

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/notifications/"


@pytest.fixture
def asked(article: Article, chi: User) -> Comment:
    return post_comment(article, by=chi, text="로봇은 어느 문으로 나갔나요?")


def replies(asked: Comment, number: int, *, start: int = 0) -> None:
    for n in range(start, start + number):
        writer = make.reader(f"writer{n}")
        post_comment(asked.article, by=writer, text=f"{n}번째 답글", parent=asked.pk)


def test_list_has_the_unread_count_and_pages_of_constant_cost(
    asked: Comment, chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    replies(asked, 1)
    with CaptureQueriesContext(connection) as one:
        page = client.get(ADDRESS).json()
    (row,) = page["results"]
    assert (row["kind"], row["author"], row["excerpt"]) == ("reply", "writer0", "0번째 답글")
    assert (row["is_read"], row["article"]["slug"]) == (False, asked.article.slug)
    assert row["url"].endswith(f"/#comment-{row['comment']}")
    replies(asked, 20, start=1)
    with CaptureQueriesContext(connection) as many:
        page = client.get(ADDRESS, {"page_size": 20}).json()
    assert len(many) == len(one)
    assert page["unread"] == 21
    (oldest,) = client.get(page["next"]).json()["results"]
    assert oldest["author"] == "writer0"


def test_notifications_are_marked_one_by_one_and_all_that_were_loaded(
    asked: Comment, chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    replies(asked, 3)
    newest, *_others, oldest = (row["id"] for row in client.get(ADDRESS).json()["results"])
    row = client.patch(f"{ADDRESS}{oldest}/", {"is_read": True}, format="json").json()
    assert row["is_read"]
    bell = client.get(f"{ADDRESS}unread/").json()
    assert bell == {"unread": 2, "signed_in": True, "label": "알림, 읽지 않은 것 2건"}
    client.patch(f"{ADDRESS}{oldest}/", {"is_read": False}, format="json")
    replies(asked, 1, start=3)
    read = client.post(f"{ADDRESS}read/", {"until": newest}, format="json")
    assert read.status_code == 204
    assert client.get(ADDRESS).json()["unread"] == 1


def test_unread_count_is_bounded(
    asked: Comment, chi: User, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_UNREAD_COUNT", 2)
    replies(asked, 3)
    assert as_user(chi).get(f"{ADDRESS}unread/").json()["unread"] == 2


def test_notifications_are_the_readers_own(
    asked: Comment, chi: User, mal: User, as_user: SignIn, api: APIClient
) -> None:
    replies(asked, 1)
    number = Notification.objects.get().pk
    other = as_user(mal)
    assert other.get(ADDRESS).json()["results"] == []
    answer = other.patch(f"{ADDRESS}{number}/", {"is_read": True}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    other.post(f"{ADDRESS}read/", {"until": number}, format="json")
    assert Notification.objects.get().read_at is None
    assert api.get(ADDRESS).status_code == 401
    bell = api.get(f"{ADDRESS}unread/")
    assert bell.json() == {"unread": 0, "signed_in": False, "label": "알림"}
    assert bell["Cache-Control"] == "no-store"


def test_preferences_change_by_topic(chi: User, as_user: SignIn) -> None:
    client, address = as_user(chi), f"{ADDRESS}preferences/"
    choices = client.get(address).json()
    assert list(choices) == ["replies", "mentions", "decisions", "sanctions"]
    assert all(ways["screen"] and ways["mail"] for ways in choices.values())
    changed = client.patch(
        address, {"replies": {"mail": False}, "mentions": {"screen": False}}, format="json"
    )
    label = {"label": "내 댓글에 달린 답글"}
    assert changed.json()["replies"] == label | {"screen": True, "mail": False}
    assert not changed.json()["mentions"]["screen"]
    assert changed.json()["decisions"] == choices["decisions"]


@pytest.mark.parametrize(
    "wrong",
    [{"likes": {}}, {"replies": {"sms": True}}, {"replies": {"mail": "no"}}, {"replies": 1}],
)
def test_wrong_preferences_are_refused(chi: User, as_user: SignIn, wrong: object) -> None:
    answer = as_user(chi).patch(f"{ADDRESS}preferences/", wrong, format="json")
    assert answer.status_code == 400
