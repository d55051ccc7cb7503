"""RSS and Atom: each entry is a story."""

from datetime import datetime

import pytest

from tests.support.formats.wire_documents import only_story, parsed, sample
from wire.errors import Malformed
from wire.parsers.result import SEOUL, Byline, Subject

RSS = sample("rss.xml")


def test_entry_of_rss_2() -> None:
    story = parsed(RSS).stories[0]

    assert (story.identifier, story.headline, story.marks) == (
        "AKR20261001000100",
        "가상시, 강변길 다시 연다",
        ["단독"],
    )
    assert story.sent_at == datetime(2026, 10, 1, 9, 30, tzinfo=SEOUL)
    assert story.bylines == [Byline("정하늘", "기자")]
    assert [block.text for block in story.blocks] == [
        "가상시는 강변길을 다시 연다고 밝혔다.",
        "공사는 석 달 걸렸다.",
    ]
    assert (story.deck, story.language) == (["석 달 만에 다시 연다."], "ko")
    assert story.ai_use_prohibited
    assert story.subjects == [Subject("keyword", "사회")]
    (media,) = story.media  # named by the enclosure and by media:content
    assert (media.width, media.caption, media.credit) == (1200, "다시 여는 강변길", "이다솜")


def test_entries_without_a_time_or_a_text_are_stories() -> None:
    _first, timeless, wordless = parsed(RSS).stories

    assert (timeless.sent_at, timeless.warnings) == (None, ["no_stamp"])
    assert timeless.blocks[0].text == "때를 적지 않은 글."
    assert (wordless.identifier, wordless.sent_at) == (
        "https://agency.example/3",
        datetime(2026, 10, 1, 11, 0, tzinfo=SEOUL),  # naive: Korean time
    )


def test_entry_of_rss_1() -> None:
    story = only_story(sample("rss_1.xml"))

    assert (story.identifier, story.rights) == ("https://agency.example/7", "가상통신")
    assert story.sent_at == datetime(2026, 10, 1, 9, 0, tzinfo=SEOUL)
    assert story.bylines == [Byline("한가람")]


def test_entry_of_atom() -> None:
    story = only_story(sample("atom.xml"))

    assert (story.identifier, story.headline) == (
        "tag:agency.example,2026:lake",
        "가상호 물빛 맑아졌다",
    )
    assert story.sent_at == datetime(2026, 10, 1, 10, 0, tzinfo=SEOUL)
    assert story.blocks[0].html == "<p>가상호의 <strong>물빛</strong>이 맑다.</p>"
    assert (story.media[0].href, story.rights) == ("https://img.example/lake.jpg", "© 가상통신")


def test_feed_with_a_lone_ampersand_is_read_with_a_warning() -> None:
    stories = parsed(RSS.replace("시간 없는 소식".encode(), "시간 & 소식".encode())).stories

    assert [story.headline for story in stories][1] == "시간 & 소식"
    assert "not_well_formed" in stories[0].warnings


def test_feed_that_is_cut_off_is_refused_whole() -> None:
    with pytest.raises(Malformed):
        parsed(RSS[: RSS.rindex(b"</item>")])
