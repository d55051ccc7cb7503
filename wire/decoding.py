"""Decoding of a delivery's bytes: charset, line ends, NFC, without characters that cannot be stored."""

import codecs
import re
import unicodedata
from dataclasses import dataclass, field

from newsroom.text.normalization import UNWANTED_CHARACTERS
from wire.errors import Unreadable

# Declared charset -> Python codec. CP949 is a superset of EUC-KR.
CHARSETS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "cp949": "cp949",
    "ms949": "cp949",
    "uhc": "cp949",
    "windows-949": "cp949",
    "iso-2022-kr": "iso2022_kr",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
}
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ARCHIVE_SIGNATURES = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
}
CHARSET_PATTERN = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:\-]{1,40})", re.IGNORECASE)
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
REPLACEMENT_CHARACTER = "\ufffd"
# With more replacement characters than one in ten, it was no text.
MAX_REPLACED_SHARE = 0.1


@dataclass(slots=True)
class DecodedText:
    """The text, the encoding it was decoded with, and warning codes."""

    text: str
    encoding: str
    warnings: list[str] = field(default_factory=list)


def declared_charset(content_type: str) -> str:
    """The charset named in a Content-Type, in lower case; empty when there is none."""
    match = CHARSET_PATTERN.search(content_type)
    return match[1].lower() if match else ""


def decode(raw: bytes, *, charset: str = "") -> DecodedText:
    """The text of a delivery: byte order mark, declared charset, strict UTF-8, CP949, replacement.

    Raises Unreadable for what is no text: archives, pictures, mostly undecodable bytes.
    """
    for magic, kind in ARCHIVE_SIGNATURES.items():
        if raw.startswith(magic):
            raise Unreadable.packed(kind)
    decoded = decode_with_candidates(raw, charset.lower())
    if decoded.text.count(REPLACEMENT_CHARACTER) > MAX_REPLACED_SHARE * len(decoded.text):
        raise Unreadable
    decoded.text = LINE_ENDS.sub("\n", decoded.text)
    if UNWANTED_CHARACTERS.search(decoded.text):
        decoded.text = UNWANTED_CHARACTERS.sub("", decoded.text)
        decoded.warnings.append("control_characters")
    decoded.text = unicodedata.normalize("NFC", decoded.text.replace("\ufeff", ""))
    return decoded


def decode_with_candidates(raw: bytes, charset: str) -> DecodedText:
    """The text by the first candidate encoding that fits; else UTF-8 with replacement characters."""
    warnings: list[str] = []
    for encoding in candidate_encodings(raw, charset, warnings):
        text = decode_strictly(raw, encoding)
        if text is not None:
            return DecodedText(text, encoding.removesuffix("-sig"), warnings)
        if encoding == CHARSETS.get(charset):
            warnings.append("charset_wrong")
        if encoding == "utf-8-sig" and is_damaged_utf8(raw):
            break
    warnings.append("characters_replaced")
    return DecodedText(raw.decode("utf-8", "replace"), "utf-8", warnings)


def candidate_encodings(raw: bytes, charset: str, warnings: list[str]) -> list[str]:
    """The encodings to try, in order, each once; adds the warning for an unknown charset."""
    by_mark = [encoding for mark, encoding in BYTE_ORDER_MARKS if raw.startswith(mark)]
    declared = [CHARSETS[charset]] if charset in CHARSETS else []
    if charset and not declared:
        warnings.append("charset_unknown")
    return list(dict.fromkeys([*by_mark, *declared, "utf-8-sig", "cp949"]))


def decode_strictly(raw: bytes, encoding: str) -> str | None:
    """The text in this encoding; None where the bytes are invalid in it."""
    try:
        return raw.decode(encoding)
    except UnicodeError:
        return None


def is_damaged_utf8(raw: bytes) -> bool:
    """Whether this is UTF-8 with a few bytes lost, which CP949 would decode to other syllables.

    Real CP949 text is invalid UTF-8 at almost every syllable; damaged UTF-8 only here and there.
    """
    text = raw.decode("utf-8", "replace")
    valid = sum(1 for c in text if "\u0800" <= c < REPLACEMENT_CHARACTER)
    return valid > 4 * text.count(REPLACEMENT_CHARACTER)
