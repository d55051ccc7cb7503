"""Nothing private reaches readers, from any agency; no text, cut anywhere, breaks the intake."""

import json
import re
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.errors import Refused
from tests.support.formats import agencies
from tests.support.formats.wire_copy import CROWDED_STORY, PLAIN_STORY
from wire.models import Source
from wire.parsers.markup import caption_of
from wire.parsers.payload import Payload
from wire.parsers.privacy import remove_private
from wire.parsers.registry import fill_in_from_source, parse_payload
from wire.parsers.result import Block, Caption, Media, ParsedDelivery, ParsedStory

STORIES = {
    **agencies.KOREAN,
    "newsis photo": agencies.NEWSIS,
    "news1 photo": agencies.NEWS1,
    "english": agencies.ENGLISH,
    "plain": PLAIN_STORY,
    "crowded": CROWDED_STORY,
}
# What readers must not see, and the lines that agencies write it in.
PRIVATE_LINES = (
    "garam@yna.co.kr",
    "(naru@news1.kr)",
    "이다솜 기자 dasom@newsis.com",
    "이다솜(dasom@edaily.co.kr)",
    "◎공감언론 뉴시스 hangyeol@newsis.com",
    "길을 걷는다. 2026.10.01. photo@newsis.com *재판매 및 DB 금지",
    "/hangyeol@osen.co.kr",
    "02-000-1234",
    "☎ 02-000-1234",
    "박노을 기자 010-0000-1234",
    "트위터 @gasang_desk",
    "X @gasang_desk, 페이스북 gasang.kr/desk",
    "@gasang_desk",
    "▶ 제보는 카카오톡 gasangjebo",
    "☞ 앱에서 보기",
    "네이버에서 뉴시스 구독하기",
    "(끝)",
    "그는 말했다. dasom@mt.co.kr",
    "그는 말했다.   dasom@example.invalid▶ 보기",
    "그는 (dasom@asiae.co.kr) 이렇게 말했다.",
)
PRIVATE = re.compile(
    r"@(?:yna|newsis|news1|edaily|osen|mt|asiae|heraldcorp|newspim|example\.invalid)|@gasang|gasangjebo"
    r"|\d{2,3}-\d{3,4}-\d{4}|[▶☞◎☎]|구독하기|[(\[<](?:끝|END)[)\]>]|저작권자|무단\s?전재"
)


def read(text: str | bytes) -> ParsedDelivery:
    raw = text if isinstance(text, bytes) else text.encode()
    return parse_payload(
        Payload(raw), source=Source(slug="x", agency="기본통신", format=Source.Format.AUTO)
    )


def shown_to_readers(story: ParsedStory) -> str:
    """Everything of a story that a draft of it starts with."""
    parts = asdict(story)
    names = ("headline", "deck", "paragraphs", "blocks", "captions", "media")
    return json.dumps([parts[name] for name in names], ensure_ascii=False)


@pytest.mark.parametrize("name", STORIES)
def test_nothing_private_is_in_the_text_of_any_agency(name: str) -> None:
    for story in read(STORIES[name]).stories:
        assert not PRIVATE.search(shown_to_readers(story))


