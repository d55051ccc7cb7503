"""Which lines of a wire text speak of an embargo, and which only report on one."""

import re

from wire.parsers.yonhap.embargo_times import CLOCK, DATE

WORD = r"(?:엠바고|embargo(?:ed)?)"
LABEL = (
    r"(?:보도\s?(?:가능\s?)?(?:시점|시각|일시|시기|시간(?!대))|보도\s?(?:유예|제한|통제)"
    r"|(?:사용|게재|공개)\s?(?:가능\s?)?(?:시점|시각|일시))"
)
EDITION = r"(?:조간|석간)\s?(?:용|부터)"
POLITE = r"(?:바랍니다|바란다|바람|요망|부탁|당부드|주시|주십|주세요|하십시오|마십시오)"
PRINT = r"(?:보도|기사화|게재|송출|전재|출고)"
USE = r"(?:보도|기사화|게재|송출|전재|출고|사용|공개|방송|활용|인용)"
FEW = r"[^.]{0,14}?"  # a few words, never the next sentence
# "18시 이후 보도 바랍니다", "18시까지 보도를 삼가 주십시오": said to us, and not of somebody.
REQUEST = re.compile(
    rf"(?:이후|부터|후|까지|이전에?|전에)\S{{0,2}}{FEW}{USE}\S{{0,3}}{FEW}{POLITE}"
    rf"|{PRINT}\S{{0,2}}\s?(?:유예|보류|자제|삼가|금지|제한)\S{{0,4}}{FEW}{POLITE}"
)
# The same without a word of courtesy, for lines below the headline.
TERSE = re.compile(
    rf"(?:이후|부터|후)\S{{0,2}}{FEW}{PRINT}\S{{0,2}}\s?(?:가능|허용)"
    rf"|(?:까지|이전에?|전에){FEW}{PRINT}\S{{0,2}}\s?(?:금지|불가|자제|삼가|유예|보류)"
)
# Between brackets, or alone on a line, it takes no more than "18시 이후 보도".
BRIEF = re.compile(rf"(?:이후|부터){FEW}{PRINT}")
SPEAKS = re.compile(f"{WORD}|{LABEL}|{EDITION}", re.IGNORECASE)
# Without one of these there is neither; looked for first, as it costs nothing.
COURTESY, RULE = re.compile(POLITE), re.compile("가능|허용|금지|불가|자제|삼가|유예|보류")
NAMED = re.compile(WORD, re.IGNORECASE)

GROUP = (
    r"(?:\[[^\[\]\n]{1,120}\]|<[^<>\n]{1,120}>|【[^【】\n]{1,120}】"
    r"|\((?:[^()\n]|\([^()\n]{1,12}\)){1,120}\))"
)
ENCLOSED = re.compile(GROUP)
OPENING, CLOSING = re.compile(rf"\s{{0,3}}({GROUP})"), re.compile(rf"({GROUP})\s{{0,3}}$")
SIGN = "※"
SIGNED = re.compile(r"[※＊*]|[\[(<]\s?※")
OPENS = re.compile(
    rf"[^\w]{{0,6}}(?:{WORD}|{LABEL}|(?:조간|석간)\s?용)\s?(?:[:：=|]|-\s|[(]?\s?\d|until|오늘|금일|내일|명일|오전|오후"
    rf"|즉시|배포|{EDITION}|해제|없음|유지|준수|설정|있음|$)",
    re.IGNORECASE,
)
EDITION_ALONE = re.compile(rf"[\d월일자.,/()\s]{{0,20}}{EDITION}(?:\s?{PRINT}\S{{0,4}})?\.?")
# News ends in 다; what is said to editors ends in 니다, 바람, 요망.
NEWS = re.compile(r"(?<!니)(?<!바란)다[.\"'”’)\]]*$")
WORDS = re.compile(r"[가-힣A-Za-z]{2,}")
OF_A_REQUEST = re.compile(
    rf"{WORD}|{LABEL}|{EDITION}|이후|까지|부터|보도|사용|게재|가능|금지|한국시[간각]|요일|해제|설정"
    r"|인터넷|온라인|즉시|배포|없음|유지|준수|until|KST|UTC|GMT"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}",
    re.IGNORECASE,
)
LONGEST = 300
MOST, REACH = 8, 150  # brackets at each end; letters in which one is looked for


