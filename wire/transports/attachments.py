"""Attachments of an e-mail, by their number. No database."""

from email import message_from_bytes
from email.message import Message


def read_attachment(raw: bytes, index: int) -> tuple[str, str, bytes] | None:
    """Media type, file name and bytes of attachment number `index` of a mail; None where it has none.

    The first text and the first HTML without a file name are the body; the other leaves are counted from 0.
    """
    bodies: set[str] = set()
    number = 0
    for leaf in message_from_bytes(raw).walk():
        if leaf.is_multipart() or is_body(leaf, bodies):
            continue
        if number == index:
            payload = leaf.get_payload(decode=True)
            content = payload if isinstance(payload, bytes) else b""
            return leaf.get_content_type(), leaf.get_filename() or "", content
        number += 1
    return None


def is_body(leaf: "Message[str, str]", bodies: set[str]) -> bool:
    """Whether a leaf is the text of the mail, which is added to `bodies` then."""
    kind = leaf.get_content_type()
    is_text = kind in {"text/plain", "text/html"} and kind not in bodies
    if not is_text or leaf.get_filename() or leaf.get_content_disposition() == "attachment":
        return False
    bodies.add(kind)
    return True
