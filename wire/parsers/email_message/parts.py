"""Parts of an e-mail: headers, text, HTML and attachments, decoded. Limits: 10 MiB, 200 parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsroom.text.normalization import normalize_line
from wire.decoding import DecodedText, decode
from wire.errors import Malformed, TooComplex, TooLarge, Unreadable
from wire.parsers.xml_documents import MAX_DOCUMENT_BYTES

if TYPE_CHECKING:
    from email.message import Message
else:
    Message = Any

FORM = "e-mail"
MAX_PARTS = 200
CONTAINER = re.compile(rb"(?:multipart|message)/", re.IGNORECASE)
ENCODED_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?=")
GAP_OF_WORDS = re.compile(r"(\?=)\s+(=\?)")


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of a message: its type, file name and bytes. `index` counts the attachments, None for text."""

    media_type: str
    name: str
    raw: bytes
    charset: str = ""
    content_id: str = ""
    index: int | None = None

    def decode(self) -> DecodedText:
        """The part as text. Raises Unreadable."""
        return decode(self.raw, charset=self.charset)


def load_message(raw: bytes) -> Message:
    """The message. Raises TooLarge, TooComplex, and Malformed for what has no header."""
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise TooLarge(MAX_DOCUMENT_BYTES)
    if sum(1 for _part in CONTAINER.finditer(raw)) > MAX_PARTS:
        raise TooComplex.nested(MAX_PARTS)
    if raw.startswith(b"From "):  # a line of a mailbox file
        raw = raw.partition(b"\n")[2]
    message: Message = import_module("email").message_from_bytes(raw)
    if not message.keys():
        raise Malformed(FORM)
    return message


def parts_of(message: Message) -> list[Part]:
    """The leaves of a message in order. The first text and HTML are its body, the others attachments."""
    parts: list[Part] = []
    attachments = 0
    bodies: set[str] = set()
    for leaf in leaves(message):
        kind = leaf.get_content_type()
        name = decoded_header(leaf.get_filename() or "")
        stated = str(leaf.get("Content-Disposition", "")).strip().lower()
        is_body = (
            kind in {"text/plain", "text/html"}
            and not leaf.get_filename()
            and not stated.startswith("attachment")
            and kind not in bodies
        )
        bodies.add(kind if is_body else "")
        index = None if is_body else attachments
        attachments += 0 if is_body else 1
        parts.append(
            Part(
                kind,
                name,
                payload_bytes(leaf),
                str(leaf.get_param("charset", "") or "").lower(),
                str(leaf.get("Content-ID", "")).strip().strip("<>"),
                index,
            )
        )
    return parts


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold bytes. Raises TooComplex for more than MAX_PARTS."""
    for count, part in enumerate(message.walk(), 1):
        if count > MAX_PARTS:
            raise TooComplex.nested(MAX_PARTS)
        if not part.is_multipart():
            yield part


def payload_bytes(part: Message) -> bytes:
    """The bytes of a leaf, its transfer encoding taken off; bad Base64 as far as it goes."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def read_attachment(raw: bytes, index: int) -> tuple[str, str, bytes] | None:
    """Media type, file name and bytes of attachment number `index` of a mail; None where it has none."""
    for part in parts_of(load_message(raw)):
        if part.index == index:
            return part.media_type, part.name, part.raw
    return None


def header(message: Message, name: str) -> str:
    """A header, its encoded words decoded; empty for none."""
    return decoded_header(message.get(name))


def decoded_header(value: Any) -> str:
    """A header's text. Bytes beyond ASCII without an encoding are decoded like those of a text."""
    if value is None:
        return ""
    # Raw bytes are surrogates in a text, and inside a Header object with the charset unknown-8bit.
    chunks = getattr(value, "_chunks", None)
    line = "".join(str(chunk[0]) for chunk in chunks) if chunks else str(value)
    line = GAP_OF_WORDS.sub(r"\1\2", line)
    return normalize_line(ENCODED_WORD.sub(decoded_word, decode_surrogates(line)))


def decode_surrogates(line: str) -> str:
    raw = line.encode("utf-8", "surrogateescape")
    try:
        return decode(raw).text
    except Unreadable:
        return raw.decode("utf-8", "replace")


def decoded_word(match: re.Match[str]) -> str:
    """An encoded word (RFC 2047) as text; as it is where it cannot be decoded."""
    header_module = import_module("email.header")
    errors = import_module("email.errors")
    try:
        ((raw, charset),) = header_module.decode_header(match[0])
        raw = raw if isinstance(raw, bytes) else raw.encode()
        return decode(raw, charset=charset or "").text
    except (ValueError, errors.HeaderParseError, Unreadable):
        return match[0]
