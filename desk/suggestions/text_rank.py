"""TextRank of sentences on syllable bigrams: which sentences of a text stand for the others.

Mihalcea and Tarau, "TextRank: Bringing Order into Text" (2004), with the similarity of bigram sets in the
place of words: Korean inflects, and bigrams of syllables meet in inflected forms without a dictionary.
"""

import math
import re
from collections.abc import Sequence

DAMPING = 0.85
MAX_ITERATIONS = 50
TOLERANCE = 1e-4
# Similarities are compared pairwise: 150 sentences cost 11,175 comparisons, about 30 ms.
MAX_SENTENCES = 150
NOT_LETTERS = re.compile(r"[\W_]+")


def bigrams(sentence: str) -> frozenset[str]:
    """The bigrams of the letters and digits of each word, without case."""
    words = NOT_LETTERS.sub(" ", sentence).casefold().split()
    return frozenset(
        word[index : index + 2] for word in words for index in range(max(1, len(word) - 1))
    )


def similarity(first: frozenset[str], second: frozenset[str]) -> float:
    """Shared bigrams over the logarithms of both sizes; 0 for sentences too short to compare."""
    if len(first) < 2 or len(second) < 2:
        return 0.0
    return len(first & second) / (math.log(len(first)) + math.log(len(second)))


def rank_sentences(sentences: Sequence[str]) -> list[float]:
    """A score for each sentence; they add up to 1 (to 0 for none). At most MAX_SENTENCES are ranked:
    those after them score 0."""
    grams = [bigrams(sentence) for sentence in sentences[:MAX_SENTENCES]]
    count = len(grams)
    if not count:
        return []
    weights = [[0.0] * count for _ in range(count)]
    for row in range(count):
        for column in range(row):
            weights[row][column] = weights[column][row] = similarity(grams[row], grams[column])
    sums = [sum(row) for row in weights]
    shares = [
        [weight / total if total else 1 / count for weight in row]
        for row, total in zip(weights, sums, strict=True)
    ]
    scores = iterate(shares)
    return scores + [0.0] * (len(sentences) - count)


def iterate(shares: Sequence[Sequence[float]]) -> list[float]:
    """The stationary scores of the random walk over the sentences."""
    count = len(shares)
    scores = [1 / count] * count
    incoming = list(zip(*shares, strict=True))
    for _ in range(MAX_ITERATIONS):
        after = [
            (1 - DAMPING) / count
            + DAMPING * sum(s * w for s, w in zip(scores, weights, strict=True))
            for weights in incoming
        ]
        change = sum(abs(a - b) for a, b in zip(after, scores, strict=True))
        scores = after
        if change < TOLERANCE:
            break
    return scores
