"""Attachments of an e-mail, by their number. No database."""

from email import message_from_bytes, policy


def read_attachment(raw: bytes, number: int) -> tuple[str, bytes]:
    """File name and bytes of attachment `number` of an e-mail: of its parts that hold no other parts,
    counted from 0. Raises LookupError without such a part."""
    message = message_from_bytes(raw, policy=policy.default)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    if not 0 <= number < len(leaves):
        raise LookupError(number)
    content = leaves[number].get_payload(decode=True)
    return leaves[number].get_filename() or "", content if isinstance(content, bytes) else b""
