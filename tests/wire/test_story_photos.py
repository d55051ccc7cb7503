"""Photos of stories: fetched once into the library, private, with caption, credit, rights."""

import base64
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from media.models import PendingUpload, Photo
from media.tasks import process_due_uploads
from tests.support import make
from tests.support.loopback.receivers import LOOPBACK_NETWORKS, HTTPReceiver, ReceiverResponse
from tests.wire.channels.conftest import Killed, dying_before_statement
from wire.actions import insert_delivery, photos
from wire.actions.filing import file_delivery
from wire.actions.photos import RETRY_DELAYS, fetch_due_picture
from wire.admin.pictures import story_pictures
from wire.models import Source, Story, StoryPhoto
from wire.parsers.result import Caption, Media, ParsedDelivery, ParsedStory

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], APIClient]


@pytest.fixture
def yonhap(db: None) -> Source:
    return Source.objects.get(slug="yonhap")


@pytest.fixture
def agency(receiver: HTTPReceiver, monkeypatch: pytest.MonkeyPatch) -> HTTPReceiver:
    """A server on loopback from which pictures may be fetched."""
    monkeypatch.setattr(photos, "PRIVATE_NETWORKS", LOOPBACK_NETWORKS)
    receiver.answer = picture()
    return receiver


def picture(raw: bytes = b"") -> ReceiverResponse:
    return 200, {"Content-Type": "image/jpeg"}, raw or make.image_bytes()


def filed(source: Source, *media: Media, raw: bytes = b"copy", **fields: Any) -> Story:
    """The story of a delivery with these media."""
    values = {
        "headline": "가상시, 다리를 다시 연다",
        "identifier": "urn:가상:1",
        "agency": "가상통신",
    }
    story = ParsedStory(**{**values, "media": list(media), **fields})
    delivery = insert_delivery(source, raw=raw, name="", content_type="", by=None)
    parsed = ParsedDelivery([story], "ninjs", "utf-8")
    filed = file_delivery(delivery, parsed=parsed, by=None)
    assert filed.version is not None
    return filed.version.story


def picture_of(story: Story) -> StoryPhoto:
    return StoryPhoto.objects.get(version__story=story)


def fetch_all() -> int:
    number = 0
    while fetch_due_picture(timezone.now()):
        number += 1
    return number


def test_a_picture_becomes_a_private_photo_with_its_texts(
    agency: HTTPReceiver, yonhap: Source
) -> None:
    story = filed(
        yonhap,
        Media(
            f"{agency.url}/다리.jpg",
            media_type="image/jpeg",
            caption="다시 연 다리",
            credit="가상통신",
        ),
        Media(f"{agency.url}/clip.mp4", media_type="video/mp4"),
        captions=[Caption("다시 연 다리", resale_prohibited=True)],
        rights="무단 전재 금지",
    )
    assert fetch_all() == 1
    row = picture_of(story)
    assert row.state == StoryPhoto.State.FETCHED
    photo = Photo.objects.get()
    assert (photo.caption, photo.credit, photo.alt) == ("다시 연 다리", "가상통신", "다시 연 다리")
    assert (photo.rights, photo.resale_prohibited) == ("무단 전재 금지", True)
    assert (photo.public, photo.uploaded_by, photo.title) == (False, None, "다리.jpg")
    assert process_due_uploads() == 1
    assert Photo.objects.get().is_ready
    assert not Photo.objects.public().exists()


def test_the_same_picture_is_fetched_once_whatever_carries_it(
    agency: HTTPReceiver, yonhap: Source
) -> None:
    one = Media(f"{agency.url}/1.jpg")
    for number in range(3):
        filed(yonhap, one, paragraphs=[f"{number}번째 판."], agency_version=str(number + 1))
    two = Media(f"{agency.url}/2.jpg")
    story = filed(yonhap, one, two, paragraphs=["또 다른 판."], agency_version="9")
    fetch_all()
    assert (len(agency.got), Photo.objects.count()) == (2, 1)
    assert len(story_pictures(story)) == 1
    filed(yonhap, one, paragraphs=["판이 하나 더."], agency_version="10")  # linked at once
    assert not StoryPhoto.objects.filter(state="waiting").exists()
    assert StoryPhoto.objects.values("photo").distinct().count() == 1


def test_pictures_attached_to_a_mail_are_taken_from_its_bytes(yonhap: Source) -> None:
    message = EmailMessage()
    message["Subject"] = "다리"
    message.set_content("가상시는 다리를 다시 연다.")
    message.add_attachment(
        make.image_bytes(), maintype="image", subtype="jpeg", filename="다리.jpg"
    )
    story = filed(yonhap, Media(attachment=0, media_type="image/jpeg"), raw=bytes(message))
    fetch_all()
    photo = picture_of(story).photo
    assert photo is not None
    assert (photo.title, photo.credit) == ("다리.jpg", "가상통신")
    assert photo.alt == "‘가상시, 다리를 다시 연다’ 기사의 사진"


