"""Photos in object storage, with a real S3 server."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from desk.actions import withdraw
from media.models import Photo
from media.representation import photo_file_path
from newsroom import storage
from tests.support import make
from tests.support.loopback.object_storage import BUCKET, object_keys, object_storage, s3_client

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with object_storage() as given:
        yield given


@pytest.fixture
def bucket(
    server: dict[str, str], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> dict[str, str]:
    """The site with its photos in a bucket, configured by environment variables."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = settings.STORAGES | {"default": storage.media_storage_settings()}
    return server


WIDEST = "640.jpg"


def photo_url(photo: Photo) -> str:
    return photo_file_path(photo, WIDEST)


def read_body(response: Any) -> bytes:
    return b"".join(response.streaming_content)  # read to its end, the client closes it


def etag(api: APIClient, photo: Photo) -> str:
    response = api.get(photo_url(photo))
    read_body(response)
    return str(response["ETag"])


def test_photo_is_stored_in_the_bucket_and_served_by_the_site(
    bucket: dict[str, str], api: APIClient, settings: Any
) -> None:
    photo = make.photo()
    make.live(lead_photo=photo)
    response = api.get(photo_url(photo))
    picture = Image.open(io.BytesIO(read_body(response)))
    assert (response.status_code, response["Content-Type"], picture.size) == (
        200,
        "image/jpeg",
        (640, 400),
    )
    assert f"photos/{photo.key}/{WIDEST}" in object_keys(bucket)
    assert not settings.MEDIA_ROOT.exists(), "something was written to the folder"


def test_private_photo_in_the_bucket_is_a_404(
    bucket: dict[str, str], api: APIClient, desk_api: make.DeskClient
) -> None:
    photo = make.photo()
    assert api.get(photo_url(photo)).status_code == 404
    assert api.head(photo_url(photo)).status_code == 404
    stored = s3_client(bucket).head_object(Bucket=BUCKET, Key=f"photos/{photo.key}/{WIDEST}")
    assert stored["ContentType"] == "image/jpeg"


def test_photo_of_a_withdrawn_article_is_a_404_also_with_its_etag(
    bucket: dict[str, str], api: APIClient, ben: User
) -> None:
    photo = make.photo()
    article = make.live(lead_photo=photo)
    tag = etag(api, photo)
    assert api.get(photo_url(photo), HTTP_IF_NONE_MATCH=tag).status_code == 304
    withdraw(article, notice="사진을 잘못 썼습니다.", by=ben)
    assert api.get(photo_url(photo), HTTP_IF_NONE_MATCH=tag).status_code == 404


def test_photo_304_makes_no_request_to_the_storage(bucket: dict[str, str], api: APIClient) -> None:
    photo = make.photo()
    make.live(lead_photo=photo)
    tag = etag(api, photo)
    s3_client(bucket).delete_object(Bucket=BUCKET, Key=f"photos/{photo.key}/{WIDEST}")
    again = api.get(photo_url(photo), HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again["Cache-Control"]) == (304, "public, max-age=300")


def test_photo_missing_in_the_bucket_is_a_404(bucket: dict[str, str], api: APIClient) -> None:
    photo = make.photo()
    make.live(lead_photo=photo)
    s3_client(bucket).delete_object(Bucket=BUCKET, Key=f"photos/{photo.key}/{WIDEST}")
    assert api.get(photo_url(photo)).status_code == 404


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"S3_ENDPOINT_URL": "http://s3.example.com"}, "S3_BUCKET"),
        ({"S3_BUCKET": "photos", "S3_ACCESS_KEY_ID": "somebody"}, "go together"),
    ],
    ids=["no bucket", "half a key"],
)
def test_incomplete_storage_settings_are_refused(
    given: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=message):
        storage.storage_settings(debug=False)


def test_storage_secret_can_be_read_from_a_file(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("S3_BUCKET", "photos")
    monkeypatch.setenv("S3_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY_FILE", str(tmp_path / "key"))
    assert storage.media_storage_settings()["OPTIONS"]["secret_key"] == "from a file"


def test_missing_storage_secret_file_is_refused(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S3_BUCKET_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match="S3_BUCKET_FILE"):
        storage.media_storage_settings()
