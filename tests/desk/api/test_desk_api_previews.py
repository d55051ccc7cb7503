"""Preview links: the page of one draft, until the link expires or is revoked."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from desk.models import Draft, Preview
from tests.support import make

Desk = make.DeskClient


def create_preview_link(desk: Desk, draft: Draft, **data: Any) -> tuple[str, Any]:
    """The path of a new preview, and the response that created it."""
    response = desk.call("POST", f"drafts/{draft.pk}/previews/", data)
    assert response.status_code == 201, response.content
    return response.json()["url"].removeprefix("http://testserver"), response


def test_preview_link_shows_an_unpublished_story(desk_api: Desk, client: Client, ada: User) -> None:
    photo = make.photo()
    body = f'<p>첫 문단입니다.</p><img src="/media/photos/{photo.key}/640.jpg" alt="a">'
    draft = make.draft(
        headline="미리 보는 <b>기사</b>", poll=make.poll_data(), lead_photo=make.photo(), body=body
    )
    path, _response = create_preview_link(desk_api, draft)
    page = client.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    for data in ("미리 보는 &lt;b&gt;기사", "첫 문단입니다.", draft.summary_2, "한빛"):
        assert data in text
    assert "3줄 요약" in text
    opened = client.get(f"{path}photos/{photo.key}/640.jpg")
    assert opened.status_code == 200
    opened.getvalue()
    assert draft.article is None
    assert client.get(f"/api/v1/articles/{draft.slug or 'x'}/").status_code == 404


def test_preview_is_no_store_and_noindex(desk_api: Desk, client: Client) -> None:
    path, _response = create_preview_link(desk_api, make.draft())
    page = client.get(path)
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies


def test_preview_shows_the_current_text(desk_api: Desk, client: Client) -> None:
    article = make.live(headline="나간 제목")
    draft = make.draft_of(article)
    make.changed(draft, headline="고친 제목")
    path, _response = create_preview_link(desk_api, draft)
    assert "고친 제목" in client.get(path).content.decode()
    assert "나간 제목" in client.get(f"/articles/{article.slug}/").content.decode()


def test_incomplete_draft_has_a_preview(desk_api: Desk, client: Client) -> None:
    empty = Draft.objects.get(pk=desk_api.call("POST", "drafts/", {}).json()["id"])
    path, _response = create_preview_link(desk_api, empty)
    assert client.get(path).status_code == 200


def test_preview_serves_its_own_photos_only(desk_api: Desk, client: Client) -> None:
    own, foreign = make.photo(), make.photo()
    path, _response = create_preview_link(desk_api, make.draft(lead_photo=own))
    text = client.get(path).content.decode()
    shown = f"{path}photos/{own.key}/640.jpg"
    assert shown in text
    assert f"/media/photos/{own.key}" not in text
    opened = client.get(shown)
    assert (opened.status_code, opened["Cache-Control"]) == (200, "no-store")
    opened.getvalue()  # read to its end, and closed
    assert client.get(f"{path}photos/{foreign.key}/640.jpg").status_code == 404
    assert client.get(f"{path}photos/{own.key}/../secret").status_code == 404
    assert client.get(f"/media/photos/{own.key}/640.jpg").status_code == 404


def test_preview_link_expires(desk_api: Desk, client: Client) -> None:
    path, _response = create_preview_link(desk_api, make.draft(), days=2)
    with time_machine.travel(timezone.now() + timedelta(days=2, seconds=1), tick=False):
        assert client.get(path).status_code == 404


def test_revoked_preview_link_is_404(desk_api: Desk, client: Client) -> None:
    draft = make.draft()
    path, response = create_preview_link(desk_api, draft)
    other, _response = create_preview_link(desk_api, draft)
    road = f"previews/{response.json()['id']}/"
    assert desk_api.call("DELETE", road).status_code == 428
    assert desk_api.call("DELETE", road, etag='"x"').status_code == 412
    assert desk_api.call("DELETE", road, etag=response["ETag"]).status_code == 204
    assert desk_api.call("DELETE", road, etag="*").status_code == 204
    assert client.get(path).status_code == 404
    assert client.get(other).status_code == 200
    assert Entry.objects.filter(kind="desk.preview", verb="revoked").count() == 1


def test_preview_link_ends_with_its_draft_and_its_creator(
    desk_api: Desk, client: Client, ben: User
) -> None:
    draft = make.draft()
    path, _response = create_preview_link(desk_api, draft)
    desk_api.call("DELETE", f"drafts/{draft.pk}/", etag="*")
    assert client.get(path).status_code == 404
    desk_api.call("POST", f"drafts/{draft.pk}/restore/", {}, etag="*")
    assert client.get(path).status_code == 200
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "%00", "a" * 500, "..", "한글"])
def test_invalid_preview_token_is_404(db: None, client: Client, token: str) -> None:
    assert client.get(f"/desk/preview/{token}/").status_code == 404


def test_preview_url_is_returned_once_and_not_stored(desk_api: Desk, client: Client) -> None:
    draft = make.draft()
    path, response = create_preview_link(desk_api, draft)
    token = path.rstrip("/").rpartition("/")[2]
    (listed,) = desk_api.call("GET", f"drafts/{draft.pk}/previews/").json()["results"]
    assert "url" not in listed
    assert {name: response.json()[name] for name in listed} == listed
    assert token not in str(list(Preview.objects.values()))
    assert token not in str(list(Entry.objects.values()))


def test_preview_token_is_no_api_token(desk_api: Desk) -> None:
    path, _response = create_preview_link(desk_api, make.draft())
    token = path.rstrip("/").rpartition("/")[2]
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert client.get("/api/v1/desk/drafts/").status_code == 401


def test_preview_link_is_valid_for_a_month_at_most(desk_api: Desk) -> None:
    road = f"drafts/{make.draft().pk}/previews/"
    for days in (0, 31, "x", None, 10**30):
        assert desk_api.call("POST", road, {"days": days}).status_code == 400
    assert not Preview.objects.exists()


def test_preview_writes_nothing(desk_api: Desk, client: Client) -> None:
    draft = make.draft(poll=make.poll_data(), lead_photo=make.photo())
    path, _response = create_preview_link(desk_api, draft)
    before = Entry.objects.count()
    client.get(path)
    fresh = Draft.objects.select_related("poll", "lead_photo").get(pk=draft.pk)
    assert fresh.article is None
    assert fresh.poll
    assert not fresh.poll.public
    assert fresh.lead_photo
    assert not fresh.lead_photo.public
    assert Entry.objects.count() == before


def test_preview_lists_live_related_articles_only(desk_api: Desk, client: Client) -> None:
    hidden = make.planned(headline="아직 안 나간 기사").article
    open_one = make.live(headline="이미 나간 기사")
    path, _response = create_preview_link(desk_api, make.draft(related=[hidden, open_one]))
    text = client.get(path).content.decode()
    assert "이미 나간 기사" in text
    assert "아직 안 나간 기사" not in text
