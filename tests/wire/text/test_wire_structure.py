"""Structure of a text: subheads, lists, tables, captions with their places, several stories."""

import pytest

from tests.support.formats.wire_copy import agency_copy
from wire.actions import receive_delivery
from wire.errors import TooManyStories
from wire.models import Embargo, Source, Story
from wire.parsers import stories as stories_module
from wire.parsers.payload import Payload
from wire.parsers.registry import parse_payload
from wire.parsers.result import Block, Caption, ParsedStory
from wire.parsers.stories import split_stories

HEAD = "강변길 보행자 는다\n연합뉴스 2026-10-01 09:00\n(가상시=연합뉴스) 정하늘 기자 = 첫 문단이다.\n\n"


def read(text: str) -> list[ParsedStory]:
    return parse_payload(
        Payload(text.encode()), source=Source(slug="x", agency="연합뉴스", format="auto")
    ).stories


def body(text: str) -> ParsedStory:
    [story] = read(f"{HEAD}{text}\n\n마지막 문단이다.\n\n(끝)")
    assert story.blocks[0] == Block("paragraph", "첫 문단이다.")
    assert story.blocks[-1] == Block("paragraph", "마지막 문단이다.")
    return story


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("◇ 남은 문제", "남은 문제"),
        ("◆남은 문제", "남은 문제"),
        ("■ 남은 문제", "남은 문제"),
        ("▲ 남은 문제", "남은 문제"),
        ("━ 남은 문제 ━", "남은 문제"),
        ('◇ "다시 만나자"', '"다시 만나자"'),
    ],
)
def test_signed_lines_are_subheads(line: str, text: str) -> None:
    story = body(line)
    assert story.blocks[1:-1] == [Block("subhead", text)]
    assert line in story.paragraphs


def test_items_one_below_the_other_are_a_list() -> None:
    story = body("▲ 다리 놓기\n▲ 나무 심기\n▲ 등 달기")
    [items] = story.blocks[1:-1]
    assert (items.kind, items.rows) == ("list", (("다리 놓기",), ("나무 심기",), ("등 달기",)))
    assert "▲ 나무 심기" in story.paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "▲ 이번 공사는 석 달 걸렸다고 시장이 말했다.",
        "▲ 1946년 출생 ▲ 가상시장",
        "※ 문의는 시청",
    ],
)
def test_sentences_with_a_sign_are_paragraphs(line: str) -> None:
    assert body(line).blocks[1:-1] == [Block("paragraph", line)]


ROWS = (("연도", "평일", "휴일"), ("2025", "204", "351"), ("2026", "410", "702"))


@pytest.mark.parametrize(
    "table",
    [
        "연도\t평일\t휴일\n2025\t204\t351\n2026\t410\t702",
        "연도  평일  휴일\n2025   204   351\n2026   410   702",
        "│ 연도 │ 평일 │ 휴일 │\n├──┼──┼──┤\n│ 2025 │ 204 │ 351 │\n│ 2026 │ 410 │ 702 │",
        "━━━━━━━━\n연도  평일  휴일\n────────\n2025  204  351\n2026  410  702\n━━━━━━━━",
    ],
    ids=["tabs", "aligned", "bars", "rules"],
)
def test_tables_stay_tables(table: str) -> None:
    """wire W7"""
    story = body(f"[표] 연도별 보행자\n{table}")
    title, block = story.blocks[1:-1]
    assert title == Block("subhead", "연도별 보행자")
    assert (block.kind, block.rows) == ("table", ROWS)
    assert block.text in story.paragraphs
    assert "2025\t204\t351" in block.text


def test_a_header_without_its_first_cell_stands_over_its_columns() -> None:
    [block] = body("\t평일\t휴일\n가상시\t204\t351\n새봄시\t410\t702").blocks[1:-1]
    assert block.rows[0] == ("", "평일", "휴일")


def test_double_spaces_in_sentences_make_no_table() -> None:
    story = body("시장은 웃었다.  시민도 웃었다.\n그는 걸었다.  길은 길었다.")
    assert {block.kind for block in story.blocks} == {"paragraph"}


@pytest.mark.parametrize(
    ("lines", "caption"),
    [
        ("[그래픽] 강변길 보행자 추이", Caption("강변길 보행자 추이", "그래픽", 1)),
        (
            "[그래픽] 보행자 추이 [가상시 제공]",
            Caption("보행자 추이", "그래픽 가상시 제공", 1),
        ),
        (
            "걷는 시민들\n(가상시=연합뉴스) 박노을 기자 = 시민들이 걷고 있다. 2026.10.1",
            Caption(
                "걷는 시민들 - (가상시=연합뉴스) 박노을 기자 = 시민들이 걷고 있다. 2026.10.1", "", 1
            ),
        ),
        (
            "걷는 시민들\n걷는 시민들 [가상시 제공. 재판매 및 DB 금지]",
            Caption("걷는 시민들", "가상시 제공. 재판매 및 DB 금지", 1, resale_prohibited=True),
        ),
        ("새로 칠한 난간 /사진=가상시", Caption("새로 칠한 난간", "사진=가상시", 1)),
    ],
)
def test_captions_keep_their_place(lines: str, caption: Caption) -> None:
    """wire W7"""
    story = body(lines)
    assert story.captions == [caption]
    assert [block.text for block in story.blocks] == ["첫 문단이다.", "마지막 문단이다."]
    assert story.resale_prohibited == caption.resale_prohibited


