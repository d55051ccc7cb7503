"""Stories that a correction or cancellation names: `27일 송고 '제목(종합2보)' 기사`, `<고침> 사회(제목…)`.

A reference is kept as one line, `27 제목(종합2보)`: the day of the month where the text says one, then the
headline as it was named. `split_reference` takes it apart.
"""

import re
from collections.abc import Iterable

from wire.parsers.marks import has_cancellation_mark, has_correction_mark, split_marks
from wire.parsers.result import ParsedStory

CANCELED = "canceled"
MAX_REFERENCES = 10
MIN_TITLE_CHARS = 4
MAX_TITLE_CHARS = 200
SEARCHED_CHARS = 2000  # of each line
QUOTED = (
    r"(?:'(?P<q0>[^\n]{4,200}?)'(?=\s*(?:제하|제목|기사))"
    r"|'(?P<q1>[^'\n]{4,200})'|‘(?P<q2>[^‘’\n]{4,200})’|「(?P<q3>[^「」\n]{4,200})」)"
)
DOUBLE_QUOTED = r"(?:\"(?P<q4>[^\"\n]{4,200})\"|“(?P<q5>[^“”\n]{4,200})”)"
DAY = r"(?:(?:\d{1,2}\s?월\s?)?(?P<day>\d{1,2})\s?일(?:자)?\s*)?"
# With the verb before the title (송고한, 송고) or the noun behind it (기사, 제하), so that a quoted
# sentence is not taken for a headline.
SENT = (
    r"(?P<sent>(?:(?:오전|오후)\s?)?(?:\d{1,2}[:시]\s?\d{0,2}\s?분?\s*)?(?:에\s*)?"
    r"(?:송고|보도|출고)\S{0,2}\s*)?"
)
NAMED = re.compile(
    rf"{DAY}{SENT}(?:{QUOTED}|{DOUBLE_QUOTED})\s*(?P<noun>제하\S{{0,2}}\s*)?(?P<copy>기사|제목)?"
)
# The list of corrections: the section, then the headline in brackets, often cut short.
SECTION_LIST = re.compile(
    r"^(?:정치|경제|사회|산업|증권|금융|국제|세계|외신|문화|연예|스포츠|체육|지방|전국|북한|과학|IT|생활)"
    r"(?:부|면)?\s*[(（](?P<title>.{4,200}?)[)）]?$"
)
REFERENCE = re.compile(r"(?:(?P<day>\d{1,2}) )?(?P<title>.+)", re.DOTALL)


def find_references(story: ParsedStory) -> list[str]:
    """The references of a correction or cancellation, in reading order; none for other texts.

    The headline's marks, the agency's signal or its state say that it is one.
    """
    is_change = story.signal or story.pub_status == CANCELED
    if not (is_change or has_cancellation_mark(story.marks) or has_correction_mark(story.marks)):
        return []
    found = list(list_reference(story.headline))
    texts = story.paragraphs or [block.text for block in story.blocks]
    for line in (story.headline, *story.deck, *story.notes, *texts):
        found += named_in(line)
    return list(dict.fromkeys(found))[:MAX_REFERENCES]


def list_reference(headline: str) -> Iterable[str]:
    """The reference of a headline that is a section with a title in brackets."""
    if match := SECTION_LIST.match(headline):
        yield match["title"].strip()


def named_in(line: str) -> Iterable[str]:
    """The stories that a line names."""
    for match in NAMED.finditer(line[:SEARCHED_CHARS]):
        title = next(match[f"q{n}"] for n in range(6) if match[f"q{n}"]).strip()
        if not (match["sent"] or match["copy"] or match["noun"]) or len(title) < MIN_TITLE_CHARS:
            continue
        yield f"{int(match['day'])} {title}" if is_day(match["day"]) else title


def is_day(digits: str | None) -> bool:
    return bool(digits) and 1 <= int(digits or 0) <= 31


def split_reference(reference: str) -> tuple[int | None, str]:
    """The day of the month, None where none was named, and the headline without its marks."""
    match = REFERENCE.fullmatch(reference)
    if match is None:
        return None, ""
    headline, _marks = split_marks(match["title"])
    day = int(match["day"]) if is_day(match["day"]) else None
    return day, headline[:MAX_TITLE_CHARS]