def mentions_embargo(text: str) -> bool:
    """Whether an embargo, or a time of first use, is mentioned at all; never in a long text."""
    if len(text) > LONGEST:
        return False
    return bool(SPEAKS.search(text)) or is_embargo_request(text) or is_embargo_rule(text)


def is_embargo_request(text: str) -> bool:
    return bool(COURTESY.search(text) and REQUEST.search(text))


def is_embargo_rule(text: str) -> bool:
    return bool(RULE.search(text) and TERSE.search(text))


def is_embargo_bracket(text: str) -> bool:
    """Whether a pair of brackets holds a word on an embargo."""
    return mentions_embargo(text) or bool(BRIEF.search(text))


def is_brief_embargo(line: str) -> bool:
    """Whether a line says `18시 이후 보도` and nothing else."""
    return len(line) <= LONGEST and bool(BRIEF.search(line)) and says_nothing_else(line)


def has_embargo_word(text: str) -> bool:
    """Whether the word itself stands there: in the news, too, there are embargoes."""
    return bool(NAMED.search(text))


def is_embargo_headline(headline: str) -> bool:
    """Whether a headline says 엠바고 and when: it stays a headline, and it counts."""
    return has_embargo_word(headline) and bool(CLOCK.search(headline) or DATE.search(headline))


def is_embargo_line(line: str, *, before_headline: bool) -> bool:
    """Whether the line is the agency's word to editors on when the story may appear.

    `first` says that no headline has been read yet: then a line has to say nothing else.
    """
    if len(line) <= LONGEST and ENCLOSED.fullmatch(line):
        return is_embargo_bracket(line)
    if is_brief_embargo(line):
        return True
    if not mentions_embargo(line):
        return False
    if SIGNED.match(line):
        return True
    return not NEWS.search(line) and (
        is_embargo_request(line) or is_terse(line, first=before_headline)
    )


def is_terse(line: str, *, first: bool) -> bool:
    """Whether it is one of the short forms: 엠바고 and a time, 보도시점, 조간용, 18시까지 보도 금지."""
    opens = OPENS.match(line) or EDITION_ALONE.fullmatch(line) or is_embargo_rule(line)
    if first:
        return bool(opens) and says_nothing_else(line)
    return bool(opens) or is_embargo_headline(line)


def says_nothing_else(line: str) -> bool:
    for pattern in (DATE, CLOCK, OF_A_REQUEST):
        line = pattern.sub(" ", line)
    return not WORDS.search(line)


def split_embargo_notes(line: str) -> list[str]:
    """The line, with brackets and notes on an embargo that were written into it as lines of their own."""
    line, sign, note = line.partition(SIGN)
    if sign and not mentions_embargo(note):
        line, note = line + sign + note, ""
    before, line = from_the_front(line)
    line, after = from_the_back(line)
    pieces = [*before, line, *after, sign + note if note else ""]
    return [piece.strip() for piece in pieces if piece.strip()]


def from_the_front(line: str) -> tuple[list[str], str]:
    """The brackets at its beginning that speak of an embargo, and the line without them."""
    groups: list[re.Match[str]] = []
    at = 0
    while len(groups) < MOST and (found := OPENING.match(line, at)):
        groups.append(found)
        at = found.end()
    speaking = [group for group in groups if is_embargo_bracket(group[1])]
    return [group[1] for group in speaking], without(line, speaking)


def from_the_back(line: str) -> tuple[str, list[str]]:
    """The same at its end."""
    groups: list[re.Match[str]] = []
    end = len(line)
    while len(groups) < MOST and (found := CLOSING.search(line, max(0, end - REACH), end)):
        groups.insert(0, found)
        end = found.start()
    speaking = [group for group in groups if is_embargo_bracket(group[1])]
    return without(line, speaking), [group[1] for group in speaking]


def without(line: str, groups: list[re.Match[str]]) -> str:
    for group in reversed(groups):
        line = f"{line[: group.start(1)].rstrip()} {line[group.end(1) :].lstrip()}"
    return line.strip() if groups else line