def test_a_caption_at_the_end_stands_after_the_last_block() -> None:
    [story] = read(f"{HEAD}둘째 문단이다.\n\n새 다리 [가상시 제공]\n\n(끝)")
    assert [caption.place for caption in story.captions] == [2]


def two_stories() -> str:
    rights = "<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>"
    first = f"{HEAD}haneul@yna.co.kr\n(끝)\n{rights}\n▶제보는 카카오톡\n"
    second = (
        "새 다리 놓는다(종합)\n연합뉴스 2026-10-01 10:00\n(새봄시=연합뉴스) 한가람 기자 = 다리다."
    )
    return f"{first}\n{second}\n(끝)\n{rights}"


def test_several_stories_of_a_delivery_are_several_stories() -> None:
    """wire W7"""
    first, second = read(two_stories())
    assert (first.headline, second.headline) == ("강변길 보행자 는다", "새 다리 놓는다")
    assert (first.dateline.places, second.dateline.places) == (("가상시",), ("새봄시",))
    assert first.contacts == ["haneul@yna.co.kr"]
    assert first.rights == second.rights
    assert "▶제보는 카카오톡" in first.boilerplate_lines
    assert (first.warnings, second.warnings) == ([], [])


def test_english_stories_of_a_delivery_are_several_stories() -> None:
    story = "Road {n} reopens\n\nSEOUL, Nov. 27 (Yonhap) -- Road {n} opens.\n(END)\n"
    assert len(read(story.format(n=1) + story.format(n=2))) == 2


@pytest.mark.parametrize(
    "rest",
    [
        "(서울=연합뉴스) 한가람 기자 kim@yna.co.kr\n",
        "2026년10월01일 09시00분 송고\n(끝)\n",
        "이 뒤에도 글이 있다.\n(끝)\n",
    ],
)
def test_what_follows_the_end_mark_is_the_same_story(rest: str) -> None:
    assert len(split_stories(f"{HEAD}(끝)\n{rest}")) == 1


def test_a_stamp_below_the_end_mark_is_of_the_story_above() -> None:
    text = "{title}\n({place}=연합뉴스) 한가람 기자 = 길이다.\n(끝)\n2026년10월01일 {hour}시00분 송고\n"
    first, second = read(
        text.format(title="강변길", place="가상시", hour="09")
        + text.format(title="새 다리", place="새봄시", hour="10")
    )
    assert [s.sent_at and s.sent_at.hour for s in (first, second)] == [9, 10]
    assert second.headline == "새 다리"


def test_a_delivery_of_too_many_stories_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories_module, "MAX_STORIES", 3)
    with pytest.raises(TooManyStories):
        split_stories(f"{agency_copy().decode()}\n" * 4)


@pytest.mark.django_db
def test_each_story_of_a_delivery_is_filed(db: None) -> None:
    source = Source.objects.get_or_create(slug="yonhap", defaults={"agency": "연합뉴스"})[0]
    delivery = receive_delivery(source, raw=two_stories().encode(), by=None)
    assert (delivery.status, delivery.versions.count()) == ("parsed", 2)
    assert set(Story.objects.values_list("current__headline", flat=True)) == {
        "강변길 보행자 는다",
        "새 다리 놓는다",
    }
    assert receive_delivery(source, raw=two_stories().encode(), by=None).status == "duplicate"


@pytest.mark.parametrize(
    "line",
    [
        "보도시점: 2026.11.29.(일) 12:00 이후(11.30. 조간)",
        "보도시점 : 2026. 11. 29.(일) 12:00 이후 (11. 30.(월) 조간)",
        "[보도시점: 2026.11.29.(일) 12:00 이후(11.30.(월) 조간)]",
    ],
)
def test_a_press_release_embargo_with_its_edition_is_read(line: str) -> None:
    """wire W7"""
    text = (
        "가상부, 새 길 발표\n연합뉴스 2026-11-27 10:00\n(서울=연합뉴스) 한가람 기자 = 낸다.\n(끝)"
    )
    for copy in (f"{line}\n{text}", text.replace("\n(서울", f"\n{line}\n(서울")):
        [story] = read(copy)
        assert story.headline == "가상부, 새 길 발표"
        assert story.embargo == Embargo.UNTIL
        assert story.embargo_until
        assert story.embargo_until.isoformat() == "2026-11-29T12:00:00+09:00"
