"""E-mail: the story in a mail's text, HTML or attached files; versions by the agency's headers."""

import base64
import quopri
from datetime import datetime

import pytest

from tests.support.formats.wire_documents import mail, only_story, parsed, sample
from wire.errors import Malformed, TooComplex
from wire.parsers.email_message import read_attachment
from wire.parsers.result import SEOUL

HTML = (
    '<html><body><p>가상시는 <b>강변길</b>을 연다.</p><p><img src="cid:path" alt="강변길"></p>'
    "<table><tr><td>상류</td><td>3km</td></tr><tr><td>하류</td><td>9km</td></tr></table></body></html>"
)


def test_plain_mail() -> None:
    story = only_story(mail())

    assert (story.headline, story.marks) == ("가상시, 강변길 다시 연다", ["종합"])
    assert [block.text for block in story.blocks] == [
        "가상시는 강변길을 다시 연다고 밝혔다.",
        "공사는 석 달 걸렸다.",
    ]
    assert story.sent_at == datetime(2026, 10, 1, 9, 30, tzinfo=SEOUL)
    assert story.identifier == ""  # a Message-ID names the mail, not the story
    assert story.contacts == ["desk@agency.example"]
    assert story.boilerplate_lines == ["가상통신 편집부"]


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr", "cp949"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_charsets_and_transfer_encodings(charset: str, encoding: str) -> None:
    words = "가상시는 강변길을 다시 연다고 밝혔다.".encode(charset)
    body = {
        "base64": base64.encodebytes(words),
        "quoted-printable": quopri.encodestring(words),
        "8bit": words,
    }[encoding]
    raw = (
        b"From: desk@agency.example\r\nSubject: =?" + charset.encode() + b"?B?"
        + base64.b64encode("강변길".encode(charset))
        + b"?=\r\nContent-Type: text/plain; charset=" + charset.encode()
        + b"\r\nContent-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + body
    )  # fmt: skip

    story = only_story(raw)
    assert story.headline == "강변길"
    assert story.blocks[0].text == "가상시는 강변길을 다시 연다고 밝혔다."


def test_subject_in_raw_bytes_is_decoded() -> None:
    raw = "From: desk@agency.example\r\nSubject: 강변길 연다\r\n\r\n본문이다.".encode("cp949")

    assert only_story(raw).headline == "강변길 연다"


def test_html_part_counts_before_the_text_and_its_picture_is_an_attachment() -> None:
    message = mail(html=HTML, files=[("path.jpg", "image/jpeg", b"\xff\xd8jpeg")]).replace(
        b"Content-Disposition: attachment", b"Content-ID: <path>\nContent-Disposition: attachment"
    )
    story = only_story(message)

    assert [block.kind for block in story.blocks] == ["paragraph", "table"]
    (media,) = story.media
    assert (media.attachment, media.media_type, media.href) == (0, "image/jpeg", "")
    assert read_attachment(message, 0) == ("image/jpeg", "path.jpg", b"\xff\xd8jpeg")
    assert read_attachment(message, 1) is None


def test_attached_document_is_parsed_by_its_own_format() -> None:
    files = [
        ("story.xml", "application/xml", sample("newsml_g2_text.xml")),
        ("story.json", "application/json", sample("ninjs_1.json")),
        ("path.jpg", "image/jpeg", b"\xff\xd8jpeg"),
    ]
    first, second = parsed(mail(text="오늘 기사 두 건입니다.\n", files=files)).stories

    assert first.identifier == "urn:newsml:agency.example:20261001:river-path"
    assert "오늘 기사 두 건입니다." in first.notes
    assert second.identifier == "urn:ninjs:agency.example:river-path"


def test_broken_attached_document_is_not_passed_over() -> None:
    broken = sample("newsml_g2_text.xml")[:-200]

    with pytest.raises(Malformed):
        parsed(mail(files=[("story.xml", "application/xml", broken)]))


def test_mail_without_its_last_boundary_is_refused() -> None:
    raw = mail(html=HTML)

    with pytest.raises(Malformed):
        parsed(raw[: raw.rindex(b"--")])


def test_mail_of_very_many_parts_is_refused() -> None:
    nested = "".join(
        f"--b\r\nContent-Type: multipart/mixed; boundary=b{n}\r\n\r\n" for n in range(3000)
    )
    head = (
        "From: a@agency.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    )

    with pytest.raises(TooComplex):
        parsed(f"{head}{nested}".encode())
