"""Payload of a delivery: its bytes with what its sender said of them."""

from dataclasses import dataclass

from wire.decoding import DecodedText, declared_charset, decode

SNIFFED_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes of a delivery, its `Content-Type`, its file name, and the source's charset."""

    raw: bytes
    content_type: str = ""
    name: str = ""
    charset: str = ""

    def decode(self) -> DecodedText:
        """The bytes as text. Raises Unreadable for what is no text."""
        return decode(self.raw, charset=declared_charset(self.content_type) or self.charset)

    def head(self) -> bytes:
        """The first bytes, without a byte order mark and white space: what formats are recognised by."""
        return self.raw[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
