"""API of photos: upload, description, visibility."""

import io
import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import ExifTags, Image
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from media.models import Photo
from media.tasks import process_due_uploads as process_uploads
from tests.support import make

Desk = make.DeskClient
PHOTOS_URL = "/api/v1/desk/photos/"


def upload(desk: Desk, raw: bytes | None = None, *, name: str = "로봇.jpg", **texts: Any) -> Any:
    file = SimpleUploadedFile(name, make.image_bytes() if raw is None else raw, "image/jpeg")
    return desk.client.post(
        PHOTOS_URL, {"file": file, "alt": "문 앞의 로봇"} | texts, format="multipart"
    )


def status_code_of(client: APIClient, path: str) -> int:
    """The status code at a URL; the file is read to its end and closed."""
    response = client.get(path)
    response.getvalue()
    return int(response.status_code)


def test_uploaded_photo_has_its_texts_and_is_private(desk_api: Desk, api: APIClient) -> None:
    response = upload(desk_api, caption="시험실", credit="뉴스룸", focal_x="0.25", focal_y="1")
    assert response.status_code == 201, response.content
    body = response.json()
    assert (body["alt"], body["caption"], body["credit"]) == ("문 앞의 로봇", "시험실", "뉴스룸")
    assert (body["focal_x"], body["focal_y"]) == (0.25, 1.0)
    assert (body["width"], body["height"], body["public"]) == (640, 400, False)
    assert body["uploaded_by"] == "ben"
    assert response["ETag"] == desk_api.call("GET", f"photos/{body['id']}/")["ETag"]
    process_uploads()
    body = desk_api.call("GET", f"photos/{body['id']}/").json()
    assert [source["width"] for source in body["sources"]] == [480, 640]
    for source in body["sources"]:
        path = source["url"].removeprefix("http://testserver")
        assert status_code_of(desk_api.client, path) == 200
        assert status_code_of(api, path) == 401
        assert status_code_of(api, path.replace("/desk/", "/media/")) == 404


def test_photo_is_private_again_after_withdrawal(desk_api: Desk, api: APIClient) -> None:
    photo = make.photo()
    path = f"/media/photos/{photo.key}/640.jpg"
    one, two = make.live(lead_photo=photo), make.live(body=f'<p>글</p><img src="{path}" alt="a">')
    assert status_code_of(api, path) == 200
    for article, left in ((one, 200), (two, 404)):
        desk_api.call("POST", f"articles/{article.slug}/withdraw/", {"notice": "끝"}, etag="*")
        assert status_code_of(api, path) == left


def test_desk_api_links_to_the_url_where_a_photo_is_visible(desk_api: Desk) -> None:
    photo = make.photo()
    story = make.live(lead_photo=photo)

    def url_prefix() -> str:
        body = desk_api.call("GET", f"photos/{photo.pk}/").json()
        return str(urlsplit(body["sources"][0]["url"]).path.split("/")[1])

    assert url_prefix() == "media"
    Article.objects.filter(pk=story.pk).update(expires_at=timezone.now())
    assert url_prefix() == "desk", "expired, though the expiry task has not run yet"


def test_replaced_photo_is_private_again(desk_api: Desk, api: APIClient) -> None:
    old, new = make.photo(), make.photo()
    draft = make.draft_of(make.live(lead_photo=old))
    make.changed(draft, lead_photo=new)
    assert status_code_of(api, f"/media/photos/{old.key}/640.jpg") == 200
    desk_api.act(draft.pk, "publish")
    assert status_code_of(api, f"/media/photos/{old.key}/640.jpg") == 404
    assert status_code_of(api, f"/media/photos/{new.key}/640.jpg") == 200


def test_renditions_have_no_location_metadata(desk_api: Desk) -> None:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSProcessingMethod] = "비밀장소"
    body = upload(desk_api, make.image_bytes(exif=exif)).json()
    process_uploads()
    photo = Photo.objects.get(pk=body["id"])
    _folders, names = default_storage.listdir(f"photos/{photo.key}")
    assert names
    for name in names:
        with default_storage.open(f"photos/{photo.key}/{name}") as file:
            raw = file.read()
        assert not dict(Image.open(io.BytesIO(raw)).getexif())


