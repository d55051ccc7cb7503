"""ninjs: items of versions 1 and 3, lists of items, times with any offset."""

import json
from datetime import datetime
from typing import Any

import pytest

from tests.support.formats.wire_documents import only_story, parsed, sample
from wire.embargo import Embargo
from wire.parsers.result import SEOUL, Byline, Subject

NINE = datetime(2026, 10, 1, 9, 0, tzinfo=SEOUL)


def item(**changes: Any) -> bytes:
    return json.dumps({**json.loads(sample("ninjs_1.json")), **changes}).encode()


def test_item_of_version_1() -> None:
    story = only_story(sample("ninjs_1.json"))

    assert (story.identifier, story.agency_version) == ("urn:ninjs:agency.example:river-path", "2")
    assert (story.headline, story.marks) == ("가상시, 강변길 다시 연다", ["속보"])
    assert story.bylines == [Byline("정하늘", "기자")]
    assert (story.dateline.places, story.urgency, story.language) == (("가상시",), 2, "ko")
    assert story.sent_at == datetime(2026, 10, 1, 9, 30, tzinfo=SEOUL)
    assert story.embargo_until == datetime(2026, 10, 1, 18, 0, tzinfo=SEOUL)  # naive: Korean time
    assert story.expires_at == datetime(2026, 12, 31, 0, 0, tzinfo=SEOUL)
    assert (story.ai_use_prohibited, story.signal, story.pub_status) == (True, "", "usable")
    assert "도면은 오후에 보냅니다." in story.notes
    assert story.subjects[1:] == [Subject("medtop:20000763", "교통"), Subject("KR-41", "가상도")]
    assert [block.kind for block in story.blocks] == ["paragraph", "subhead", "paragraph"]
    assert "alert" not in str(story.blocks)
    (media,) = story.media
    assert (media.href, media.width) == ("https://img.example/o.jpg", 4000)
    assert story.captions[0].resale_prohibited


def test_item_of_version_3() -> None:
    story = only_story(sample("ninjs_3.json"))

    assert (story.headline, story.agency_version) == ("Lake Gasang is clear again", "1.10")
    assert story.deck == ["Divers measured ten spots"]
    assert story.pub_status == "canceled"
    assert story.blocks[0].html == "<p>Lake Gasang is <em>clear</em> again.</p>"
    assert story.bylines == [Byline("Haneul Jung")]
    assert story.ai_use_prohibited
    assert story.media[0].href == "https://img.example/lh.jpg"
    assert story.subjects[0].name == "transport"


@pytest.mark.parametrize(
    "written",
    [
        "2026-10-01T09:00:00+09:00",
        "2026-10-01T00:00:00.000Z",
        "2026-10-01T00:00:00Z",
        "2026-10-01T00:00:00+0000",
        "2026-09-30T20:00:00.123456-04:00"[:19] + "-04:00",
        "2026-10-01T09:00:00",
        "2026-10-01 09:00",
        "20261001T090000+0900",
        "20261001090000",
        "Thu, 01 Oct 2026 00:00:00 GMT",
        "2026.10.01. 오전 9:00",
        "2026년 10월 1일 09시 00분",
    ],
)
def test_times_of_any_form_and_offset(written: str) -> None:
    story = only_story(item(versioncreated=written, firstcreated=""))

    assert story.sent_at == NINE
    assert story.stamps == [written]


@pytest.mark.parametrize(
    "written", ["soon", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", 5, None]
)
def test_time_that_is_none_is_kept_as_it_was_written(written: Any) -> None:
    story = only_story(item(versioncreated=written, firstcreated="", embargoed=""))

    assert story.sent_at is None
    assert story.embargo == Embargo.NONE


@pytest.mark.parametrize("wrap", [lambda one: [one, one], lambda one: {"items": [one, one]}])
def test_list_of_items_is_as_many_stories(wrap: Any) -> None:
    raw = json.dumps(wrap(json.loads(sample("ninjs_1.json")))).encode()

    assert len(parsed(raw).stories) == 2


def test_texts_inside_an_item_are_stories_of_their_own() -> None:
    text = {"uri": "urn:a", "type": "text", "headline": "강변길", "body_text": "강변길을 연다."}
    other = {**text, "uri": "urn:b", "headline": "가상호"}
    package = {"uri": "urn:p", "type": "composite", "associations": {"a": text, "b": other}}

    assert [story.identifier for story in parsed(json.dumps(package).encode()).stories] == [
        "urn:a",
        "urn:b",
    ]
    story = {
        **text,
        "associations": [other, {"uri": "urn:c", "type": "text", "headline": "제목뿐"}],
    }
    assert [s.identifier for s in parsed(json.dumps(story).encode()).stories] == ["urn:a", "urn:b"]


def test_values_of_wrong_types_count_as_absent() -> None:
    raw = item(
        version=[1], urgency="high", subject="x", associations=[1, None], renditions={"a": 3}, by={},
        headline="강변길", place=[[]], rightsinfo=7, bodies=[{"value": 3}], signal={"qcode": 4},
    )  # fmt: skip

    story = only_story(raw)
    assert (story.headline, story.agency_version, story.urgency) == ("강변길", "", None)


def test_characters_that_no_database_stores_are_taken_out() -> None:
    story = only_story(item(headline="강변\u0000길 \ud800다시", slugline="a\u0000b"))

    assert story.headline == "강변길 다시"
    assert story.subjects[0].name == "ab"
