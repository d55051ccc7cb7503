"""Embargo lines of a Yonhap text: notes to editors on when it may appear, not news about embargoes."""

import re

from wire.parsers.yonhap.embargo_times import CLOCK, DATE

EMBARGO_WORD = r"(?:엠바고|embargo(?:ed)?)"
LABEL_PATTERN = (
    r"(?:보도\s?(?:가능\s?)?(?:시점|시각|일시|시기|시간(?!대))|보도\s?(?:유예|제한|통제)"
    r"|(?:사용|게재|공개)\s?(?:가능\s?)?(?:시점|시각|일시))"
)
EDITION_PATTERN = r"(?:조간|석간)\s?(?:용|부터)"
POLITE_ENDING = r"(?:바랍니다|바란다|바람|요망|부탁|당부드|주시|주십|주세요|하십시오|마십시오)"
PUBLISH_VERB = r"(?:보도|기사화|게재|송출|전재|출고)"
USE_VERB = r"(?:보도|기사화|게재|송출|전재|출고|사용|공개|방송|활용|인용)"
FEW_CHARS = r"[^.]{0,14}?"  # a few words, not across a full stop
# "18시 이후 보도 바랍니다", "18시까지 보도를 삼가 주십시오": addressed to editors, not reported.
REQUEST_LINE = re.compile(
    rf"(?:이후|부터|후|까지|이전에?|전에)\S{{0,2}}{FEW_CHARS}{USE_VERB}\S{{0,3}}{FEW_CHARS}{POLITE_ENDING}"
    rf"|{PUBLISH_VERB}\S{{0,2}}\s?(?:유예|보류|자제|삼가|금지|제한)\S{{0,4}}{FEW_CHARS}{POLITE_ENDING}"
)
# The same without a polite ending, for lines below the headline.
RULE_LINE = re.compile(
    rf"(?:이후|부터|후)\S{{0,2}}{FEW_CHARS}{PUBLISH_VERB}\S{{0,2}}\s?(?:가능|허용)"
    rf"|(?:까지|이전에?|전에){FEW_CHARS}{PUBLISH_VERB}\S{{0,2}}\s?(?:금지|불가|자제|삼가|유예|보류)"
)
# In brackets, or alone on a line, "18시 이후 보도" is enough.
BRIEF_LINE = re.compile(rf"(?:이후|부터){FEW_CHARS}{PUBLISH_VERB}")
EMBARGO_TERM = re.compile(f"{EMBARGO_WORD}|{LABEL_PATTERN}|{EDITION_PATTERN}", re.IGNORECASE)
# Each of the patterns above needs one of these, which are cheap to look for first.
HAS_POLITE_ENDING, HAS_RULE_WORD = (
    re.compile(POLITE_ENDING),
    re.compile("가능|허용|금지|불가|자제|삼가|유예|보류"),
)
HAS_EMBARGO_WORD = re.compile(EMBARGO_WORD, re.IGNORECASE)

BRACKET_PATTERN = (
    r"(?:\[[^\[\]\n]{1,120}\]|<[^<>\n]{1,120}>|【[^【】\n]{1,120}】"
    r"|\((?:[^()\n]|\([^()\n]{1,12}\)){1,120}\))"
)
BRACKETED_LINE = re.compile(BRACKET_PATTERN)
LEADING_BRACKET, TRAILING_BRACKET = (
    re.compile(rf"\s{{0,3}}({BRACKET_PATTERN})"),
    re.compile(rf"({BRACKET_PATTERN})\s{{0,3}}$"),
)
NOTE_SIGN = "※"
NOTE_LINE = re.compile(r"[※＊*]|[\[(<]\s?※")
LABELLED_LINE = re.compile(
    rf"[^\w]{{0,6}}(?:{EMBARGO_WORD}|{LABEL_PATTERN}|(?:조간|석간)\s?용)\s?(?:[:：=|]|-\s|[(]?\s?\d|until|오늘|금일|내일|명일|오전|오후"
    rf"|즉시|배포|{EDITION_PATTERN}|해제|없음|유지|준수|설정|있음|$)",
    re.IGNORECASE,
)
EDITION_LINE = re.compile(
    rf"[\d월일자.,/()\s]{{0,20}}{EDITION_PATTERN}(?:\s?{PUBLISH_VERB}\S{{0,4}})?\.?"
)
# Sentences of news end in 다; notes to editors in 니다, 바람, 요망.
NEWS_ENDING = re.compile(r"(?<!니)(?<!바란)다[.\"'”’)\]]*$")
ANY_WORD = re.compile(r"[가-힣A-Za-z]{2,}")
REQUEST_WORDS = re.compile(
    rf"{EMBARGO_WORD}|{LABEL_PATTERN}|{EDITION_PATTERN}|이후|까지|부터|보도|사용|게재|가능|금지|한국시[간각]|요일|해제|설정"
    r"|조간|석간|인터넷|온라인|즉시|배포|없음|유지|준수|until|KST|UTC|GMT"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}",
    re.IGNORECASE,
)
MAX_EMBARGO_LINE_CHARS = 300
MAX_BRACKETS = 8  # at each end
BRACKET_SEARCH_CHARS = 150  # a trailing bracket is looked for in so many last characters


