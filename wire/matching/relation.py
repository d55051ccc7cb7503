"""Whether two texts of one source are of one story, for a person to decide, or strangers. Pure, symmetric.

Figures on the pairs of tests/support/formats/wire_pairs.py (15 of one story with a changed headline, 16 of
two that are as alike as a day's copy gets): of the first 10 are joined and 5 are questions, of the second
none is joined and one is a question. Strangers about the same subject reach 0.50, hence `JOIN_SIMILARITY`.
"""

import re
from datetime import timedelta
from enum import IntEnum
from typing import NamedTuple

from wire.matching.terms import SUBJECT_WORDS, NamedStory, TextFacts
from wire.parsers.marks import PLAIN_ORDER
from wire.parsers.result import SEOUL

# Two texts of one news day, or so close to each other: 23:50 and 04:10 are one night.
SAME_NIGHT = timedelta(hours=12)
# A correction or cancellation that names no day may mean a story so old: a person decides.
LATE_CHANGE = timedelta(hours=48)
NAMED_DAY = timedelta(days=28)
JOIN_SIMILARITY = 0.6
JOIN_SIMILARITY_UNMARKED = 0.8  # neither text says that it continues another
ASK_SIMILARITY = 0.33
SAME_LEAD_SIMILARITY = 0.5
MIN_COMPARED_LETTERS = 6  # of both headlines
DIGITS = re.compile(r"\d+")
MIN_CUT_LETTERS = 8  # of a headline that was cut short


class Relation(IntEnum):
    """What two texts are to each other, the closest last."""

    STRANGERS = 0
    QUESTION = 1
    SAME_STORY = 2


class Relationship(NamedTuple):
    """The relation of two texts, and how alike they are from 0 to 1; the greater, the closer."""

    relation: Relation
    similarity: float


STRANGERS = Relationship(Relation.STRANGERS, 0.0)


def relate(one: TextFacts, other: TextFacts) -> Relationship:
    """The relation of two texts without an identifier.

    1. A text that names the other one, or its headline with the day it was sent, belongs to it.
    2. With one headline they are of one story on one news day, and within a night where the later one
       continues the earlier or opens alike; columns (인사, 부고) and texts without a time only with the
       same opening.
    3. With two headlines they are of one story where they are about the same and alike enough. A
       cancellation is never joined so, nor headlines that differ in a number alone: a person decides.
    """
    earlier, later = sorted((one, other), key=lambda text: text.at)
    gap = later.at - earlier.at
    is_near = gap <= SAME_NIGHT or earlier.day == later.day
    if (named := relate_named(earlier, later, gap, is_near=is_near)) is not None:
        return named
    if earlier.headline == later.headline:
        return relate_same_headline(earlier, later, gap, is_near=is_near)
    if not is_near or earlier.is_column or later.is_column:
        return STRANGERS
    return relate_by_similarity(earlier, later)


def relate_named(
    earlier: TextFacts, later: TextFacts, gap: timedelta, *, is_near: bool
) -> Relationship | None:
    """The relation of a text and one that it names; None where neither names the other."""
    relations = [
        relation_by_name(story, named, gap, is_near=is_near)
        for text, named in ((earlier, later), (later, earlier))
        for story in text.named
        if is_named(story, named)
    ]
    if not relations:
        return None
    return Relationship(max(relations), 1.0)


def is_named(story: NamedStory, text: TextFacts) -> bool:
    if story.is_cut:
        return text.headline.startswith(story.letters)
    return text.headline == story.letters


def relation_by_name(
    story: NamedStory, named: TextFacts, gap: timedelta, *, is_near: bool
) -> Relation:
    if story.is_cut and len(story.letters) < MIN_CUT_LETTERS:
        return Relation.QUESTION if is_near else Relation.STRANGERS
    if story.day is not None:
        is_that_day = gap <= NAMED_DAY and named.at.astimezone(SEOUL).day == story.day
        return Relation.SAME_STORY if is_that_day else Relation.STRANGERS
    if is_near:
        return Relation.SAME_STORY
    return Relation.QUESTION if gap <= LATE_CHANGE else Relation.STRANGERS


