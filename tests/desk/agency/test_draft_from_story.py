"""A draft from a wire story keeps what the agency sent, and its photo chooser offers the story's photos."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from desk.actions import set_section_role, start_from_wire
from media.models import Photo
from tests.desk.agency.newsroom import yonhap
from tests.support import make
from wire.actions import insert_delivery
from wire.actions.filing import file_delivery
from wire.models import Story, StoryPhoto
from wire.parsers.result import (
    SEOUL,
    Block,
    Byline,
    Caption,
    Dateline,
    ParsedDelivery,
    ParsedStory,
)

pytestmark = pytest.mark.django_db
BLOCKS = [
    Block("paragraph", "강변길이 석 달 만에 다시 열린다고 시가 밝혔다."),
    Block("subhead", "밤에는 닫는다"),
    Block("paragraph", "밤 열 시부터는 닫는다."),
]
CAPTIONS = [
    Caption("공사 끝난 강변길", "가상통신"),
    Caption("시장이 걷는 모습", "가상시 제공", place=2, resale_prohibited=True),
    Caption("닫힌 문", "가상통신", place=3),
]


def filed(**over: Any) -> Story:
    """The story of a delivery with these parts."""
    fields: dict[str, Any] = {
        "headline": "강변길 다시 연다",
        "agency": "가상통신",
        "identifier": "urn:가상:12",
        "dateline": Dateline(("런던", "서울"), "가상통신"),
        "sent_at": datetime(2026, 10, 1, 9, 30, tzinfo=SEOUL),
        "bylines": [Byline("홍길동", "특파원", "hong@example.invalid")],
        "rights": "저작권자 가상통신, 무단 전재 금지",
        "blocks": BLOCKS,
        "captions": CAPTIONS,
    }
    story = ParsedStory(**(fields | over))
    story.finish_blocks()
    delivery = insert_delivery(yonhap(), raw=b"copy", name="", content_type="", by=None)
    version = file_delivery(
        delivery, parsed=ParsedDelivery([story], "ninjs", "utf-8"), by=None
    ).version
    assert version
    return version.story


def in_library(story: Story, caption: str) -> Photo:
    """A ready photo that came with the story."""
    photo, version = make.photo(alt=caption), story.current
    assert version
    StoryPhoto.objects.create(
        version=version, key=caption, photo=photo, caption=caption, due_at=timezone.now()
    )
    return photo


def test_the_draft_keeps_dateline_time_captions_with_places_subheads_and_rights(ada: User) -> None:
    draft = start_from_wire(filed(), by=ada)
    assert draft.body == (
        "<p>강변길이 석 달 만에 다시 열린다고 시가 밝혔다.</p>"
        "<h2>밤에는 닫는다</h2><p>밤 열 시부터는 닫는다.</p>"
    )
    assert (draft.source_name, draft.source_credit) == (
        "가상통신",
        "저작권자 가상통신, 무단 전재 금지",
    )
    assert draft.notes.splitlines() == [
        "발신: 런던·서울=가상통신",
        "통신사 송고: 2026-10-01 09:30:00",
        "사진 설명:",
        "공사 끝난 강변길 [가상통신]",
        "시장이 걷는 모습 [가상시 제공] [재판매·DB 저장 금지] (‘밤 열 시부터는 닫는다.’ 앞)",
        "닫힌 문 [가상통신] (글 끝)",
        "바이라인: 홍길동 특파원",
    ]


def test_what_is_too_long_for_its_field_stands_in_the_notes(ada: User) -> None:
    rights, deck = "권리 " * 80, ["부제 " * 40, "또 한 줄 " * 40]
    draft = start_from_wire(filed(rights=rights.strip(), deck=deck, captions=[]), by=ada)
    assert rights.strip() in draft.notes
    assert "또 한 줄" in draft.notes


def test_photos_of_the_library_stand_where_their_captions_stood(ada: User) -> None:
    story = filed()
    photo = in_library(story, "시장이 걷는 모습")
    draft = start_from_wire(story, by=ada)
    before, _, after = draft.body.partition("<figure>")
    assert before.endswith("<h2>밤에는 닫는다</h2>")
    assert f"/media/photos/{photo.key}/" in after
    assert (
        "<figcaption>시장이 걷는 모습 <small>가상시 제공</small></figcaption></figure><p>밤"
        in after
    )
    assert "시장이 걷는 모습" not in draft.notes
    assert "닫힌 문 [가상통신] (글 끝)" in draft.notes


def test_the_chooser_offers_photos_of_the_story_first(as_user: Any, ada: User) -> None:
    story = filed()
    photo, other = in_library(story, "닫힌 문"), make.photo(alt="다른 사진")
    draft = start_from_wire(story, by=ada)
    client = as_user(ada)
    page = client.get(reverse("admin:desk_draft_change", args=[draft.pk]))
    library = reverse("admin:media_photo_choose")
    assert f"{library}?draft={draft.pk}&amp;field=id_lead_photo" in page.text
    chooser = client.get(library, {"draft": draft.pk, "field": "id_lead_photo"})
    offered, _, rest = chooser.text.partition("library-photos")
    assert f'data-id="{photo.pk}"' in offered
    assert f'data-id="{other.pk}"' not in offered
    assert f'data-id="{other.pk}"' in rest
    for number in ("", "x", draft.pk + 1):
        assert "library-photos" not in client.get(library, {"draft": number}).text
    guest = make.staff("dan", role="reporter")
    set_section_role(guest, section=make.section("문화"), role="reporter", by=make.chief())
    assert "library-photos" not in as_user(guest).get(library, {"draft": draft.pk}).text
