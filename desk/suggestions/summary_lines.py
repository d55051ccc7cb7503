"""Summary lines by extraction: the sentences that stand for the text, shortened, in the text's order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desk.suggestions.sentences import split_sentences
from desk.suggestions.shortening import shorten
from desk.suggestions.text_rank import bigrams, rank_sentences

LINES = 3
# What follows is not read: the first sentences of a longer text say what it is about.
MAX_TEXT_CHARS = 50_000
MIN_SENTENCE_CHARS = 12
MAX_SENTENCE_CHARS = 240
# The first sentence of a news story says what happened; later ones explain it.
LEAD_WEIGHT = 1.5
# Two sentences that share more of their bigrams say the same.
MAX_OVERLAP = 0.5
QUOTES = "\"'“‘「『"


@dataclass(frozen=True)
class SummaryLine:
    """A suggested line, and the sentence of the text that it was made of."""

    text: str
    sentence: str


def suggest_summary(paragraphs: Iterable[str]) -> list[SummaryLine]:
    """At most three lines, in the order of the text; fewer where the text has fewer sentences for it."""
    sentences = [
        sentence
        for paragraph in within_limit(paragraphs)
        for sentence in split_sentences(paragraph)
    ]
    usable = [sentence for sentence in dict.fromkeys(sentences) if can_stand_alone(sentence)]
    scores = rank_sentences(usable)
    if scores:
        scores[0] *= LEAD_WEIGHT
    by_score = sorted(range(len(usable)), key=lambda index: (-scores[index], index))
    chosen = choose_different(usable, by_score)
    return [SummaryLine(shorten(usable[index]), usable[index]) for index in sorted(chosen)]


def within_limit(paragraphs: Iterable[str]) -> Iterator[str]:
    """The paragraphs, of which the last one is cut, up to MAX_TEXT_CHARS in all."""
    room = MAX_TEXT_CHARS
    for paragraph in paragraphs:
        yield paragraph[:room]
        room -= len(paragraph)
        if room <= 0:
            return


def can_stand_alone(sentence: str) -> bool:
    """Whether a sentence may be a line: no question, no mere quotation, neither scrap nor monster."""
    if not MIN_SENTENCE_CHARS <= len(sentence) <= MAX_SENTENCE_CHARS:
        return False
    return not sentence.endswith("?") and not sentence.startswith(tuple(QUOTES))


def choose_different(sentences: list[str], by_score: list[int]) -> list[int]:
    """The best sentences that do not repeat each other; repetitions only where nothing else is left."""
    chosen = list[int]()
    grams = [bigrams(sentence) for sentence in sentences]
    for index in by_score:
        if all(overlap(grams[index], grams[other]) <= MAX_OVERLAP for other in chosen):
            chosen.append(index)
        if len(chosen) == LINES:
            return chosen
    rest = [index for index in by_score if index not in chosen]
    return [*chosen, *rest[: LINES - len(chosen)]]


def overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of the smaller set that is in both."""
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0
