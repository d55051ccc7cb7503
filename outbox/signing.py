"""Webhook signatures after Standard Webhooks 1.0: HMAC-SHA256. Pure."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable

SECRET_PREFIX = "whsec_"  # noqa: S105  # how secrets begin
SECRET_BYTES = 32


def new_secret() -> str:
    """A new signing secret of 32 random bytes: whsec_ and base64, as receivers' libraries expect it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_valid_secret(text: str) -> bool:
    """Whether a text is a signing secret: whsec_ and the base64 of 24 to 64 bytes (specification)."""
    try:
        return text.startswith(SECRET_PREFIX) and 24 <= len(decode_secret(text)) <= 64
    except binascii.Error:
        return False


def decode_secret(secret: str) -> bytes:
    """The bytes of a signing secret. Raises binascii.Error."""
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)


def signature_header(
    body: bytes, *, secrets: Iterable[str], message_id: str, timestamp: int
) -> str:
    """The webhook-signature header: a v1 signature with each secret over id, timestamp and exact body."""
    content = f"{message_id}.{timestamp}.".encode() + body
    digests = (
        hmac.new(decode_secret(secret), content, hashlib.sha256).digest() for secret in secrets
    )
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
