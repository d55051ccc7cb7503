"""Closing an account with a term in which it can be taken back, and the export of everything."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import cancel_closing, ignore_reader, lift_suspension, suspend
from accounts.models import User, UserSession
from audit.models import Entry
from comments.actions import edit_comment, hide_comment, post_comment
from comments.models import Comment, Notification
from comments.notifications.email_templates import email_of
from comments.notifications.mentions import mentioned_readers
from pages import account_data
from pages.account_data import close_due_accounts
from tests.accounts.test_accounts_api import APP, SOL, app, send, signed_up
from tests.support import make

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/closing/"
TERM = timedelta(days=7)


def sol() -> User:
    user = User.objects.get(email="sol@example.com")
    EmailAddress.objects.filter(user=user).update(verified=True)
    return user


def test_account_is_closed_after_a_term_in_which_it_can_be_taken_back(api: APIClient) -> None:
    """community B67."""
    client, article = app(signed_up(nickname="새벽산책")), make.live()
    post_comment(article, by=sol(), text="내 글")
    thread = f"/api/v1/articles/{article.slug}/comments/"
    asked = client.put(ADDRESS)
    assert asked.status_code == 200
    assert client.put(ADDRESS).json()["closing_at"] == asked.json()["closing_at"]
    refused = client.post(thread, {"text": "또 한 마디"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "account_closing")
    (shown,) = api.get(thread).json()["results"]
    assert (shown["author"], shown["text"]) == (None, "내 글")

    again = app(str(send(f"{APP}/login", SOL).json()["meta"]["session_token"]))
    assert again.get("/api/v1/me/").json()["closing_at"]
    assert again.get("/api/v1/me/export/").status_code == 200
    assert again.delete(ADDRESS).json()["closing_at"] is None
    assert close_due_accounts(timezone.now() + TERM + timedelta(hours=1)) == 0
    assert api.get(thread).json()["results"][0]["author"]["nickname"] == "새벽산책"

    again.put(ADDRESS)
    assert close_due_accounts(timezone.now() + TERM - timedelta(hours=1)) == 0
    assert close_due_accounts(timezone.now() + TERM + timedelta(hours=1)) == 1
    assert again.get("/api/v1/me/").status_code == 401
    assert send(f"{APP}/login", SOL).status_code == 400
    assert not Comment.objects.exclude(text="", author=None).exists()
    assert not UserSession.objects.filter(user__isnull=False).exists()
    verbs = ["closing_requested", "closing_cancelled", "closing_requested", "left"]
    own = Entry.objects.filter(verb__in=verbs).order_by("pk")
    assert list(own.values_list("verb", flat=True)) == verbs


def test_closing_at_once_needs_no_term_and_staff_have_none(ben: User, as_user: Any) -> None:
    client = app(signed_up())
    client.put(ADDRESS)
    assert client.delete("/api/v1/me/").status_code == 204
    assert User.objects.get(nickname__startswith="탈퇴").closing_at is None
    refused = as_user(ben).put(ADDRESS)
    assert (refused.status_code, refused.json()["code"]) == (409, "staff_account")


def test_export_has_sanctions_consents_sessions_and_ignored_readers_and_nothing_of_others(
    mal: User, mo: User
) -> None:
    """community B68: also what is over."""
    client, until = app(signed_up()), timezone.now() + timedelta(days=3)
    send(f"{APP}/login", SOL)
    user, article = sol(), make.live()
    suspend(user, until=until, reason="도배", by=mo)
    lift_suspension(user, by=mo)
    post_comment(article, by=mal, text="남의 글")
    ignore_reader("mal", by=user)
    client.delete("/api/v1/me/consents/terms/")
    export = client.get("/api/v1/me/export/").json()
    (record,) = export["sanctions"]
    assert (record["kind"], record["reason"]) == ("ban", "도배")
    assert record["starts_at"] < record["lifted_at"] < record["until"]
    assert {(row["kind"], row["ended_by"]) for row in export["consents"]} == {
        ("age", ""),
        ("privacy", ""),
        ("terms", "withdrawn"),
    }
    assert [row["device"] for row in export["sessions"]] == ["앱", "앱"]
    assert [row["nickname"] for row in export["ignored"]] == ["mal"]
    body = str(export)
    assert "남의 글" not in body
    assert "mal@" not in body
    assert "mo@" not in body


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_account_that_is_kept_at_the_moment_of_closing_is_whole_or_gone() -> None:
    for number in range(10):
        user = make.person(f"sol{number}")
        past = timezone.now() - timedelta(minutes=1)
        User.objects.filter(pk=user.pk).update(closing_at=past)
        work = [
            partial(cancel_closing, user),
            partial(close_due_accounts, timezone.now()),
            partial(close_due_accounts, timezone.now()),
        ]
        outcomes = make.race(3, partial(lambda work, n: work[n](), work))
        user.refresh_from_db()
        assert user.closing_at is None
        is_kept = any(isinstance(outcome, User) for outcome in outcomes)
        closed = sum(outcome for outcome in outcomes if isinstance(outcome, int))
        assert (user.is_active, closed) == (is_kept, 0 if is_kept else 1)
        assert (user.email == f"sol{number}@example.com") is is_kept


def test_an_account_that_fails_to_close_delays_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    now, failing, other, colleague = (
        timezone.now(),
        make.reader("chi"),
        make.reader("mal"),
        make.ben(),
    )
    rows = User.objects.filter(pk__in=[failing.pk, other.pk, colleague.pk])
    rows.update(closing_at=now - timedelta(days=1))
    delete_account = account_data.delete_account

    def fail_for_one(reader: User) -> None:
        if reader.pk == failing.pk:
            raise RuntimeError
        delete_account(reader)

    monkeypatch.setattr(account_data, "delete_account", fail_for_one)
    monkeypatch.setattr(account_data, "MAX_CLOSED", 2)  # the colleague is not among them
    assert close_due_accounts(now) == 1
    monkeypatch.undo()
    assert close_due_accounts(now) == 1
    assert User.objects.get(pk=colleague.pk).is_active


def test_nickname_of_an_account_that_is_about_to_close_is_shown_to_no_other_reader(
    chi: User, as_user: Any
) -> None:
    client, article = app(signed_up(nickname="새벽산책")), make.live()
    parent = post_comment(article, by=chi, text="첫 댓글")
    reply = post_comment(article, by=sol(), text="답글입니다", parent=parent.pk)
    ignore_reader("새벽산책", by=chi)
    own = as_user(chi)

    def read() -> str:
        pages = ["notifications/", "ignored/", "state/", "export/"]
        return "".join(own.get(f"/api/v1/me/{page}").content.decode() for page in pages)

    row = Notification.objects.with_comment().get(comment=reply)
    assert "새벽산책" in read()
    assert "새벽산책" in email_of([row]).subject
    assert client.put(ADDRESS).status_code == 200
    row = Notification.objects.with_comment().get(comment=reply)
    assert "새벽산책" not in read()
    assert "새벽산책" not in email_of([row]).subject + str(email_of([row]).body)
    assert "탈퇴한 이용자" in email_of([row]).subject
    assert mentioned_readers("@새벽산책 님", article_id=article.pk) == []
    assert client.delete(ADDRESS).status_code == 200
    assert "새벽산책" in read()


def test_export_has_hidden_comments_and_the_former_texts_of_edited_ones(
    chi: User, mo: User, as_user: Any
) -> None:
    """community B68."""
    comment = post_comment(make.live(), by=chi, text="처음에 쓴 글")
    edit_comment(comment, by=chi, text="고쳐 쓴 글")
    hide_comment(comment, by=mo, reason="욕설")
    (row,) = as_user(chi).get("/api/v1/me/export/").json()["comments"]
    assert (row["text"], row["state"]) == ("고쳐 쓴 글", "hidden")
    assert [former["text"] for former in row["former_texts"]] == ["처음에 쓴 글"]