def test_a_picture_is_tried_again_and_given_up_with_its_reason(
    agency: HTTPReceiver, yonhap: Source, as_user: SignIn, ben: User
) -> None:
    agency.answer = 503
    story = filed(yonhap, Media(f"{agency.url}/1.jpg", caption="다리"))
    now = timezone.now()
    for number in range(len(RETRY_DELAYS)):
        with time_machine.travel(now + timedelta(days=number)):
            assert fetch_due_picture(timezone.now()) is not None
            assert fetch_due_picture(timezone.now()) is None  # not at once again
    row = picture_of(story)
    assert (row.state, row.attempts) == (StoryPhoto.State.FAILED, len(RETRY_DELAYS))
    page = as_user(ben).get(reverse("admin:wire_story_change", args=[story.pk])).content.decode()
    assert "서버가 사진을 주지 않았습니다(HTTP 503)" in page
    assert "다시 가져오기" in page
    agency.answer = picture()
    press = reverse("admin:wire_storyphoto_press", args=[row.pk, "retry"])
    assert "곧 가져옵니다" in as_user(ben).post(press, follow=True).content.decode()
    fetch_all()
    row.refresh_from_db()
    assert row.state == StoryPhoto.State.FETCHED
    page = as_user(ben).get(reverse("admin:wire_story_change", args=[story.pk])).content.decode()
    assert "사진첩에 있음" in page


def test_a_picture_whose_photo_was_deleted_can_be_fetched_again(
    agency: HTTPReceiver, yonhap: Source, ben: User
) -> None:
    story = filed(yonhap, Media(f"{agency.url}/1.jpg"))
    fetch_all()
    Photo.objects.all().delete()
    photos.retry_picture(picture_of(story), by=ben)
    fetch_all()
    assert picture_of(story).photo == Photo.objects.get()


def test_a_picture_that_breaks_or_kills_its_worker_is_given_up_too(
    agency: HTTPReceiver, yonhap: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: Any, **_values: Any) -> None:
        raise RuntimeError

    def kills(*_args: Any, **_values: Any) -> None:
        raise Killed

    for number, fault in enumerate((breaks, kills)):
        monkeypatch.setattr(photos, "receive_photo", fault)
        story = filed(yonhap, Media(f"{agency.url}/{number}.jpg"), identifier=f"urn:가상:{number}")
        for day in range(len(RETRY_DELAYS) + 1):
            later = timezone.now() + timedelta(days=day + 1)
            with time_machine.travel(later), suppress(Killed):
                fetch_due_picture(timezone.now())
        row = picture_of(story)
        assert (row.state, row.attempts) == (StoryPhoto.State.FAILED, len(RETRY_DELAYS))
        assert row.reason == "가져오다가 오류가 났습니다. 서버 기록을 확인해 주세요."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (picture(b"<html>"), "사진이 아닙니다"),
        (picture(b"GIF89a" + b"\0" * 20), "사진이 아닙니다"),
        ((302, {"Location": "http://10.0.0.1/"}, b""), "10.0.0.1"),
    ],
)
def test_what_is_no_picture_fails_at_once(
    agency: HTTPReceiver, yonhap: Source, answer: ReceiverResponse, words: str
) -> None:
    agency.answer = answer
    story = filed(yonhap, Media(f"{agency.url}/1.jpg"))
    fetch_all()
    row = picture_of(story)
    assert (row.state, Photo.objects.count()) == (StoryPhoto.State.FAILED, 0)
    assert words in row.reason


def test_addresses_inside_are_never_called(
    receiver: HTTPReceiver, yonhap: Source, settings: LazySettings
) -> None:
    """OUTBOX_PRIVATE_NETWORKS names caches of our own; agency copy must not reach them."""
    assert settings.OUTBOX_PRIVATE_NETWORKS
    filed(yonhap, Media(f"{receiver.url}/1.jpg"), Media("file:///etc/passwd.jpg"))
    fetch_all()
    assert set(StoryPhoto.objects.values_list("state", flat=True)) == {"failed"}
    assert receiver.got == []


def test_a_cancellation_brings_no_pictures(agency: HTTPReceiver, yonhap: Source) -> None:
    filed(yonhap, Media(f"{agency.url}/1.jpg"), pub_status="canceled")
    assert not StoryPhoto.objects.exists()


def test_texts_longer_than_their_columns_are_cut(agency: HTTPReceiver, yonhap: Source) -> None:
    filed(yonhap, Media(f"{agency.url}/1.jpg", caption="가" * 1000, credit="나" * 500))
    fetch_all()
    photo = Photo.objects.get()
    assert (len(photo.caption), len(photo.credit), len(photo.alt)) == (300, 120, 250)


@pytest.mark.django_db(transaction=True)
def test_no_picture_is_lost_or_doubled_by_death_at_any_statement(
    agency: HTTPReceiver, yonhap: Source
) -> None:
    for number in range(1, 60):
        agency.answer = picture(make.image_bytes() + base64.b16encode(bytes([number])))
        filed(yonhap, Media(f"{agency.url}/{number}.jpg"), paragraphs=[f"{number}번째."])
        try:
            with dying_before_statement(number):
                fetch_due_picture(timezone.now())
            is_killed = False
        except Killed:
            is_killed = True
        with time_machine.travel(time.time() + 3600):
            fetch_all()
        assert Photo.objects.count() == PendingUpload.objects.count() == number
        assert StoryPhoto.objects.filter(photo__isnull=False).count() == number
        if not is_killed:
            break
    assert number > 6
    assert not is_killed
