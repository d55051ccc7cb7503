"""Private lines inside structured stories: nothing that is for the desk alone stays in the text."""

from datetime import datetime

import pytest

from tests.support.formats.wire_documents import mail, only_story
from wire.embargo import Embargo
from wire.parsers.result import SEOUL, Byline, Dateline, ParsedStory

LEAD = "가상시는 강변길을 다시 연다고 밝혔다."


def story_of(*paragraphs: str) -> ParsedStory:
    return only_story(mail(html="".join(f"<p>{text}</p>" for text in paragraphs)))


def texts(story: ParsedStory) -> list[str]:
    return [block.text for block in story.blocks]


def test_opening_of_a_korean_agency_is_dateline_and_byline() -> None:
    story = story_of(
        "(가상시=연합뉴스) 정하늘·한가람 기자 = 가상시는 <b>강변길</b>을 연다고 밝혔다.",
        "공사는 끝났다.",
    )

    assert story.dateline == Dateline(("가상시",), "연합뉴스")
    assert [person.name for person in story.bylines] == ["정하늘", "한가람"]
    assert story.blocks[0].text == "가상시는 강변길을 연다고 밝혔다."
    assert story.blocks[0].html == "<p>가상시는 <strong>강변길</strong>을 연다고 밝혔다.</p>"


@pytest.mark.parametrize(
    "line",
    [
        "haneul@agency.example",
        "정하늘 기자 haneul@agency.example",
        "◎공감언론 가상통신 haneul@agency.example",
        "(사진=이다솜 기자) haneul@agency.example",
    ],
)
def test_address_of_a_reporter_is_a_contact(line: str) -> None:
    story = story_of(LEAD, line)

    assert texts(story) == [LEAD]
    assert "haneul@agency.example" in story.contacts


def test_address_glued_to_a_sentence_is_cut_off() -> None:
    story = story_of(f"{LEAD} haneul@yna.co.kr")

    assert texts(story) == [LEAD]
    assert "haneul@yna.co.kr" in story.contacts


def test_address_inside_a_sentence_is_for_readers() -> None:
    sentence = "신청은 help@city.example 로 하면 된다고 가상시는 밝혔다."

    assert texts(story_of(sentence)) == [sentence]


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (
            (
                "<ul><li>강변길 <b>1구간</b></li><li>제보는 카카오톡 okjebo</li>"
                "<li>김기자 02-123-4567</li><li>haneul@yna.co.kr</li></ul>"
            ),
            "<ul><li><p>강변길 <strong>1구간</strong></p></li></ul>",
        ),
        (
            "<ol><li>1구간<ul><li>▶ 앱에서 보기</li></ul></li><li>2구간 (끝)</li></ol>",
            "<ol><li><p>1구간</p></li><li><p>2구간</p></li></ol>",
        ),
        (
            "<blockquote><p>길은 모두의 것이다.</p><p>정하늘 기자 haneul@agency.example</p></blockquote>",
            "<blockquote><p>길은 모두의 것이다.</p></blockquote>",
        ),
        (
            (
                "<table><tr><td>시청</td><td>02-123-4567</td></tr>"
                "<tr><td>제보는 카카오톡 okjebo</td><td></td></tr></table>"
            ),
            "<table><tbody><tr><td><p>시청</p></td><td><p>02-123-4567</p></td></tr></tbody></table>",
        ),
        ("<ul><li>제보는 카카오톡 okjebo</li><li>☎ 02-123-4567</li></ul>", ""),
    ],
)
def test_lines_of_lists_quotes_and_tables_are_private_too(html: str, left: str) -> None:
    story = only_story(mail(html=f"<p>{LEAD}</p>{html}<p>공사는 끝났다.</p>"))

    assert [block.html for block in story.blocks[1:-1]] == ([left] if left else [])
    assert not any("okjebo" in text or "☎" in text for text in texts(story))
    assert all("okjebo" not in cell for block in story.blocks for row in block.rows for cell in row)


def test_caption_below_an_emptied_list_keeps_its_place() -> None:
    figure = (
        '<figure><img src="https://a.example/1.jpg"><figcaption>다시 여는 길</figcaption></figure>'
    )
    html = f"<p>{LEAD}</p><ul><li>▶ 앱에서 보기</li></ul>{figure}<p>공사는 끝났다.</p>"

    assert only_story(mail(html=html)).captions[0].place == 1


def test_furniture_goes_to_its_fields() -> None:
    story = story_of(
        LEAD,
        "다시 여는 강변길 [가상시 제공. 재판매 및 DB 금지]",
        "(끝)",
        "▶ 제보는 카카오톡 example",
        "※ 편집자 주: 도면은 오후에 보냅니다.",
        "&lt;저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지&gt;",
        "2026년10월01일 09시00분 송고",
    )

    assert texts(story) == [LEAD]
    assert story.captions[0].resale_prohibited
    assert (story.captions[0].text, story.captions[0].place) == ("다시 여는 강변길", 1)
    assert story.ai_use_prohibited
    assert story.notes == ["※ 편집자 주: 도면은 오후에 보냅니다."]
    assert "2026년10월01일 09시00분 송고" in story.stamps


def test_embargo_stated_in_the_text_holds() -> None:
    story = story_of("[엠바고] 2026년 10월 1일 18시 이후 보도 바랍니다", LEAD)

    assert (story.embargo, story.embargo_until) == (
        Embargo.UNTIL,
        datetime(2026, 10, 1, 18, 0, tzinfo=SEOUL),
    )
    assert texts(story) == [LEAD]
    assert story_of("보도시점: 추후 통보", LEAD).embargo == Embargo.OPEN


def test_story_about_an_embargo_is_a_warning_only() -> None:
    story = story_of("가상시 기자단은 엠바고를 어긴 매체를 제재했다고 밝혔다.")

    assert story.embargo == Embargo.NONE
    assert "embargo_mentioned" in story.warnings


def test_subject_repeated_as_the_first_line_is_not_a_paragraph() -> None:
    story = only_story(
        mail(
            subject="가상시, 강변길 연다", html=f"<p>가상시, 강변길 연다(종합2보)</p><p>{LEAD}</p>"
        )
    )

    assert texts(story) == [LEAD]
    assert story.marks == ["종합2보"]


def test_reporters_alone_on_a_line_are_the_byline() -> None:
    assert Byline("정하늘", "기자") in story_of(LEAD, "정하늘 기자").bylines
