"""IPTC 7901 and ANPA 1312: header, text and end between control characters."""

from datetime import datetime

import pytest

from tests.support.formats.wire_documents import ANPA_1312, IPTC_7901, only_story, parsed
from wire.errors import Malformed
from wire.parsers.result import SEOUL, Byline, Subject

AT = datetime(2026, 10, 1, 18, 0, tzinfo=SEOUL)


def test_message_of_iptc_7901() -> None:
    story = only_story(IPTC_7901.encode())

    assert story.headline == "River path reopens in Gasang"
    lead, cost = [block.text for block in story.blocks]
    assert lead.startswith(
        "The city of Gasang has reopened its path along the river, it said on Thursday, "
    )
    assert lead.endswith("Thursday, three months after a flood.")  # wrapped at the line's end
    assert cost == "The works cost 22 million won."
    assert story.bylines == [Byline("Haneul Jung")]
    assert (story.urgency, story.sent_at, story.stamps) == (2, AT, ["010900 GMT Oct 26"])
    assert story.subjects == [Subject("slugline", "river-path"), Subject("category:i")]
    assert "Call the desk at 02-000-0000" in story.notes
    assert story.boilerplate_lines == ["GAS0042 2 i 48 bc"]
    assert story.identifier == ""  # message numbers begin anew every day


def test_message_of_anpa_1312() -> None:
    story = only_story(ANPA_1312.encode())

    assert (story.headline, story.deck) == ("River path reopens in Gasang", ["Gasang News"])
    assert [block.text for block in story.blocks] == [
        "GASANG (GN) _ The city has reopened its path along the river.",
        "The works cost 22 million won.",
    ]
    assert story.bylines == [Byline("HANEUL JUNG")]
    assert (story.urgency, story.sent_at) == (2, AT)
    assert "EDITOR'S NOTE _ Photos follow." in story.notes
    assert Subject("slugline", "RiverPath") in story.subjects


def test_several_messages_of_a_transmission_are_several_stories() -> None:
    second = IPTC_7901.replace("GAS0042", "GAS0043").replace("River path", "Lake path")

    assert [s.headline for s in parsed((IPTC_7901 + second).encode()).stories] == [
        "River path reopens in Gasang",
        "Lake path reopens in Gasang",
    ]


def test_korean_text_in_cp949() -> None:
    text = "\x02강변길 다시 연다\r\n가상시는 강변길을 다시 연다.\r\n\x03010900 KST Oct 2026\x04"
    raw = f"\x01GAS0042 2 i 48\r\n강변길\r\n{text}"
    story = only_story(raw.encode("cp949"))

    assert (story.headline, story.sent_at) == (
        "강변길 다시 연다",
        datetime(2026, 10, 1, 9, 0, tzinfo=SEOUL),
    )
    assert not story.warnings


def test_message_without_its_end_is_refused() -> None:
    with pytest.raises(Malformed):
        parsed(IPTC_7901.partition("\x03")[0].encode())
