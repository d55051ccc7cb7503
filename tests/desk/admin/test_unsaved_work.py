"""Unsaved work: forms submitted twice, conflicts with the same user, the session endpoint."""

import pytest
from django.test import Client

from accounts.models import User
from desk.actions import edit, move_to_trash
from desk.models import Draft
from tests.desk.admin.test_admin_stories import StoryPage
from tests.support import make

pytestmark = pytest.mark.django_db
ADD = "/admin/desk/draft/add/"


def test_form_submitted_twice_creates_one_draft(ben: User) -> None:
    bens_page = StoryPage(ben)
    page = bens_page.filled(None) | {"headline": "처음 머리", "body": "<p>글</p>", "_continue": "1"}
    first = bens_page.client.post(ADD, page)
    again = bens_page.client.post(ADD, page | {"headline": "고친 머리"})
    story = Draft.objects.get()
    assert first["Location"] == again["Location"] == f"/admin/desk/draft/{story.pk}/change/"
    assert story.headline == "고친 머리"
    assert story.body == "<p>글</p>"
    another = bens_page.filled(None) | {"headline": "다른 글", "_continue": "1"}
    bens_page.client.post(ADD, another)
    assert Draft.objects.count() == 2


def test_form_submitted_twice_does_not_overwrite_later_changes(ben: User) -> None:
    bens_page = StoryPage(ben)
    page = bens_page.filled(None) | {"headline": "처음 머리", "_continue": "1"}
    bens_page.client.post(ADD, page)
    edit(Draft.objects.get(), by=ben, headline="나중 머리")
    response = bens_page.client.post(ADD, page | {"headline": "낡은 머리"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "그사이 다른 창에서 직접 이 원고를 고쳤습니다" in html
    assert "다른 사람이 이 원고를" not in html
    assert "낡은 머리" in html
    assert Draft.objects.get().headline == "나중 머리"
    newest = Draft.objects.get().version
    bens_page.client.post(ADD, page | {"headline": "낡은 머리", "overwrite": newest})
    assert Draft.objects.get().headline == "낡은 머리"


def test_form_of_a_trashed_draft_creates_another_draft(ben: User) -> None:
    bens_page = StoryPage(ben)
    page = bens_page.filled(None) | {"headline": "버릴 글", "_continue": "1"}
    bens_page.client.post(ADD, page)
    move_to_trash(Draft.objects.get(), by=ben)
    assert bens_page.client.post(ADD, page).status_code == 302
    assert sorted(Draft.objects.values_list("headline", flat=True)) == ["버릴 글", "버릴 글"]


def test_form_token_of_another_user_is_not_found(ben: User, ada: User) -> None:
    page = StoryPage(ben).filled(None) | {"headline": "벤의 글", "_continue": "1"}
    StoryPage(ben).client.post(ADD, page)
    StoryPage(ada).client.post(ADD, page)
    StoryPage(ada).client.post(ADD, page | {"form_token": "kein Token"})
    assert Draft.objects.count() == 2


def test_api_names_a_conflict_with_the_same_user(desk_api: make.DeskClient) -> None:
    created = desk_api.call("POST", "drafts/", {"headline": "머리"})
    address = f"drafts/{created.json()['id']}/"
    desk_api.call("PATCH", address, {"headline": "새 머리"}, etag=created["ETag"])
    stale = desk_api.call("PATCH", address, {"headline": "낡은 머리"}, etag=created["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "edited_elsewhere")
    assert "다른 창에서 직접" in stale.json()["detail"]


def test_session_endpoint_names_the_signed_in_user(ben: User, chi: User) -> None:
    anonymous = Client().get("/admin/desk/draft/session/")
    assert anonymous.json() == {"user": None, "csrf_token": None}
    reader = Client()
    reader.force_login(chi)
    assert reader.get("/admin/desk/draft/session/").json()["user"] is None
    response = StoryPage(ben).client.get("/admin/desk/draft/session/")
    assert response.json()["user"] == ben.pk
    assert response.json()["csrf_token"]
    assert "no-store" in response["Cache-Control"]
    assert Client().post("/admin/desk/draft/session/").status_code in {403, 405}