@pytest.mark.parametrize(
    ("texts", "pointer"),
    [
        ({"alt": ""}, "/alt"),
        ({"alt": "가" * 251}, "/alt"),
        ({"focal_x": "1.5"}, "/focal_x"),
        ({"focal_y": "nan"}, "/focal_y"),
        ({"focal_y": "-inf"}, "/focal_y"),
        ({"caption": "가" * 301}, "/caption"),
        ({"nosuch": "1"}, "/nosuch"),
        ({"file": "not a file"}, "/file"),
        ({"file": SimpleUploadedFile("empty.jpg", b"")}, "/file"),
        ({"caption": "\u0000"}, "/caption"),
    ],
)
def test_invalid_upload_names_its_field(
    desk_api: Desk, texts: dict[str, Any], pointer: str
) -> None:
    response = upload(desk_api, **texts)
    assert response.status_code == 400, response.content
    assert response.json()["errors"][0]["pointer"] == pointer
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("그림.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_photo"),
        ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_photo"),
        ("photo.jpg", b"<html><script>alert(1)</script></html>", "not_a_photo"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 half", "not_a_photo"),
        ("점.png", make.image_bytes(size=(1, 1), kind="PNG"), "too_small"),
        ("띠.jpg", make.image_bytes(size=(50, 20_000)), "too_elongated"),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_unreadable_upload_is_refused_at_its_field_in_both_languages(
    desk_api: Desk, name: str, raw: bytes, code: str, language: str
) -> None:
    desk_api.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    response = upload(desk_api, raw, name=name)
    body = response.json()
    assert (response.status_code, body["code"]) == (400, code)
    assert response["Content-Type"] == "application/problem+json"
    assert body["errors"] == [{"pointer": "/file", "detail": body["detail"]}]
    assert bool(re.search("[가-힣]", body["detail"])) == (language == "ko")
    if code != "not_a_photo":
        assert re.search("32|40", body["detail"]), "the message names the limit"
    assert not Photo.objects.exists()
    assert not default_storage.exists("originals")


NAMES = {
    "a date with dots": "2026.11.27 회의",
    "a number with a dot": "제1.5차 회담",
    "a space at the end": "사진.jpg ",
    "an old ending": "a.jpe",
    "a query": "photo.jpg?w=1200",
    "no ending": "사진",
    "another format": "캡처.JPG",
    "decomposed Hangul": unicodedata.normalize("NFD", "회의실 창가.jpg"),
    "very long": "가" * 300 + ".jpg",
    "a script": "photo.php",
    "a page": "photo.html",
    "a path": "../../admin/x.jpg",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_upload_is_accepted_whatever_its_file_name(desk_api: Desk, name: str, kind: str) -> None:
    response = upload(desk_api, make.image_bytes(size=(64, 40), kind=kind), name=NAMES[name])
    assert response.status_code == 201, response.content
    title = response.json()["title"]
    assert title
    assert title == unicodedata.normalize("NFC", title)
    assert len(title) <= 200


@pytest.mark.parametrize(
    "sent", ["text/html", "application/octet-stream", "image/svg+xml", "image/png"]
)
def test_upload_ignores_the_content_type(desk_api: Desk, sent: str) -> None:
    file = SimpleUploadedFile("a.jpg", make.image_bytes(), sent)
    response = desk_api.client.post(PHOTOS_URL, {"file": file, "alt": "로봇"}, format="multipart")
    assert response.status_code == 201, response.content
    process_uploads()
    assert Photo.objects.get().sources[-1]["type"] == "image/jpeg"


def test_invisible_alternative_text_is_refused(desk_api: Desk) -> None:
    body = upload(desk_api, alt="\u3164\u200b").json()
    assert (body["code"], body["errors"][0]["pointer"]) == ("invalid", "/alt")


def test_upload_over_the_size_limit_is_refused(desk_api: Desk, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    response = upload(desk_api)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert response.json()["errors"][0]["pointer"] == "/file"
    assert response["Content-Type"] == "application/problem+json"
    settings.UPLOAD_MAX_BYTES = -64 * 1024 + 200  # so that the head of the request is enough
    assert upload(desk_api).status_code == 413


def test_upload_texts_are_limited_in_length(desk_api: Desk) -> None:
    response = upload(desk_api, caption="a" * (3 * 1024 * 1024))
    assert response.status_code in {400, 413}
    assert response["Content-Type"] == "application/problem+json"


def test_upload_as_json_is_refused(desk_api: Desk) -> None:
    assert desk_api.call("POST", "photos/", {"alt": "x"}).status_code == 415
    broken = desk_api.client.generic(
        "POST", PHOTOS_URL, "--x\r\nbroken", content_type="multipart/form-data; boundary=x"
    )
    assert broken.status_code == 400


def test_photo_description_changes_with_if_match(desk_api: Desk) -> None:
    photo = make.photo()
    path = f"photos/{photo.pk}/"
    etag = desk_api.call("GET", path)["ETag"]
    texts = {"alt": "손잡이를 돌리는 로봇", "focal_x": 0.1}
    assert desk_api.call("PATCH", path, texts).status_code == 428
    first = desk_api.call("PATCH", path, texts, etag=etag)
    assert first.status_code == 200, first.content
    assert {name: first.json()[name] for name in texts} == texts
    second = desk_api.call("PATCH", path, {"alt": "나중"}, etag=etag)
    assert second.status_code == 412
    assert second["ETag"] == first["ETag"]
    assert desk_api.call("PATCH", path, {"caption": ""}, etag="*").status_code == 200
    assert desk_api.call("PATCH", path, {"alt": None}, etag="*").status_code == 400
    assert desk_api.call("PATCH", path, {"focal_x": True}, etag="*").status_code == 400
    for text in ("0.5", "nan"):
        assert desk_api.call("PATCH", path, {"focal_x": text}, etag="*").status_code == 400
    assert desk_api.call("PATCH", path, {"width": 1}, etag="*").status_code == 400


def test_photo_library_is_searched_and_paginated(desk_api: Desk) -> None:
    whale, door = make.photo(alt="바다의 고래"), make.photo()
    listed = desk_api.call("GET", "photos/?page_size=1").json()
    assert [row["id"] for row in listed["results"]] == [door.pk]
    rest = desk_api.call("GET", listed["next"].partition("/desk/")[2]).json()
    assert [row["id"] for row in rest["results"]] == [whale.pk]
    results = desk_api.call("GET", "photos/?q=고래").json()["results"]
    assert [row["id"] for row in results] == [whale.pk]


def test_photo_library_costs_the_same_queries_for_one_and_for_twenty(
    desk_api: Desk, django_assert_num_queries: Any
) -> None:
    make.photo()
    with django_assert_num_queries(4):
        desk_api.call("GET", "photos/?page_size=100")
    for _ in range(19):
        make.photo()
    with django_assert_num_queries(4):
        assert len(desk_api.call("GET", "photos/?page_size=100").json()["results"]) == 20


def test_readers_cannot_upload_photos(chi: User, as_user: Any) -> None:
    file = SimpleUploadedFile("a.jpg", make.image_bytes(), "image/jpeg")
    response = as_user(chi).post(PHOTOS_URL, {"file": file, "alt": "x"}, format="multipart")
    assert response.status_code == 403
    assert not Photo.objects.exists()
