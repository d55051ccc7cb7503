"""Texts of photos: frozen with the edition, overridden in a draft, prefilled by the library."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import Article, Edition
from desk.actions import edit, publish_now
from desk.archive.exporting import export_article
from desk.archive.importing import import_line
from desk.models import Draft
from media.actions import describe_photo
from media.models import Photo
from newsroom.http.canonical_urls import absolute_url
from tests.desk.admin.test_admin_stories import StoryPage
from tests.support import make

LIBRARY = {"alt": "문 앞에 선 로봇", "caption": "시험실", "credit": "뉴스룸"}
CHANGED: Any = {"alt": "바꿔치기한 설명", "caption": "바꿔치기한 캡션", "credit": "바꿔치기한 출처"}

FIGURE = (
    '<p>글</p><figure><img src="/media/photos/{key}/640.jpg" alt="본문 사진">'
    "<figcaption>본문 캡션</figcaption></figure>"
)


def public_bodies(client: Client, article: Article) -> dict[str, str]:
    """All public responses with the article and its photo: URL to ETag and body."""
    slug = article.slug
    addresses = [
        f"/articles/{slug}/",
        "/",
        f"/api/v1/articles/{slug}/",
        "/api/v1/articles/",
        f"/api/v1/articles/{slug}/ninjs/",
        "/feeds/rss.xml",
        "/feeds/atom.xml",
        "/feeds/feed.json",
        "/oembed?" + urlencode({"url": absolute_url(article.get_absolute_url())}),
    ]
    responses = {address: client.get(address) for address in addresses}
    assert {
        address: a.status_code for address, a in responses.items() if a.status_code != 200
    } == {}
    return {at: f"{a.headers.get('ETag', '')} {a.text}" for at, a in responses.items()}


def published_texts(client: Client, article: Article) -> dict[str, str]:
    photo = client.get(f"/api/v1/articles/{article.slug}/").json()["lead_photo"]
    return {name: photo[name] for name in LIBRARY}


@pytest.mark.django_db
@pytest.mark.parametrize("interface", ["api", "admin"])
def test_changed_library_texts_do_not_change_a_live_article(
    client: Client, ada: User, interface: str
) -> None:
    """faults R1: in no public response until the article is published again."""
    photo = make.photo()
    article = make.live(lead_photo=photo, body=FIGURE.format(key=photo.key), poll=make.poll_data())
    before = public_bodies(client, article)
    change_library_texts(interface, photo, by=ada)
    photo.refresh_from_db()
    assert {name: getattr(photo, name) for name in CHANGED} == CHANGED
    after = public_bodies(client, article)
    assert after == before
    assert not any("바꿔치기" in text for text in after.values())


def change_library_texts(interface: str, photo: Photo, *, by: User) -> None:
    """Change the library's texts by the API or the admin."""
    if interface == "api":
        desk = make.DeskClient(by)
        etag = desk.call("GET", f"photos/{photo.pk}/")["ETag"]
        assert desk.call("PATCH", f"photos/{photo.pk}/", CHANGED, etag=etag).status_code == 200
    else:
        admin = Client()
        admin.force_login(by)
        page = reverse("admin:media_photo_change", args=[photo.pk])
        response = admin.post(page, CHANGED | {"focal_x": "0.5", "focal_y": "0.5"})
        assert response.status_code == 302


@pytest.mark.django_db
def test_next_edition_freezes_the_current_library_texts(client: Client, ben: User) -> None:
    photo = make.photo()
    article = make.live(lead_photo=photo)
    describe_photo(photo, by=ben, **CHANGED)
    assert published_texts(client, article) == LIBRARY
    publish_now(make.draft_of(article), by=ben)
    assert published_texts(client, article) == CHANGED
    page = client.get(f"/articles/{article.slug}/").text
    assert f'property="og:image:alt" content="{CHANGED["alt"]}"' in page
    assert CHANGED["caption"] in page
    first, second = Edition.objects.filter(article=article).order_by("number")
    assert (first.lead_photo_text, second.lead_photo_text) == (LIBRARY, CHANGED)


@pytest.mark.django_db
def test_photo_texts_can_be_overridden_for_one_article(client: Client, ben: User) -> None:
    photo = make.photo()
    own = make.live(lead_photo=photo, lead_photo_text={"caption": "문이 열린 뒤"})
    other = make.live(lead_photo=photo)
    assert published_texts(client, own) == LIBRARY | {"caption": "문이 열린 뒤"}
    assert published_texts(client, other) == LIBRARY
    describe_photo(photo, by=ben, **CHANGED)
    publish_now(make.draft_of(own), by=ben)
    assert published_texts(client, own) == CHANGED | {"caption": "문이 열린 뒤"}


