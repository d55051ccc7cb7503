"""The list of one's own sessions: devices in words, sign-out of one and of all, in every door."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.devices import device_of
from accounts.models import User, UserSession
from accounts.session_store import LAST_USE_INTERVAL
from audit.models import Entry
from tests.accounts.test_accounts_api import APP, BROWSER, SOL, app, send, signed_up

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/sessions/"
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1"
)


def browser(user_agent: str) -> APIClient:
    """A browser with this User-Agent in which Sol has signed in."""
    client = APIClient(HTTP_USER_AGENT=user_agent, HTTP_ACCEPT_LANGUAGE="ko")
    assert send(f"{BROWSER}/login", SOL, client).status_code == 200
    return client


def sessions_of(client: APIClient) -> list[dict[str, Any]]:
    response = client.get(ADDRESS)
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    rows: list[dict[str, Any]] = response.json()["sessions"]
    return rows


def test_sessions_are_listed_with_their_device_in_words_and_the_own_one_marked() -> None:
    signed_up()
    desktop, telephone = browser(WINDOWS), browser(IPHONE)
    rows = sessions_of(telephone)
    assert sorted(row["device"] for row in rows) == ["Chrome, Windows", "Safari, iPhone", "앱"]
    assert [row["device"] for row in rows if row["is_current"]] == ["Safari, iPhone"]
    assert [row["device"] for row in sessions_of(desktop) if row["is_current"]] == [
        "Chrome, Windows"
    ]
    assert all(row["signed_in_at"] for row in rows)


def test_neither_address_nor_user_agent_nor_key_is_stored_or_shown() -> None:
    signed_up()
    client = browser(WINDOWS)
    key = client.cookies["sessionid"].value
    stored = UserSession.objects.get(pk=key)
    assert key not in client.get(ADDRESS).content.decode()
    text = str(stored.get_decoded())
    assert "Mozilla" not in text
    assert "127.0.0.1" not in text


@pytest.mark.parametrize("is_app", [False, True])
def test_one_session_is_ended_at_the_next_request_of_its_browser_or_app(is_app: bool) -> None:
    token, desktop = signed_up(), browser(WINDOWS)
    here, there = (desktop, app(token)) if is_app else (app(token), desktop)
    (other,) = [row for row in sessions_of(here) if not row["is_current"]]
    assert other["is_app"] is is_app
    assert here.delete(f"{ADDRESS}{other['id']}/").status_code == 204
    assert there.get("/api/v1/me/").status_code == 401
    assert len(sessions_of(here)) == 1
    assert here.delete(f"{ADDRESS}{other['id']}/").status_code == 404
    assert Entry.objects.filter(verb="session_ended").count() == 1


def test_session_of_another_reader_cannot_be_ended(chi: User, as_user: Any) -> None:
    """community B66: an id of another account's session is answered like one that does not exist."""
    client = app(signed_up())
    (own,) = sessions_of(client)
    assert as_user(chi).delete(f"{ADDRESS}{own['id']}/").status_code == 404
    assert as_user(chi).delete(f"{ADDRESS}{'0' * 32}/").status_code == 404
    assert client.get("/api/v1/me/").status_code == 200


def test_sessions_that_a_new_password_has_ended_are_not_listed() -> None:
    token = signed_up()
    browser(WINDOWS)
    change = {"current_password": SOL["password"], "new_password": "another-long-one-9"}
    response = send("/_allauth/app/v1/account/password/change", change, app(token))
    here = app(response.json().get("meta", {}).get("session_token", token))
    assert [row["is_current"] for row in sessions_of(here)] == [True]


def test_signing_out_everywhere_leaves_the_own_session_alone_in_the_list() -> None:
    client = app(signed_up())
    browser(WINDOWS)
    assert client.delete(ADDRESS).status_code == 204
    assert [row["is_current"] for row in sessions_of(client)] == [True]
    assert UserSession.objects.count() == 1


def test_last_use_is_written_once_in_ten_minutes() -> None:
    client = app(signed_up())
    former = timezone.now() - LAST_USE_INTERVAL - timedelta(minutes=1)
    UserSession.objects.update(last_used_at=former)
    (row,) = sessions_of(client)
    assert row["last_used_at"] > former.isoformat()
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/v1/me/")
    assert not [q for q in queries if q["sql"].startswith("UPDATE")]


def test_number_of_queries_of_the_list_does_not_grow() -> None:
    client = app(signed_up())
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            sessions_of(client)
        counts.append(len(queries))
        for _n in range(4):
            send(f"{APP}/login", SOL)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("user_agent", "is_app", "label"),
    [
        (WINDOWS + " Edg/142.0", False, "Edge, Windows"),
        (WINDOWS.replace("Chrome", "Whale/4.3 Chrome"), False, "Whale, Windows"),
        ("Mozilla/5.0 (Linux; Android 16) SamsungBrowser/29.0", False, "Samsung Internet, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) Firefox/146.0", False, "Firefox, macOS"),
        ("okhttp/5.1 (Android)", True, "앱, Android"),
        ("curl/8.9", False, "알 수 없는 기기"),
        ("", True, "앱"),
    ],
)  # fmt: skip
def test_device_is_one_of_the_listed_names(user_agent: str, is_app: bool, label: str) -> None:
    assert device_of(user_agent, is_app=is_app).label() == label


def test_sessions_of_the_former_table_are_taken_over_and_written_back(chi: User) -> None:
    """Those that have not expired stay signed in across the migration."""
    migration = import_module("accounts.migrations.0005_user_sessions")
    client = Client()
    client.force_login(chi)
    row = UserSession.objects.get()
    migration.write_sessions_back(apps, None)
    over = Session.objects.create(
        session_key="over", session_data=row.session_data, expire_date=timezone.now()
    )
    UserSession.objects.all().delete()
    migration.take_over_sessions(apps, None)
    assert list(UserSession.objects.values_list("pk", "user")) == [(row.pk, chi.pk)]
    assert client.get("/api/v1/me/").status_code == 200
    assert not Session.objects.filter(pk__in=[row.pk, over.pk]).exists()
