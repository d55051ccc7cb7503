"""Finding of the content filter about a comment: its rule in words, and the span that it names."""

import re
from typing import NamedTuple

from comments.models import Comment

# The end of what `comments.actions.screening.reason_text` writes: first and last character, from one.
SPAN_PATTERN = re.compile(r"\s*\((\d{1,5})–(\d{1,5})\)\Z")


class CommentFinding(NamedTuple):
    """Why the filter holds a comment, in words for moderators, and `text[start:end]` of what it found."""

    words: str
    start: int
    end: int


def finding_of(comment: Comment) -> CommentFinding | None:
    """The finding for which a comment is or was held; None for comments held for another reason."""
    match = SPAN_PATTERN.search(comment.reason)
    if match is None:
        return None
    start, end = int(match[1]) - 1, int(match[2])
    if not 0 <= start < end <= len(comment.text):
        return None
    return CommentFinding(comment.reason[: match.start()], start, end)


def has_passage(comment: Comment) -> bool:
    """Whether the finding names a passage of the comment, not all of it."""
    finding = finding_of(comment)
    return finding is not None and finding.end - finding.start < len(comment.text)


def marked_parts(comment: Comment) -> tuple[str, str, str]:
    """The text before, in and after the passage of the finding; all of it before where there is none."""
    finding = finding_of(comment)
    if finding is None or not has_passage(comment):
        return comment.text, "", ""
    text = comment.text
    return text[: finding.start], text[finding.start : finding.end], text[finding.end :]
