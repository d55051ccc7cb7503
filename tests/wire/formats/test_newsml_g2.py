"""NewsML-G2: what an item says reaches the field that it belongs to."""

from datetime import datetime

import pytest

from tests.support.formats.wire_documents import only_story, parsed, sample
from wire.embargo import Embargo
from wire.parsers.result import SEOUL, Byline, Subject

TEXT = sample("newsml_g2_text.xml")


def replaced(old: str, new: str) -> bytes:
    assert old.encode() in TEXT
    return TEXT.replace(old.encode(), new.encode())


def test_item_is_identified_by_its_guid_without_the_version() -> None:
    story = only_story(TEXT)

    assert story.identifier == "urn:newsml:agency.example:20261001:river-path"
    assert story.agency_version == "3"
    assert only_story(replaced(' version="3"', "")).agency_version == "1"


def test_management_data_of_an_item() -> None:
    story = only_story(TEXT)

    assert story.sent_at == datetime(2026, 10, 1, 9, 30, tzinfo=SEOUL)
    assert story.stamps == ["2026-10-01T09:30:00+09:00", "2026-10-01T00:00:00.000Z"]
    assert (story.embargo, story.embargo_until) == (
        Embargo.UNTIL,
        datetime(2026, 10, 1, 18, 0, tzinfo=SEOUL),
    )
    assert (story.signal, story.pub_status, story.urgency) == ("correction", "usable", 2)
    assert story.notes == ["편집자 참고: 도면은 오후에 보냅니다.", "infoSource 가상시청"]
    assert story.agency == "가상통신"


def test_descriptive_data_of_an_item() -> None:
    story = only_story(TEXT)

    assert (story.headline, story.marks) == ("가상시, 강변길 다시 연다", ["종합2보"])
    assert story.deck == ["공사 석 달 만에 마무리"]
    assert story.bylines == [
        Byline("정하늘", "기자", "haneul@agency.example"),
        Byline("한가람", "기자"),
    ]
    assert (story.dateline.places, story.language) == (("가상시",), "ko")
    assert story.subjects == [
        Subject("slugline", "강변길-개방"),
        Subject("medtop:20000763", "교통"),
        Subject("place", "가상강"),
    ]


def test_rights_travel_and_forbid_use_by_ai() -> None:
    story = only_story(TEXT)

    assert story.rights == "© 2026 가상통신"
    assert story.usage_terms == "무단 전재 금지. AI 학습 및 활용 금지"
    assert story.ai_use_prohibited
    assert story.expires_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=SEOUL)


def test_text_inside_inline_elements_and_after_them_stays() -> None:
    story = only_story(TEXT)

    assert [(block.kind, block.text) for block in story.blocks] == [
        ("paragraph", "가상시는 강변길을 1일 다시 연다고 밝혔다."),
        ("subhead", "공사 경과"),
        ("paragraph", "공사는 석 달 걸렸다. 비용은 2천204만원이다."),
        ("quote", '"오래 기다렸다."'),
        ("list", "자전거길\n산책길"),
        ("table", "구간 | 길이\n상류 | 3km"),
    ]
    assert "<strong>강변길</strong>" in story.blocks[0].html
    assert story.blocks[5].rows == (("구간", "길이"), ("상류", "3km"))


def test_private_lines_of_the_body_are_not_in_the_text() -> None:
    story = only_story(TEXT)

    assert story.contacts == ["haneul@agency.example"]
    assert story.boilerplate_lines == ["(끝)"]
    assert "haneul@" not in " ".join(block.text + block.html for block in story.blocks)


def test_picture_inside_the_text_is_media_and_its_caption_keeps_its_place() -> None:
    story = only_story(TEXT)

    (media,), (caption,) = story.media, story.captions
    assert (media.href, media.width, media.height) == ("https://img.example/path.jpg", 1200, 800)
    assert (caption.text, caption.credit) == ("다시 여는 강변길", "가상통신 자료사진")
    assert caption.place == 3  # after the second paragraph under the subhead


def test_items_of_a_message_are_stories_and_a_picture_goes_with_its_text() -> None:
    lake, note = parsed(sample("newsml_g2_message.xml")).stories

    assert (lake.headline, lake.pub_status) == ("가상호 물빛 맑아졌다", "withheld")
    assert [block.text for block in lake.blocks] == [
        '가상호의 홍가온 소장은 "물빛이 맑다"고 했다.',
        "조사 방법",
        "열 곳을 쟀다.",
    ]
    (media,) = lake.media
    assert media.href == "https://img.example/lake-high.jpg"  # the best of its renditions
    assert (media.caption, media.credit) == ("맑아진 가상호 전경", "이다솜")
    assert lake.captions[0].resale_prohibited
    assert (note.pub_status, note.agency_version) == ("canceled", "2")
    assert note.headline == note.identifier  # a cancellation without words has a line to show
    assert "headline_missing" in note.warnings


