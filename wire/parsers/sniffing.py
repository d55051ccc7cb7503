"""Sniffing of deliveries that no parser reads: the name of what their bytes look like.

Signatures of files, markup and JSON are certain. A list of values (CSV) is a guess, which a source that
has chosen a format overrules.
"""

import re

from wire.decoding import declared_charset
from wire.errors import Unreadable, Unsupported
from wire.parsers.payload import SNIFFED_BYTES, Payload

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG", "png"),
    (b"GIF8", "gif"),
    (b"{\\rtf", "rtf"),
    (b"HWP Document File", "hwp"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
    (b"\x7fELF", "binary"),
)
ZIP_SIGNATURE, OLE_SIGNATURE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names inside a zip and inside an OLE file (in UTF-16) that say which program wrote it.
ZIP_CONTENTS = (
    (b"application/hwp+zip", "hwp"),
    (b"word/", "word"),
    (b"xl/", "excel"),
    (b"ppt/", "powerpoint"),
    (b"application/epub", "epub"),
)
OLE_CONTENTS = (
    (b"HWP Document File", "hwp"),
    ("HwpSummaryInformation".encode("utf-16-le"), "hwp"),
    ("WordDocument".encode("utf-16-le"), "word"),
    ("Workbook".encode("utf-16-le"), "excel"),
)
MAX_SEARCHED_BYTES = 256 * 1024  # of each end of a packed file
BYTE_ORDER_MARKS_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# White space, form feed and escape are in texts; SOH to EOT frame IPTC 7901.
CONTROL_CHARACTERS = bytes([0, *range(5, 9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
MAX_CONTROL_SHARE = 0.03

JSON_START = re.compile(r'\{\s*["}]|\[\s*(?:[{"\]]|\[\s*[\["{\d])')
HTML_START = re.compile(
    r"<!doctype\s+html|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype[^>]*>\s*)?<(?:html|head|body|meta)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
# A piece of a page: a tag first and a closing tag last. A headline may hold a tag too.
HTML_PIECE = re.compile(
    r"<(?:title|script|style|div|p|table|article|section|span|h[1-6]|br|a|ul|ol|img|center|font)[\s>/]",
    re.IGNORECASE,
)
LAST_TAG = re.compile(rb"</[A-Za-z][\w.:\-]{0,80}\s*>\s*$")
XML_DECLARATION = re.compile(r"<\?xml[\s?]")
XML_ROOT = re.compile(
    r"(?:<\?xml[^>]*>\s*)?(?:<[!?][^>]*>\s*)*<(?P<root>[A-Za-z_][\w.:\-]{0,80})(?=[\s>/])"
)
MIN_CSV_LINES, MIN_CSV_COMMAS, MAX_CSV_LINE_CHARS = 3, 2, 2_000


def text_head(payload: Payload) -> str:
    """The first lines as text, without white space before them; "" where they are no text."""
    raw = payload.raw[: SNIFFED_BYTES * 2]
    if len(payload.raw) > len(raw):
        raw = raw[: raw.rfind(b"\n") + 1] or raw
    try:
        return (
            Payload(raw, payload.content_type, payload.name, payload.charset).decode().text.strip()
        )
    except Unreadable:
        return ""


def find_unsupported(payload: Payload, *, is_format_chosen: bool) -> str:
    """The code of what the bytes look like (UNSUPPORTED_KINDS in wire/labels.py); "" for plain text."""
    kind = find_signature(payload.raw)
    if kind:
        return kind
    head = text_head(payload)
    if JSON_START.match(head):
        return "json"
    if HTML_START.match(head) or (HTML_PIECE.match(head) and ends_in_tag(payload.raw)):
        return "html"
    if find_xml_root(payload, head) is not None:
        return "xml"
    if is_binary(payload) or not head:
        return "binary"
    return "csv" if not is_format_chosen and is_csv(payload, head) else ""


def require_text(payload: Payload, *, is_format_chosen: bool) -> None:
    """Raise Unsupported with the name of what the bytes look like, unless they are plain text."""
    if kind := find_unsupported(payload, is_format_chosen=is_format_chosen):
        raise Unsupported(kind)


def find_signature(raw: bytes) -> str:
    """The kind of a file by its first bytes; "" for none that is known."""
    for signature, kind in SIGNATURES:
        if raw.startswith(signature):
            return kind
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "webp"
    if raw[4:8] == b"ftyp":
        return "video"
    if raw.startswith(ZIP_SIGNATURE):
        return find_content(raw, ZIP_CONTENTS) or "zip"
    return (find_content(raw, OLE_CONTENTS) or "ole") if raw.startswith(OLE_SIGNATURE) else ""


def find_content(raw: bytes, contents: tuple[tuple[bytes, str], ...]) -> str:
    ends = (raw[:MAX_SEARCHED_BYTES], raw[-MAX_SEARCHED_BYTES:])
    return next((kind for mark, kind in contents if any(mark in end for end in ends)), "")


def find_xml_root(payload: Payload, head: str) -> str | None:
    """The root element of XML, "" for one that is cut off before it; None for what is no XML.

    Without an XML declaration a closing tag has to come last: `<KILL> 제목` is a headline.
    """
    root = XML_ROOT.match(head)
    if XML_DECLARATION.match(head):
        return root["root"] if root else ""
    return root["root"] if root and ends_in_tag(payload.raw) else None


def ends_in_tag(raw: bytes) -> bool:
    return bool(LAST_TAG.search(raw[-200:]))


def is_binary(payload: Payload) -> bool:
    """Whether more of the first bytes are control characters than in any text."""
    raw = payload.raw[:SNIFFED_BYTES]
    charset = declared_charset(payload.content_type) or payload.charset
    if raw.startswith(BYTE_ORDER_MARKS_UTF16) or charset.lower().startswith("utf-16"):
        return False
    controls = len(raw) - len(raw.translate(None, CONTROL_CHARACTERS))
    return controls > MAX_CONTROL_SHARE * len(raw)


def is_csv(payload: Payload, head: str) -> bool:
    """Whether it is a list of values: said by its sender, or the same commas in each line."""
    if "text/csv" in payload.content_type.lower() or payload.name.lower().endswith(".csv"):
        return True
    lines = [line for line in head.split("\n") if line.strip()]
    if len(lines) < MIN_CSV_LINES or any(
        len(line) > MAX_CSV_LINE_CHARS or line.endswith((".", ",")) or ", " in line
        for line in lines
    ):
        return False
    counts = {line.count(",") for line in lines}
    return len(counts) == 1 and counts.pop() >= MIN_CSV_COMMAS
