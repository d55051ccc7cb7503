"""Findings of the content filter about a comment: their rules in words, and the passages that they name."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from comments.models import Comment, CommentFinding

RULE_LABELS = {
    "links": _("many links"),
    "flood": _("flooding"),
    "word": _("word on the list"),
    "repeat": _("the same under another article"),
    "near_own": _("nearly the same as another comment of the writer"),
    "near_other": _("nearly the same as a comment of somebody else"),
    "sanction": _("all comments of this reader are held"),
    "first": _("first comments of an account"),
    "near": _("too much to judge"),
    "error": _("the filter failed"),
    "classifier": _("waits for the classifier"),
}


class MarkedPart(NamedTuple):
    """A part of a comment, and whether a finding names it."""

    text: str
    is_marked: bool


def findings_of(comment: Comment) -> list[CommentFinding]:
    """What the filter found in the present text, in its order. No query where `findings` is prefetched."""
    rows = [row for row in comment.findings.all() if row.start < row.end <= len(comment.text)]
    return sorted(rows, key=lambda row: (row.start, row.end, row.pk))


def finding_words(finding: CommentFinding) -> str:
    """The rule of a finding in words, with the word of the list."""
    return " ".join(filter(None, (str(RULE_LABELS[finding.rule]), finding.match)))


def passages(text: str, findings: Iterable[CommentFinding]) -> list[tuple[int, int]]:
    """The spans of findings in order, joined where they overlap; not those of all of the text."""
    spans: list[tuple[int, int]] = []
    for finding in findings:
        if finding.end - finding.start == len(text):
            continue
        if spans and finding.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], finding.end))
        else:
            spans.append((finding.start, finding.end))
    return spans


def has_passage(comment: Comment) -> bool:
    """Whether a finding names a passage of the comment, not all of it. One query."""
    return bool(passages(comment.text, findings_of(comment)))


def marked_parts(text: str, findings: Iterable[CommentFinding]) -> list[MarkedPart]:
    """The whole text in parts, those that findings name marked."""
    return parts_between(text, passages(text, findings), 0, len(text))


def marked_excerpt(
    text: str, findings: Iterable[CommentFinding], *, limit: int
) -> list[MarkedPart]:
    """At most `limit` characters in parts: from the beginning, or from before a first passage behind it."""
    spans = passages(text, findings)
    start = spans[0][0] - limit // 3 if spans and spans[0][1] > limit else 0
    end = min(start + limit, len(text))
    before, after = "…" if start else "", "…" if end < len(text) else ""
    parts = [
        MarkedPart(before, False),
        *parts_between(text, spans, start, end),
        MarkedPart(after, False),
    ]
    return [part for part in parts if part.text]


def parts_between(
    text: str, spans: Sequence[tuple[int, int]], start: int, end: int
) -> list[MarkedPart]:
    """`text[start:end]` in parts, those of the spans marked."""
    parts, place = [], start
    for first, last in spans:
        left, right = max(first, place), min(last, end)
        if left < right:
            parts += [MarkedPart(text[place:left], False), MarkedPart(text[left:right], True)]
            place = right
    parts.append(MarkedPart(text[place:end], False))
    return [part for part in parts if part.text]
