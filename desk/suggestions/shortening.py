"""Shortening of a sentence to a summary line in the style of headlines: no full stop, nouns at the end.

Only what carries no meaning is left out: connectives at the beginning, remarks in brackets, the verb ending
of the last word. Who says something, negations, numbers and times stay.
"""

import re

# The longest line that the field takes (desk.models.Draft.summary_1).
MAX_LINE_CHARS = 120
# Brackets are left out of longer lines only: a short one has room for `가상은행(VB)`.
COMFORTABLE_CHARS = 45

CONNECTIVES = re.compile(
    r"^(?:한편|또한|또|아울러|이어|이어서|그러면서|그리고|특히|이와 관련해|이와 함께|이날|이에 앞서|앞서"
    r"|Meanwhile|In addition|Moreover|Also),?\s+"
)
BRACKETS = re.compile(r"\s*[(\[（〔][^()\[\]（）〔〕]{0,80}[)\]）〕]")
FINAL_MARKS = re.compile(r"[.。\s]+$")
# `공개했다` -> `공개`: the noun that the verb is made of, of two syllables and more (`말했다` stays).
NOUN_VERB = re.compile(r"([가-힣]{2,})(?:했다|하였다|했습니다|하였습니다|한다|합니다)$")
# `공개됐다` -> `공개돼`.
PASSIVE_VERB = re.compile(r"([가-힣]{2,})(?:됐다|되었다|됐습니다|되었습니다|된다|됩니다)$")
# `계획이다` -> `계획`; `밝은 것이다` and `아이다` are none.
COPULA = re.compile(
    r"(계획|방침|예정|전망|상황|수준|것으로 전망|입장|설명|관측|분석|셈)(?:이다|입니다)$"
)
# `새 모델을 공개` -> `새 모델 공개`.
OBJECT_BEFORE_NOUN = re.compile(r"([가-힣A-Za-z0-9%]+)[을를] ([가-힣]{2,})$")
# Nouns that end in a syllable like the object's particle.
NOUNS_IN_EUL = ("마을", "가을", "노을", "고을", "겨를", "한을", "그을")
# Verbs in -하다 whose stem is no noun, or an adjective in whose place no noun stands.
NO_NOUNS = (
    "그러",
    "이러",
    "저러",
    "어떠",
    "못",
    "아니",
    "가능",
    "불가능",
    "필요",
    "중요",
    "충분",
    "불과",
)


def shorten(sentence: str) -> str:
    """The sentence as a summary line, at most MAX_LINE_CHARS long; `…` says that it was cut."""
    line = CONNECTIVES.sub("", sentence.strip())
    line = FINAL_MARKS.sub("", line)
    line = with_noun_ending(line)
    if len(line) > COMFORTABLE_CHARS:
        line = BRACKETS.sub("", line)
    return cut(" ".join(line.split()))


def with_noun_ending(line: str) -> str:
    """The line with its last verb as a noun, where that changes nothing but the style."""
    if match := NOUN_VERB.search(line):
        if match[1] in NO_NOUNS or match[1].endswith(("지 못", "지 아니")):
            return line
        return without_object_particle(line[: match.start()] + match[1])
    if match := PASSIVE_VERB.search(line):
        return f"{line[: match.start()]}{match[1]}돼"
    return COPULA.sub(r"\1", line)


def without_object_particle(line: str) -> str:
    """`새 모델을 공개` without `을`; nouns such as `마을` keep their last syllable."""
    match = OBJECT_BEFORE_NOUN.search(line)
    if not match or line[: match.end(1) + 1].endswith(NOUNS_IN_EUL):
        return line
    return f"{line[: match.end(1)]} {match[2]}"


def cut(line: str) -> str:
    """The line within MAX_LINE_CHARS, cut between two words."""
    if len(line) <= MAX_LINE_CHARS:
        return line
    shortened = line[: MAX_LINE_CHARS - 1]
    words, space, _rest = shortened.rpartition(" ")
    return f"{words if space else shortened}…"
