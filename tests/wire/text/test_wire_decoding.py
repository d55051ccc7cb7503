"""Decoding of deliveries: charsets, normalization, refusals."""

import pytest

from wire.decoding import declared_charset, decode
from wire.errors import Unreadable

WORDS = "똠방각하와 펲시맨이 강변길을 걸었다.\n둘째 줄도 있다."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_is_read_in_every_encoding_that_agencies_use(encoding: str) -> None:
    reading = decode(WORDS.encode(encoding))
    assert reading.text == WORDS
    assert reading.warnings == []


def test_the_declared_charset_comes_first() -> None:
    assert decode("가나다".encode("utf-16-le"), charset="utf-16le").text == "가나다"
    assert decode("다리".encode("cp949"), charset="EUC-KR").encoding == "cp949"


def test_wrong_charset_is_a_warning_and_the_text_is_decoded() -> None:
    reading = decode(WORDS.encode("cp949"), charset="utf-8")
    assert (reading.text, reading.warnings) == (WORDS, ["charset_wrong"])


@pytest.mark.parametrize("charset", ["klingon", "base64", "zlib", "rot13", "idna"])
def test_unknown_charset_is_a_warning(charset: str) -> None:
    reading = decode(WORDS.encode(), charset=charset)
    assert (reading.text, reading.warnings) == (WORDS, ["charset_unknown"])


def test_damaged_utf8_is_not_taken_for_other_syllables() -> None:
    """CP949 decodes damaged UTF-8 without an error, to other syllables."""
    cut = (WORDS * 20).encode()[:-2]
    reading = decode(cut)
    assert reading.text.startswith(WORDS)
    assert "characters_replaced" in reading.warnings


def test_lone_surrogate_becomes_a_replacement_character() -> None:
    reading = decode((WORDS * 10).encode() + b"\xed\xa0\x80")
    assert "\ud800" not in reading.text
    assert "characters_replaced" in reading.warnings


def test_control_characters_are_removed_with_a_warning() -> None:
    reading = decode("제목\x00입니다\x1b\u202e.".encode())
    assert (reading.text, reading.warnings) == ("제목입니다.", ["control_characters"])


def test_line_ends_and_unicode_are_normalized() -> None:
    assert decode("하나\r\n둘\r셋\u2028넷".encode()).text == "하나\n둘\n셋\n넷"
    assert decode("\u1112\u1161\u11ab글".encode()).text == "한글"


@pytest.mark.parametrize(
    "raw",
    [b"\x1f\x8b\x08\x00packed", b"PK\x03\x04", b"%PDF-1.7", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0"],
)
def test_archives_and_images_are_refused_by_kind(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(raw)


def test_bytes_without_any_text_are_refused() -> None:
    with pytest.raises(Unreadable):
        decode(bytes(range(128, 256)) * 40)


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/plain; charset=EUC-KR", "euc-kr"),
        ('text/plain;charset="utf-8"', "utf-8"),
        ("text/plain", ""),
        ("", ""),
    ],
)
def test_the_charset_is_found_in_the_content_type(header: str, charset: str) -> None:
    assert declared_charset(header) == charset