@pytest.mark.parametrize(
    "meta",
    [
        '<pubStatus qcode="stat:canceled"/>',
        '<pubStatus qcode="stat:withheld"/>',
        "<embargoed>2026-10-02T18:00:00+09:00</embargoed>",
    ],
)
def test_a_picture_that_may_not_be_used_is_left_out(meta: str) -> None:
    kind = '<itemClass qcode="ninat:picture"/>'
    raw = sample("newsml_g2_message.xml").replace(kind.encode(), f"{kind}{meta}".encode())
    lake, _note = parsed(raw).stories

    assert (lake.media, lake.captions) == ([], [])
    assert "picture_withheld" in lake.warnings


def test_naive_time_is_korean_time() -> None:
    lake, _note = parsed(sample("newsml_g2_message.xml")).stories

    assert lake.sent_at == datetime(2026, 10, 1, 10, 0, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("stat:canceled", "canceled"),
        ("stat:cancelled", "canceled"),
        ("http://cv.iptc.org/newscodes/pubstatusg2/withheld", "withheld"),
        ("stat:usable", "usable"),
    ],
)
def test_state_of_an_item(code: str, status: str) -> None:
    assert only_story(replaced("stat:usable", code)).pub_status == status


def test_embargo_that_cannot_be_read_has_an_open_end() -> None:
    story = only_story(
        replaced(
            "<embargoed>2026-10-01T18:00:00+09:00</embargoed>", "<embargoed>저녁까지</embargoed>"
        )
    )

    assert (story.embargo, story.embargo_until) == (Embargo.OPEN, None)
    assert story.embargo_lines == ["저녁까지"]


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (
            '<inlineData contenttype="text/plain">첫 문단.\n\n둘째 문단.</inlineData>',
            ["첫 문단.", "둘째 문단."],
        ),
        (
            '<inlineData contenttype="text/html">&lt;p&gt;첫 &lt;b&gt;문단&lt;/b&gt;.</inlineData>',
            ["첫 문단."],
        ),
        (
            '<inlineData contenttype="text/plain" encoding="base64">7LKrIOusuOuLqC4=</inlineData>',
            ["첫 문단."],
        ),
    ],
)
def test_inline_data(data: str, texts: list[str]) -> None:
    start, end = TEXT.index(b"<inlineXML"), TEXT.index(b"</contentSet>")
    story = only_story(TEXT[:start] + data.encode() + TEXT[end:])

    assert [block.text for block in story.blocks] == texts


DOCDATA = (
    '<docdata management-status="{status}"><date.issue norm="20261001T090000+0900"/>'
    '<date.release norm="{release}"/><date.expire norm="20261003T000000+0900"/>'
    '<ed-msg msg-type="cancellation" info="14일 송고 \'가상시, 강변길 막는다\' 기사를 취소합니다."/>'
    '<doc.copyright holder="가상통신, AI 학습 금지"/></docdata>'
)


@pytest.mark.parametrize(
    ("status", "release", "embargo", "until"),
    [
        ("withheld", "20261002T090000+0900", Embargo.UNTIL, datetime(2026, 10, 2, 9, tzinfo=SEOUL)),
        (
            "canceled",
            "20261001T120000+0900",
            Embargo.UNTIL,
            datetime(2026, 10, 1, 18, tzinfo=SEOUL),
        ),
        ("embargoed", "저녁까지", Embargo.OPEN, None),
    ],
)
def test_what_an_inner_nitf_document_forbids_is_forbidden(
    status: str, release: str, embargo: Embargo, until: datetime | None
) -> None:
    head = DOCDATA.format(status=status, release=release)
    nitf = (
        f"<inlineXML><nitf><head>{head}</head><body><body.content><p>첫 문단.</p></body.content></body>"
        "</nitf></inlineXML>"
    )
    start, end = TEXT.index(b"<inlineXML"), TEXT.index(b"</contentSet>")
    story = only_story(TEXT[:start] + nitf.encode() + TEXT[end:])

    assert [block.text for block in story.blocks] == ["첫 문단."]
    assert (story.embargo, story.embargo_until) == (embargo, until)
    assert story.pub_status == ("usable" if status == "embargoed" else status)
    assert story.expires_at == datetime(2026, 10, 3, tzinfo=SEOUL)
    assert story.signal == "cancellation"  # of the item and the document, the graver one
    assert story.ai_use_prohibited
    assert story.references == ["14 가상시, 강변길 막는다"]


def test_package_alone_is_a_story_that_lists_its_items() -> None:
    message = sample("newsml_g2_message.xml")
    start, end = message.index(b"<packageItem"), message.index(b"</packageItem>")
    package = message[start:end].replace(
        b"<packageItem", b'<packageItem xmlns="http://iptc.org/std/nar/2006-10-01/"', 1
    )
    story = only_story(package + b"</packageItem>")

    assert story.headline == "강변길 묶음"
    assert [block.kind for block in story.blocks] == ["list"]
    assert len(story.blocks[0].rows) == 2


def test_document_in_euc_kr_is_read_by_its_declaration() -> None:
    text = TEXT.decode().replace('encoding="UTF-8"', 'encoding="EUC-KR"').replace("©", "(c)")
    delivery = parsed(text.encode("cp949"))

    assert delivery.encoding == "cp949"
    assert delivery.stories[0].headline == "가상시, 강변길 다시 연다"