def relate_same_headline(
    earlier: TextFacts, later: TextFacts, gap: timedelta, *, is_near: bool
) -> Relationship:
    if needs_same_opening(earlier) or needs_same_opening(later):
        is_one_day = earlier.day == later.day or not (earlier.is_stamped or later.is_stamped)
        if earlier.opening == later.opening and is_one_day:
            return Relationship(Relation.SAME_STORY, 1.0)
        is_question = is_near and (earlier.is_change or later.is_change)
        return Relationship(Relation.QUESTION, 1.0) if is_question else STRANGERS
    alike_leads = dice(earlier, later, lead=True)
    similarity = (1 + alike_leads) / 2
    if is_near:
        is_same = (
            earlier.day == later.day or continues(later) or alike_leads >= SAME_LEAD_SIMILARITY
        )
        return Relationship(Relation.SAME_STORY if is_same else Relation.QUESTION, similarity)
    is_late_change = later.is_change and gap <= LATE_CHANGE
    return Relationship(Relation.QUESTION, similarity) if is_late_change else STRANGERS


def needs_same_opening(text: TextFacts) -> bool:
    """Whether the headline alone does not tell the story apart."""
    return text.is_column or not text.is_stamped


def relate_by_similarity(earlier: TextFacts, later: TextFacts) -> Relationship:
    is_short = min(len(earlier.headline), len(later.headline)) < MIN_COMPARED_LETTERS
    if is_short or not is_about_same(earlier, later):
        return STRANGERS
    is_cancelled = earlier.is_cancellation or later.is_cancellation
    alike = dice(earlier, later, lead=False)
    if not is_cancelled:
        alike = (alike + dice(earlier, later, lead=True)) / 2
    is_marked = continues(earlier) or continues(later)
    threshold = JOIN_SIMILARITY if is_marked else JOIN_SIMILARITY_UNMARKED
    is_certain = not is_cancelled and earlier.is_stamped and later.is_stamped
    if later.headline_stems:  # a lead in Latin letters has many names besides
        is_certain &= len(later.headline_stems.intersection(earlier.subjects)) >= SUBJECT_WORDS
    if alike >= threshold and is_certain and not differ_in_number(earlier, later):
        return Relationship(Relation.SAME_STORY, alike)
    is_question = alike >= (ASK_SIMILARITY if is_marked else JOIN_SIMILARITY)
    return Relationship(Relation.QUESTION, alike) if is_question else STRANGERS


def differ_in_number(one: TextFacts, other: TextFacts) -> bool:
    """Whether the headlines differ in a number alone: a revised count, or the next of a series."""
    return DIGITS.sub("0", one.headline) == DIGITS.sub("0", other.headline)


def continues(text: TextFacts) -> bool:
    """Whether its marks say that it is one of several: 1보, 속보, 종합, 고침, 전문취소."""
    return text.mark_order != PLAIN_ORDER or text.is_change


def is_about_same(earlier: TextFacts, later: TextFacts) -> bool:
    """Whether the subjects of the earlier headline stand in the later text; of one moment, both ways."""
    if not mentions(later, earlier.subjects):
        return False
    return earlier.at != later.at or mentions(earlier, later.subjects)


def mentions(text: TextFacts, subjects: tuple[str, ...]) -> bool:
    """Whether two of the subjects stand in the text, or the only one."""
    mentioned = sum(map(text.mentions, subjects))
    return bool(subjects) and mentioned >= min(len(subjects), SUBJECT_WORDS)


def dice(one: TextFacts, other: TextFacts, *, lead: bool) -> float:
    """Share of common letter pairs (Sørensen-Dice) of the headlines, or of the first paragraphs."""
    mine, theirs = (
        (one.lead_pairs, other.lead_pairs) if lead else (one.headline_pairs, other.headline_pairs)
    )
    total = len(mine) + len(theirs)
    return 2 * len(mine & theirs) / total if total else 0.0
