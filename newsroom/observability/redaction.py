"""What does not belong into a log or a report: who somebody is, what opens a door, what a story says.

Known shapes only, so the rule stays: whoever logs, logs numbers and ids.  This is the net below it,
for what libraries and databases put into their messages. Pure.
"""

import re

MAX_MESSAGE_CHARS = 2000
REDACTED = "(left out)"
REDACTION_RULES = [
    # What PostgreSQL adds to a broken constraint: the whole row, with an address or an article in it.
    (re.compile(r"\b(DETAIL|CONTEXT):.*", re.DOTALL), rf"\1: {REDACTED}"),
    # Headers, as libraries print them.
    (
        re.compile(
            r"(?i)\b((?:set-)?cookie|(?:proxy-)?authorization|x-session-token|x-csrftoken)\b"
            r"""["']?\s*[:=][^\n]*"""
        ),
        rf"\1: {REDACTED}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\1 {REDACTED}"),
    # The name and password of an address, and whatever it asks.
    (re.compile(r"://[^/\s@'\"]+@"), f"://{REDACTED}@"),
    (re.compile(r"\?[\w.%\[\]-]+=[^\s\"'<>)]*"), f"?{REDACTED}"),
    (re.compile(r"""(?i)\b(password|passwd|secret|token|api_?key)["']?\s*[=:]\s*\S+"""), rf"\1={REDACTED}"),
    (re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)*"), REDACTED),
    # Addresses that are keys themselves: links of previews, of mails about an account.
    (
        re.compile(r"(/preview/|/verify/|/password/|/confirm-email/|/reset/key/)[^/\s\"']+"),
        rf"\1{REDACTED}",
    ),
]  # fmt: skip


def redact(text: str) -> str:
    """The text without what has the shape of a name, an address, a key or a password, and not too long."""
    for shape, instead in REDACTION_RULES:
        text = shape.sub(instead, text)
    return text if len(text) <= MAX_MESSAGE_CHARS else f"{text[:MAX_MESSAGE_CHARS]}…"