@pytest.mark.django_db
def test_desk_api_sets_and_removes_photo_text_overrides(
    desk_api: make.DeskClient,
) -> None:
    photo = make.photo()
    data = {"lead_photo": photo.pk, "lead_photo_text": {"alt": "문을 미는 로봇", "caption": ""}}
    draft = desk_api.call("POST", "drafts/", data)
    assert draft.status_code == 201
    assert draft.json()["lead_photo_text"] == {"alt": "문을 미는 로봇", "caption": ""}
    at = f"drafts/{draft.json()['id']}/"
    other = desk_api.call("PATCH", at, {"lead_photo": make.photo().pk}, etag=draft["ETag"])
    assert other.json()["lead_photo_text"] is None  # overrides belonged to the former photo
    again = desk_api.call("PATCH", at, {"lead_photo_text": {"credit": "독자"}}, etag=other["ETag"])
    assert again.json()["lead_photo_text"] == {"credit": "독자"}
    none = desk_api.call("PATCH", at, {"lead_photo_text": None}, etag=again["ETag"])
    assert none.json()["lead_photo_text"] is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"alt": " "}, "/lead_photo_text/alt"),
        ({"caption": "가" * 301}, "/lead_photo_text/caption"),
        ({"title": "이름"}, "/lead_photo_text/title"),
        ([], "/lead_photo_text"),
    ],
)
def test_invalid_photo_text_override_is_named(
    desk_api: make.DeskClient, wrong: Any, pointer: str
) -> None:
    response = desk_api.call("POST", "drafts/", {"lead_photo_text": wrong})
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


@pytest.mark.django_db
def test_draft_page_prefills_library_texts_and_stores_only_overrides(ben: User) -> None:
    page, photo = StoryPage(ben), make.photo()
    draft = make.draft(lead_photo=photo)
    html = page.client.get(page.address(draft)).text
    assert re.search(r'name="photo_caption" value="시험실"', html)
    page.send(draft)
    draft.refresh_from_db()
    assert (draft.version, draft.lead_photo_text) == (1, {})
    page.send(draft, photo_caption="", photo_credit="독자 제공")
    draft.refresh_from_db()
    assert draft.lead_photo_text == {"caption": "", "credit": "독자 제공"}
    page.send(draft, lead_photo=str(make.photo().pk))  # overrides belonged to the former photo
    draft.refresh_from_db()
    assert draft.lead_photo_text == {}


@pytest.mark.django_db
def test_edit_conflict_shows_the_other_photo_texts(ben: User, ada: User) -> None:
    page, draft = StoryPage(ben), make.draft(lead_photo=make.photo())
    filled = page.filled(draft)
    edit(draft, by=ada, lead_photo_text={"caption": "그사이 고친 캡션"})
    typed = {"_continue": "1", "deck": "내 부제", "photo_caption": "내 캡션"}
    response = page.client.post(page.address(draft), filled | typed)
    assert "그사이 고친 캡션" in response.text
    assert Draft.objects.get(pk=draft.pk).lead_photo_text == {"caption": "그사이 고친 캡션"}


@pytest.mark.django_db
def test_preview_shows_photo_text_overrides(ben: User, client: Client) -> None:
    draft = make.draft(lead_photo=make.photo(), lead_photo_text={"caption": "미리 보는 캡션"})
    desk = make.DeskClient(ben)
    etag = desk.call("GET", f"drafts/{draft.pk}/")["ETag"]
    url = desk.call("POST", f"drafts/{draft.pk}/previews/", {}, etag=etag).json()["url"]
    assert "미리 보는 캡션" in client.get(url.replace("http://testserver", "")).text


@pytest.mark.django_db
def test_archive_has_the_photo_texts_of_each_edition(client: Client, ben: User) -> None:
    photo = make.photo()
    article = make.live(lead_photo=photo, lead_photo_text={"caption": "첫 판의 캡션"})
    make.changed(make.draft_of(article), lead_photo_text={"caption": "둘째 판의 캡션"})
    publish_now(make.draft_of(article), by=ben)
    line = export_article(article) | {"slug": "다른-곳에서-온"}
    del line["id"]  # as if it came from elsewhere
    assert line["lead_photo_text"] == LIBRARY | {"caption": "둘째 판의 캡션"}
    assert line["earlier"][0]["lead_photo_text"]["caption"] == "첫 판의 캡션"
    assert import_line(json.loads(json.dumps(line)), file_slugs=set(), dropped=set(), by=ben)
    imported = Article.objects.get(slug="다른-곳에서-온")
    assert published_texts(client, imported) == LIBRARY | {"caption": "둘째 판의 캡션"}
    assert make.draft_of(imported).lead_photo_text == {"caption": "둘째 판의 캡션"}


@pytest.mark.django_db
def test_database_refuses_changes_of_frozen_photo_texts() -> None:
    edition = Edition.objects.get(article=make.live(lead_photo=make.photo()))
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(lead_photo_text=CHANGED)