@given(
    name=st.sampled_from(sorted(STORIES)),
    lines=st.lists(st.sampled_from(PRIVATE_LINES), min_size=1, max_size=5),
    place=st.integers(0, 30),
    is_apart=st.booleans(),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_private_lines_are_dropped_wherever_they_stand(
    name: str, lines: list[str], place: int, *, is_apart: bool
) -> None:
    text = STORIES[name].split("\n")
    at = min(max(place, 3), len(text))
    extra = [part for line in lines for part in (("", line, "") if is_apart else (line,))]
    for story in read("\n".join([*text[:at], *extra, *text[at:]])).stories:
        shown = shown_to_readers(story)
        assert not PRIVATE.search(shown), PRIVATE.findall(shown)


def test_addresses_are_removed_from_structured_copy_too() -> None:
    story = ParsedStory(
        headline="소식",
        deck=["연락 garam@newsis.com"],
        blocks=[
            Block(
                "paragraph",
                "길 (garam@yna.co.kr) 이다.",
                '<p>길 <a href="mailto:garam@yna.co.kr">x</a></p>',
            ),
            Block("table", rows=(("이름", "garam@news1.kr"),)),
        ],
        captions=[Caption("다리 photo@newsis.com", "가상시 제공")],
    )
    story.finish_blocks()
    remove_private(story)
    assert "@" not in shown_to_readers(story)
    assert len(story.blocks) == 2
    assert set(story.contacts) == {
        *("garam@newsis.com", "garam@yna.co.kr", "garam@news1.kr", "photo@newsis.com")
    }
    assert "address_in_text" in story.warnings


def test_the_address_of_anybody_else_is_the_readers() -> None:
    story = ParsedStory(paragraphs=["신청은 walk@example.com 으로 하면 된다."])
    remove_private(story)
    assert story.paragraphs == ["신청은 walk@example.com 으로 하면 된다."]


@pytest.mark.parametrize("name", ["뉴시스", "news1 photo", "english", "crowded"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_text_cut_at_any_byte_is_read_or_refused(name: str, encoding: str) -> None:
    raw = STORIES[name].replace("©", "(c)").replace("ⓒ", "(c)").encode(encoding)
    for end in range(len(raw)):
        try:
            parsed = read(raw[:end])
        except Refused:
            continue
        assert all(story.headline for story in parsed.stories), end


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        parsed = read(raw)
    except Refused:
        return
    assert parsed.format in {*Source.Format.values}
    assert all(story.headline for story in parsed.stories)


SIGNS = st.sampled_from([*"\n\t |│━◇▲[]()<>=@.", "(끝)", "표", "기자", "뉴시스", "가나다라"])


@given(st.lists(SIGNS, max_size=80))
@settings(max_examples=400, deadline=None)
def test_any_order_of_signs_is_read_or_refused(parts: list[str]) -> None:
    try:
        parsed = read("".join(parts))
    except Refused:
        return
    assert all(story.headline for story in parsed.stories)


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        ("a\n", "too_many_lines"),
        ("a  b\n", "too_many_lines"),
        ("│a│b│\n", "too_many_lines"),
        ("▲ 가\n", "too_many_lines"),
        ("(서울=뉴시스) a\n(끝)\n", "too_many_lines"),
        ("강변길\n(서울=뉴시스) a\n(끝)\n", "too_many_stories"),
        ("a" * 1024 + " ", "too_long"),
    ],
)
def test_megabytes_of_one_piece_are_refused(piece: str, code: str) -> None:
    """S5 of the faults: 1 MB of `a` lines took 8.5 s."""
    with pytest.raises(Refused) as refused:
        read(piece * (2 * 1024 * 1024 // len(piece.encode())))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("media", "caption", "credit"),
    [
        (
            Media(caption="맑아진 가상호", credit="이다솜 기자 dasom@newsis.com"),
            *("맑아진 가상호", "이다솜 기자"),
        ),
        (
            Media(caption="맑아진 가상호", credit="이다솜(dasom@agency.example)"),
            *("맑아진 가상호", "이다솜"),
        ),
        (
            Media(caption="호수가 맑다. 2026.10.01. photo@agency.example *재판매 및 DB 금지"),
            *("호수가 맑다. 2026.10.01.", ""),
        ),
        (
            Media(caption="호수가 맑다. [가상시 제공. 재판매 및 DB 금지]", credit=""),
            *("호수가 맑다.", "가상시 제공. 재판매 및 DB 금지"),
        ),
        (
            Media(caption="맑아진 가상호", rights="© 가상통신 desk@yna.co.kr, DB 금지"),
            *("맑아진 가상호", ""),
        ),
    ],
)
def test_below_a_picture_stands_no_address_of_a_reporter(
    media: Media, caption: str, credit: str
) -> None:
    story = ParsedStory(headline="소식", media=[media], captions=[caption_of(media)])
    remove_private(story)

    (cleaned,), (below,) = story.media, story.captions
    assert (cleaned.caption, cleaned.credit) == (caption, credit)
    assert (below.text, below.credit) == (caption, credit)
    assert "@" not in shown_to_readers(story)
    assert bool(story.contacts) == ("@" in f"{media.caption}{media.credit}{media.rights}")
    assert story.resale_prohibited == ("DB 금지" in f"{media.caption}{media.credit}{media.rights}")


@pytest.mark.parametrize(
    "terms",
    [
        "재판매 및 DB 금지",
        "DB 및 활용 금지",
        "DB 구축 금지",
        "NOT FOR SALE",
        "No resale",
        "no archives",
        "Resale is prohibited",
    ],
)
@pytest.mark.parametrize("place", ["credit", "rights", "usage_terms", "source"])
def test_ban_on_resale_is_one_rule_wherever_it_stands(terms: str, place: str) -> None:
    story = ParsedStory(headline="소식", captions=[Caption("새 난간", "가상시 제공")])
    source = Source(slug="one", name="가상통신", agency="가상통신")
    if place == "credit":
        story.captions = [Caption("새 난간", f"가상시 제공. {terms}")]
    elif place == "source":
        source.rights = terms
    else:
        setattr(story, place, terms)
    fill_in_from_source(story, source)
    assert story.resale_prohibited
    assert story.captions[0].resale_prohibited == (place == "credit")
