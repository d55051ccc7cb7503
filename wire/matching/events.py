"""Whether two texts are about one event, of any agency: terms to find them by, their similarity. Pure.

On the pairs of tests/support/formats (EVENT_SIMILARITY): of 12 reports of one event by two agencies 8 are
suggested, of 15 pairs of one agency all; of 31 pairs of strangers two.

A text is compared by its stems: the first letters of the words of its headline and of its first paragraph.
A suggestion only: nothing is joined by it (wire/matching/relation.py decides that, within one source).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import combinations, islice

from wire.matching.keys import NOT_LETTERS, letters_only
from wire.matching.terms import STEM_LETTERS, SUBJECT_WORDS, term

EVENT_WINDOW = timedelta(hours=24)  # between the sending of the two texts
EVENT_SIMILARITY = 0.45
MIN_SHARED_STEMS = 3  # of headline and first paragraph
MIN_SHARED_HEADLINE_STEMS = 2
MAX_HEADLINE_STEMS, MAX_LEAD_STEMS, MAX_LEAD_CHARS = 6, 24, 200
FOREIGN_STEM_LETTERS, MIN_FOREIGN_LETTERS = 6, 4
# Words that any report has: of time, of saying, of reporters.
COMMON_WORDS = (
    "오전 오후 오늘 어제 내일 이날 이번 지난 최근 당시 현재 관련 대해 대한 위해"
    " 위한 통해 따르 따라 밝혔 밝힌 말했 전했 했다 있다 없다 한다 된다 됐다 이라"
    " 라고 그러 하지 또한 가운 기자 특파 속보 단독 모두 함께 것으 것이 것은 가장"
    " that with from this have will been said says after over were which their about"
)
COMMON_STEMS = frozenset(COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class EventFacts:
    """The stems of a text: of its headline in order, and of its headline and first paragraph together.

    `subjects`: the beginnings of the first two words of the headline. `letters`: all without spaces and
    signs.
    """

    subjects: tuple[str, ...]
    headline: frozenset[str]
    text: frozenset[str]
    letters: str

    def is_named_in(self, other: "EventFacts") -> bool:
        """Whether the subjects of this headline stand in the other text."""
        return bool(self.subjects) and all(stem in other.letters for stem in self.subjects)


@lru_cache(maxsize=2048)
def event_facts(headline: str, lead: str) -> EventFacts:
    own = stems_of(headline)[:MAX_HEADLINE_STEMS]
    lead = lead[:MAX_LEAD_CHARS]
    words = iter_stems(headline, min_letters=1)
    return EventFacts(
        subjects=tuple(islice(words, SUBJECT_WORDS)),
        headline=frozenset(own),
        text=frozenset(own + stems_of(lead)[:MAX_LEAD_STEMS]),
        letters=letters_only(headline + lead),
    )


def event_terms(headline: str) -> frozenset[int]:
    """The terms of a text: a hash for each two stems of its headline, 15 at most."""
    stems = stems_of(headline)[:MAX_HEADLINE_STEMS]
    pairs = combinations(sorted(stems), MIN_SHARED_HEADLINE_STEMS)
    return frozenset(term("e", " ".join(pair)) for pair in pairs)


def event_similarity(one: EventFacts, other: EventFacts) -> float:
    """How alike two texts are, from 0 to 1; 0 where they share too few words to be of one event.

    The mean share of common stems in the shorter of the headlines, and of the texts (overlap coefficient):
    a flash of one line is as near to its long report as that is to it. The subjects of one headline have to
    stand in the other text: two fires of one day have all words but the place in common.
    """
    headline = len(one.headline & other.headline)
    text = len(one.text & other.text)
    if headline < MIN_SHARED_HEADLINE_STEMS or text < MIN_SHARED_STEMS:
        return 0.0
    if not (one.is_named_in(other) or other.is_named_in(one)):
        return 0.0
    shares = (
        headline / min(len(one.headline), len(other.headline)),
        text / min(len(one.text), len(other.text)),
    )
    return sum(shares) / len(shares)


def stems_of(text: str) -> list[str]:
    """The stems of a text, each once, in their order."""
    return list(dict.fromkeys(iter_stems(text, min_letters=STEM_LETTERS)))


def iter_stems(text: str, *, min_letters: int) -> Iterator[str]:
    for word in NOT_LETTERS.split(text):
        if word.isascii():
            is_word = len(word) >= MIN_FOREIGN_LETTERS or (word.isupper() and len(word) > 1)
            stem = word.casefold()[:FOREIGN_STEM_LETTERS] if is_word else ""
        else:
            stem = word.casefold()[:STEM_LETTERS] if len(word) >= min_letters else ""
        if stem and not stem[0].isdigit() and stem not in COMMON_STEMS:
            yield stem
