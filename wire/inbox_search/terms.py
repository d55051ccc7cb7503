"""Index terms of a version: n-grams, filters and days in one index. Pure.

정부          an n-gram of headline, deck, text or a caption
%경제         an n-gram of a subject's name or code; of runs of letters and digits each beginning
_s1 _p런던 _u _f    source by id; a place of the dateline; urgent; sent in the future, as it says
_y2026 _m202611 _d20261129    year, month and day of sending (UTC)
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from newsroom.search.sort_keys import date_terms, make_sort_key
from newsroom.search.tokenizer import (
    extract_ngrams,
    fold_text,
    iter_ngram_parts,
    query_ngrams,
    tokenize,
)
from wire.parsers.marks import FLASH_MARKS

URGENT = 3  # IPTC urgencies from 1, the highest, to this one
URGENT_TERM, AHEAD_TERM = "_u", "_f"
SUBJECT_PREFIX = "%"
# A tsvector holds 1 MB, so some 60,000 letters of one text; what comes after them is not found.
MAX_TERM_BYTES = 900_000
MAX_INDEXED_SUBJECTS = 100
MAX_RUN_CHARS, MAX_PLACE_CHARS = 40, 100
MAX_CLOCK_AHEAD = timedelta(days=1)
FIRST_MOMENT = datetime(1970, 1, 2, tzinfo=UTC)  # what was sent before has its place here


class IndexedText(Protocol):
    """What is indexed of a version."""

    pk: Any
    headline: Any
    deck: Any
    paragraphs: Any
    captions: Any
    marks: Any
    urgency: Any
    places: Any
    subjects: Any
    sent_at: Any
    arrived_at: Any


def version_lines(version: IndexedText) -> Iterator[str]:
    """The lines in which words are looked for: headline, deck, text, captions."""
    yield version.headline
    yield from version.deck
    yield from version.paragraphs
    yield from (caption["text"] for caption in version.captions)


def version_moment(version: IndexedText) -> datetime:
    """When a version was sent, else when it arrived; a time of sending in the future does not count."""
    arrived: datetime = version.arrived_at
    if version.sent_at is None or is_sent_ahead(version):
        return arrived
    sent: datetime = version.sent_at
    return max(sent, FIRST_MOMENT)


def is_sent_ahead(version: IndexedText) -> bool:
    """Whether the time of sending is in the future of its arrival."""
    is_ahead: bool = version.sent_at > version.arrived_at + MAX_CLOCK_AHEAD
    return is_ahead


def version_sort_key(version: IndexedText) -> int:
    return make_sort_key(version_moment(version), version.pk)


def index_terms(version: IndexedText, *, source_id: int) -> set[str]:
    """All index terms of a version."""
    day = version_moment(version).astimezone(UTC).date()
    terms = {source_term(source_id), *date_terms(day), *map(place_term, version.places)}
    if is_urgent(version):
        terms.add(URGENT_TERM)
    if version.sent_at is not None and is_sent_ahead(version):
        terms.add(AHEAD_TERM)
    for subject in version.subjects[:MAX_INDEXED_SUBJECTS]:
        terms |= {SUBJECT_PREFIX + ngram for ngram in subject_ngrams(subject)}
    size = 0
    for line in version_lines(version):
        for part in iter_ngram_parts(line):
            size += sum(len(ngram.encode()) for ngram in part - terms)
            if size > MAX_TERM_BYTES:
                return terms
            terms |= part
    return terms


def is_urgent(version: IndexedText) -> bool:
    is_high = version.urgency is not None and version.urgency <= URGENT
    return is_high or not FLASH_MARKS.isdisjoint(version.marks)


def source_term(source_id: int) -> str:
    return f"_s{source_id}"


def place_term(place: str) -> str:
    """The term of a place: its letters and digits."""
    letters = (token.text for piece in tokenize(fold_text(place)) for token in piece)
    return "_p" + "".join(letters)[:MAX_PLACE_CHARS]


def subject_ngrams(subject: dict[str, Any]) -> set[str]:
    """The n-grams of a subject's name and code, with the beginnings of runs of letters and digits."""
    found = set[str]()
    for text in (subject.get("name"), subject.get("code")):
        found |= extract_ngrams(text or "")
        for piece in tokenize(fold_text(text or "")):
            runs = (token.text[:MAX_RUN_CHARS] for token in piece if token.is_run)
            found |= {run[:n] for run in runs for n in range(1, len(run) + 1)}
    return found


def subject_terms(typed: str) -> list[str]:
    """The terms of what a person typed as a subject; none where it has no letter or digit."""
    ngrams: Iterable[str] = (
        ngram
        for piece in tokenize(fold_text(typed))
        for ngram in (
            [token.text for token in piece if token.is_run]
            if any(token.is_run for token in piece)
            else query_ngrams(piece)
        )
    )
    return [SUBJECT_PREFIX + ngram for ngram in ngrams]
