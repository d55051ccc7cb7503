"""Processing of uploads by a worker: states, retries, sandbox."""

import io
import re
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from media import processing
from media.images import sandbox
from media.images.limits import UnfitImage
from media.models import PendingUpload, Photo
from media.tasks import (
    PROCESSING_LOCK,
    delete_orphaned_uploads,
    process_due_uploads,
    process_uploads,
)
from tests.support import make

pytestmark = pytest.mark.django_db
PHOTOS_URL = "/api/v1/desk/photos/"
Worker = Callable[[], None]


@pytest.fixture
def worker(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> Worker:
    """Run the worker once, with its on_commit callbacks."""

    def run_worker() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            process_due_uploads()

    return run_worker


def upload(
    desk: make.DeskClient, raw: bytes | None = None, *, name: str = "a.jpg"
) -> dict[str, Any]:
    file = SimpleUploadedFile(name, make.image_bytes() if raw is None else raw, "image/jpeg")
    response = desk.client.post(
        PHOTOS_URL, {"file": file, "alt": "문 앞의 로봇"}, format="multipart"
    )
    assert response.status_code == 201, response.content
    photo: dict[str, Any] = response.json()
    return photo


def read_photo(desk: make.DeskClient, photo: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = desk.call("GET", f"photos/{photo['id']}/").json()
    return body


def truncated_image() -> bytes:
    """A truncated image with a complete header."""
    return make.image_bytes(size=(900, 600))[:-300]


def test_upload_responds_before_decoding(
    desk_api: make.DeskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*_: Any, **__: Any) -> None:
        raise AssertionError("a web thread decodes")

    with monkeypatch.context() as web:
        web.setattr(Image, "open", decode)
        photo = upload(desk_api, make.image_bytes(size=(300, 200), kind="TIFF"))
    assert (photo["state"], photo["failure"]) == ("processing", None)
    assert (photo["width"], photo["height"], photo["sources"]) == (300, 200, [])
    assert photo["path"].endswith("/300.jpg")


def test_original_is_private_until_decoded_and_then_deleted(
    desk_api: make.DeskClient, api: APIClient, worker: Worker
) -> None:
    photo = upload(desk_api)
    (original,) = PendingUpload.objects.values_list("original", flat=True)
    assert default_storage.exists(original)
    key = photo["path"].split("/")[3]
    for path in (photo["path"], f"/media/{original}", f"/media/photos/{key}/{original}"):
        assert api.get(path).status_code == 404
        assert desk_api.client.get(path).status_code == 404
    worker()
    ready = read_photo(desk_api, photo)
    assert (ready["state"], len(ready["sources"]), ready["path"]) == ("ready", 2, photo["path"])
    assert ready["placeholder"].startswith("data:image/webp")
    assert not default_storage.exists(original)
    assert not PendingUpload.objects.exists()
    assert list(
        Entry.objects.filter(kind="media.photo").order_by("pk").values_list("verb", "by_name")
    ) == [
        ("took_in", "ben"),
        ("processed", "시계"),
    ]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_failed_photo_says_why(desk_api: make.DeskClient, worker: Worker, language: str) -> None:
    photo = upload(desk_api, truncated_image())
    worker()
    desk_api.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    failed = read_photo(desk_api, photo)
    assert (failed["state"], failed["failure"]["code"]) == ("failed", "not_a_photo")
    assert bool(re.search("[가-힣]", failed["failure"]["detail"])) == (language == "ko")
    assert failed["sources"] == []
    assert default_storage.listdir("originals")[1] == []


@pytest.mark.parametrize("where", ["lead", "body"])
@pytest.mark.parametrize("verb", ["publish", "freeze", "schedule"])
def test_publishing_waits_for_photos_to_be_ready(
    desk_api: make.DeskClient, api: APIClient, worker: Worker, where: str, verb: str
) -> None:
    photo = upload(desk_api)
    if where == "lead":
        draft = make.draft(lead_photo=Photo.objects.get())
    else:
        draft = make.draft(body=f'<p>글</p><img src="{photo["path"]}" alt="로봇">')
    data = {"at": timezone.now() + timedelta(hours=1)} if verb == "schedule" else None
    refused = desk_api.act(draft.pk, verb, data)
    assert refused.status_code == 422
    assert "아직 처리 중인 사진 “문 앞의 로봇”" in refused.json()["detail"]
    problems = desk_api.call("GET", f"drafts/{draft.pk}/").json()["problems"]
    assert problems == refused.json()["problems"]
    worker()
    assert desk_api.call("GET", f"drafts/{draft.pk}/").json()["problems"] == []
    done = desk_api.act(draft.pk, verb, data)
    assert done.status_code in {200, 201}, done.content
    if verb == "publish":
        shown = api.get(photo["path"])
        assert Image.open(io.BytesIO(shown.getvalue())).size == (640, 400)


def test_publishing_with_a_failed_photo_is_refused(
    desk_api: make.DeskClient, worker: Worker
) -> None:
    upload(desk_api, truncated_image())
    worker()
    draft = make.draft(lead_photo=Photo.objects.get())
    refused = desk_api.act(draft.pk, "publish")
    assert refused.status_code == 422
    assert "열 수 없는 사진" in refused.json()["detail"]
    assert not Article.objects.live().exists()


def test_preview_omits_a_photo_that_is_being_processed(desk_api: make.DeskClient) -> None:
    upload(desk_api)
    draft = make.draft(lead_photo=Photo.objects.get())
    url = desk_api.act(draft.pk, "previews").json()["url"]
    page = APIClient().get(url.removeprefix("http://testserver"))
    assert page.status_code == 200
    assert "문 앞의 로봇" not in page.content.decode()


def test_draft_list_costs_the_same_queries_with_unready_photos(
    desk_api: make.DeskClient, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        photo = upload(desk_api)
        with django_assert_num_queries(5):
            listed = desk_api.call("GET", "drafts/?page_size=100").json()["results"]
            assert [len(row["problems"]) for row in listed] == [1] * number
        make.draft(body=f'<p>글</p><img src="{photo["path"]}" alt="로봇">')


# -- Admin ----------------------------------------------------------------------------------


@pytest.fixture
def admin(ben: User) -> Client:
    client = Client()
    client.force_login(ben)
    return client


def upload_form(raw: bytes, name: str = "a.jpg") -> dict[str, Any]:
    file = SimpleUploadedFile(name, raw, content_type="image/jpeg")
    return {"file": file, "alt": "복도의 로봇", "caption": "", "credit": ""}


def test_admin_shows_the_state_of_an_upload(
    admin: Client, worker: Worker, desk_api: make.DeskClient
) -> None:
    library = reverse("admin:media_photo_changelist")
    admin.post(reverse("admin:media_photo_add"), upload_form(make.image_bytes()))
    page = admin.get(library).content.decode()
    assert "처리 중" in page
    assert 'src=""' not in page
    worker()
    assert 'class="thumb" src="/desk/photos/' in admin.get(library).content.decode()
    admin.post(reverse("admin:media_photo_add"), upload_form(truncated_image(), "반.jpg"))
    worker()
    failed = Photo.objects.get(state="failed")
    for address in (library, reverse("admin:media_photo_change", args=[failed.pk])):
        assert "온전한 JPEG" in admin.get(address).content.decode()
    chooser = admin.get(reverse("admin:media_photo_choose")).content.decode()
    assert chooser.count('class="pick') == 1, "a failed photo is not offered"


def test_photo_chooser_offers_ready_photos(admin: Client, worker: Worker) -> None:
    library = reverse("admin:media_photo_choose")
    html = admin.post(library, upload_form(make.image_bytes())).content.decode()
    (pick,) = re.findall(r'<button type="button" class="pick[^>]*>', html)
    assert " disabled" in pick
    assert 'data-photo-state="processing"' in html
    worker()
    (pick,) = re.findall(
        r'<button type="button" class="pick[^>]*>', admin.get(library).content.decode()
    )
    assert " disabled" not in pick


@pytest.mark.parametrize("view_name", ["admin:media_photo_add", "admin:media_photo_choose"])
@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (make.image_bytes(size=(1, 1), kind="PNG"), "너무 작습니다"),
        (make.image_bytes(size=(50, 20_000)), "너무 길쭉합니다"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "온전한 JPEG"),
    ],
)
def test_admin_shows_the_upload_error_at_the_file_field(
    admin: Client, view_name: str, raw: bytes, message: str
) -> None:
    response = admin.post(reverse(view_name), upload_form(raw))
    shown = response.context["adminform"].form if "add" in view_name else response.context["form"]
    assert message in shown.errors["file"][0]
    assert list(shown.errors) == ["file"]
    assert "복도의 로봇" in response.content.decode()
    assert not Photo.objects.exists()


def test_admin_upload_form_names_the_formats(admin: Client) -> None:
    page = admin.get(reverse("admin:media_photo_add")).content.decode()
    for kind in ("image/heic", "image/avif", "image/tiff", ".heic", "HEIC·AVIF"):
        assert kind in page


# -- Workers ---------------------------------------------------------------------------------------


def test_upload_is_claimed_by_one_worker(desk_api: make.DeskClient) -> None:
    upload(desk_api)
    now = timezone.now()
    assert processing.claim_next_upload(now) is not None
    assert processing.claim_next_upload(now) is None


def test_upload_of_a_dead_worker_is_retried_and_failed_after_three_attempts(
    desk_api: make.DeskClient, worker: Worker
) -> None:
    photo = upload(desk_api)
    for attempt in range(3):
        now = timezone.now() + attempt * processing.CLAIM_LEASE
        assert processing.claim_next_upload(now) is not None, attempt
    last = processing.claim_next_upload(timezone.now() + 3 * processing.CLAIM_LEASE)
    assert last is not None
    processing.process_upload(last)
    assert read_photo(desk_api, photo)["failure"]["code"] == "cannot_decode"
    assert not PendingUpload.objects.exists()


def test_decoder_crash_stops_neither_the_worker_nor_the_queue(
    desk_api: make.DeskClient, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = upload(desk_api), upload(desk_api, make.image_bytes(kind="PNG"))
    decode = sandbox.make_renditions_in_child

    def crashing(original: Path, folder: Path) -> Any:
        if original.read_bytes().startswith(b"\xff\xd8"):
            raise sandbox.DecoderCrashed("status -11")
        return decode(original, folder)

    monkeypatch.setattr(processing, "make_renditions_in_child", crashing)
    for _ in range(3):
        worker()
        PendingUpload.objects.update(next_attempt_at=timezone.now())
    assert read_photo(desk_api, good)["state"] == "ready"
    assert read_photo(desk_api, bad)["failure"]["code"] == "cannot_decode"


def test_upload_is_retried_without_limit_when_the_storage_fails(
    desk_api: make.DeskClient, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = upload(desk_api)
    with monkeypatch.context() as full:
        full.setattr(processing, "write_renditions", raise_disk_full)
        for _ in range(5):
            worker()
            assert PendingUpload.objects.get().next_attempt_at > timezone.now()
            PendingUpload.objects.update(next_attempt_at=timezone.now())
    assert read_photo(desk_api, photo)["state"] == "processing"
    worker()
    assert read_photo(desk_api, photo)["state"] == "ready"


def raise_disk_full(*_: Any, **__: Any) -> None:
    raise OSError(28, "No space left on device")


def test_files_of_an_interrupted_attempt_are_overwritten(
    desk_api: make.DeskClient, worker: Worker
) -> None:
    photo = upload(desk_api)
    folder = photo["path"].rpartition("/")[0].removeprefix("/media/")
    default_storage.save(f"{folder}/640.jpg", ContentFile(b"half"))
    worker()
    assert sorted(default_storage.listdir(folder)[1]) == ["480.jpg", "640.jpg"]
    with default_storage.open(f"{folder}/640.jpg") as file:
        assert Image.open(file).size == (640, 400)


def test_upload_with_a_missing_original_fails(desk_api: make.DeskClient, worker: Worker) -> None:
    photo = upload(desk_api)
    default_storage.delete(PendingUpload.objects.get().original)
    worker()
    assert read_photo(desk_api, photo)["failure"]["code"] == "upload_lost"


def test_orphaned_original_is_deleted_after_a_day(desk_api: make.DeskClient, settings: Any) -> None:
    assert delete_orphaned_uploads() == "0 orphaned uploads deleted"
    upload(desk_api)
    default_storage.save("originals/left-behind", ContentFile(b"with a place in it"))
    assert delete_orphaned_uploads() == "0 orphaned uploads deleted"
    later = timezone.now() + timedelta(days=2)
    assert processing.delete_orphaned_originals(later) == 1
    assert default_storage.listdir("originals")[1] == [
        PendingUpload.objects.get().original.removeprefix("originals/")
    ]


def test_worker_decodes_one_photo_at_a_time(desk_api: make.DeskClient) -> None:
    upload(desk_api)
    with PROCESSING_LOCK:
        assert process_uploads() == "already running"
    assert Photo.objects.get().state == "processing"
    assert process_uploads() == "1 photos processed"
    assert Photo.objects.get().state == "ready"


# -- Sandbox -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_sandbox_returns_renditions_and_refusals(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "whole").write_bytes(make.image_bytes(size=(600, 300), kind="HEIF"))
    renditions = sandbox.make_renditions_in_child(tmp_path / "whole", folder)
    assert [file.name for file in renditions.files] == ["480.jpg", "600.jpg"]
    (tmp_path / "half").write_bytes(truncated_image())
    with pytest.raises(UnfitImage, match="not_a_photo"):
        sandbox.make_renditions_in_child(tmp_path / "half", folder)


def test_sandbox_is_killed_after_its_timeout(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "DECODE_TIMEOUT_SECONDS", 0.001)
    (tmp_path / "whole").write_bytes(make.image_bytes())
    with pytest.raises(sandbox.DecoderCrashed):
        sandbox.make_renditions_in_child(tmp_path / "whole", folder)


def test_sandbox_inherits_no_secrets(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_arguments: dict[str, Any] = {}
    monkeypatch.setenv("SECRET_KEY", "not for decoders")
    monkeypatch.setattr(
        subprocess, "run", lambda _command, **more: run_arguments.update(more) or 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        sandbox.make_renditions_in_child(tmp_path, folder)
    assert "not for decoders" not in str(run_arguments)
