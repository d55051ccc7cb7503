"""Redaction of personal data and secrets in log lines and error reports, by known patterns. Pure.

Code logs numbers and ids in the first place; this is for what libraries and databases put into messages.
"""

import re

MAX_MESSAGE_CHARS = 2000
REDACTED = "(left out)"
REDACTION_RULES = [
    # PostgreSQL's detail of a constraint violation: the whole row, personal data and article text included.
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
    # User and password of a URL, and its query.
    (re.compile(r"://[^/\s@'\"]+@"), f"://{REDACTED}@"),
    (re.compile(r"\?[\w.%\[\]-]+=[^\s\"'<>)]*"), f"?{REDACTED}"),
    (re.compile(r"""(?i)\b(password|passwd|secret|token|api_?key)["']?\s*[=:]\s*\S+"""), rf"\1={REDACTED}"),
    (re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)*"), REDACTED),
    # URLs that are keys themselves: links to previews and in account mails.
    (
        re.compile(r"(/preview/|/verify/|/password/|/confirm-email/|/reset/key/)[^/\s\"']+"),
        rf"\1{REDACTED}",
    ),
]  # fmt: skip


def redact(text: str) -> str:
    """The text without e-mail addresses, secrets in URLs, keys and passwords, cut to MAX_MESSAGE_CHARS."""
    for pattern, replacement in REDACTION_RULES:
        text = pattern.sub(replacement, text)
    return text if len(text) <= MAX_MESSAGE_CHARS else f"{text[:MAX_MESSAGE_CHARS]}…"