def mentions_embargo(text: str) -> bool:
    """Whether a text of at most MAX_EMBARGO_LINE_CHARS mentions an embargo or a time of first use."""
    if len(text) > MAX_EMBARGO_LINE_CHARS:
        return False
    return bool(EMBARGO_TERM.search(text)) or is_embargo_request(text) or is_embargo_rule(text)


def is_embargo_request(text: str) -> bool:
    """Whether editors are asked to publish later: `18시 이후 보도 바랍니다`."""
    return bool(HAS_POLITE_ENDING.search(text) and REQUEST_LINE.search(text))


def is_embargo_rule(text: str) -> bool:
    """Whether a text states when editors may publish: `18시까지 보도 금지`."""
    return bool(HAS_RULE_WORD.search(text) and RULE_LINE.search(text))


def is_embargo_bracket(text: str) -> bool:
    """Whether the text of a pair of brackets is about an embargo."""
    return mentions_embargo(text) or bool(BRIEF_LINE.search(text))


def is_brief_embargo(line: str) -> bool:
    """Whether a line is `18시 이후 보도` and nothing else."""
    is_short = len(line) <= MAX_EMBARGO_LINE_CHARS
    return is_short and bool(BRIEF_LINE.search(line)) and has_no_other_words(line)


def has_embargo_word(text: str) -> bool:
    """Whether the text contains 엠바고 or embargo, which news about embargoes does too."""
    return bool(HAS_EMBARGO_WORD.search(text))


def is_embargo_headline(headline: str) -> bool:
    """Whether a headline contains 엠바고 and a time: it stays a headline, and it counts as an embargo."""
    return has_embargo_word(headline) and bool(CLOCK.search(headline) or DATE.search(headline))


def is_embargo_line(line: str, *, before_headline: bool) -> bool:
    """Whether the line is the agency's note to editors on when the story may appear.

    Before the headline, a line of the short form has to contain nothing else.
    """
    if len(line) <= MAX_EMBARGO_LINE_CHARS and BRACKETED_LINE.fullmatch(line):
        return is_embargo_bracket(line)
    if is_brief_embargo(line):
        return True
    if not mentions_embargo(line):
        return False
    if NOTE_LINE.match(line):
        return True
    is_note = is_embargo_request(line) or is_short_form(line, before_headline=before_headline)
    return is_note and not NEWS_ENDING.search(line)


def is_short_form(line: str, *, before_headline: bool) -> bool:
    """Whether it is one of the short forms: 엠바고 and a time, 보도시점, 조간용, 18시까지 보도 금지."""
    has_form = LABELLED_LINE.match(line) or EDITION_LINE.fullmatch(line) or is_embargo_rule(line)
    if before_headline:
        return bool(has_form) and has_no_other_words(line)
    return bool(has_form) or is_embargo_headline(line)


def has_no_other_words(line: str) -> bool:
    """Whether nothing is left of the line without dates, times and the words of an embargo."""
    for pattern in (DATE, CLOCK, REQUEST_WORDS):
        line = pattern.sub(" ", line)
    return not ANY_WORD.search(line)


def split_embargo_notes(line: str) -> list[str]:
    """The line, with brackets and notes on an embargo that were written into it as lines of their own."""
    line, sign, note = line.partition(NOTE_SIGN)
    if sign and not mentions_embargo(note):
        line, note = line + sign + note, ""
    before, line = split_leading_brackets(line)
    line, after = split_trailing_brackets(line)
    pieces = [*before, line, *after, sign + note if note else ""]
    return [piece.strip() for piece in pieces if piece.strip()]


def split_leading_brackets(line: str) -> tuple[list[str], str]:
    """The brackets at the beginning that are about an embargo, and the line without them."""
    brackets: list[re.Match[str]] = []
    at = 0
    while len(brackets) < MAX_BRACKETS and (bracket := LEADING_BRACKET.match(line, at)):
        brackets.append(bracket)
        at = bracket.end()
    embargoes = [bracket for bracket in brackets if is_embargo_bracket(bracket[1])]
    return [bracket[1] for bracket in embargoes], remove_matches(line, embargoes)


def split_trailing_brackets(line: str) -> tuple[str, list[str]]:
    """The line without the brackets at its end that are about an embargo, and the brackets."""
    brackets: list[re.Match[str]] = []
    end = len(line)
    while len(brackets) < MAX_BRACKETS and (
        bracket := TRAILING_BRACKET.search(line, max(0, end - BRACKET_SEARCH_CHARS), end)
    ):
        brackets.insert(0, bracket)
        end = bracket.start()
    embargoes = [bracket for bracket in brackets if is_embargo_bracket(bracket[1])]
    return remove_matches(line, embargoes), [bracket[1] for bracket in embargoes]


def remove_matches(line: str, matches: list[re.Match[str]]) -> str:
    for match in reversed(matches):
        line = f"{line[: match.start(1)].rstrip()} {line[match.end(1) :].lstrip()}"
    return line.strip() if matches else line
