"""Shortening of a sentence to a summary line in the style of headlines: no full stop, nouns at the end.

Only what carries no meaning is left out: connectives at the beginning, remarks in brackets, the verb ending
of the last word. Who says something, negations, numbers and times stay.
"""

import re

# The longest line that the field takes (desk.models.Draft.summary_1).
MAX_LINE_CHARS = 120
# Brackets are left out of longer lines only: a short one has room for `가상은행(VB)`.
COMFORTABLE_CHARS = 45

# No words of time (`앞서`, `이날`); `또` only before a comma, since `또 다른` and `또 한 번` count.
CONNECTIVES = re.compile(
    r"^(?:(?:한편|또한|아울러|이어|이어서|그러면서|그리고|특히|이와 관련해|이와 함께"
    r"|Meanwhile|In addition|Moreover|Also),?|또,)\s+"
)
# Those with digits stay: they are ages, dates and amounts.
BRACKETS = re.compile(r"\s*[(\[（〔][^()\[\]（）〔〕\d]{0,80}[)\]）〕]")
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
NO_NOUNS = frozenset(
    (
        *("그러", "이러", "저러", "어떠", "아니", "가능", "불가능", "필요", "중요"),
        *("충분", "불과", "따뜻", "깨끗", "뚜렷", "비슷", "시원", "조용", "훌륭"),
        *("대단", "상당", "굉장", "엄청", "거대", "막대", "선명", "투명", "화려"),
        *("귀중", "소중", "솔직", "친절", "유명", "당연", "마땅", "적당", "웬만"),
        *("궁금", "서운", "섭섭", "아득", "까마득", "나른", "포근", "푸근", "서늘"),
        *("싸늘", "쌀쌀", "썰렁", "허전", "허술", "느슨", "팽팽", "치열", "첨예"),
        *("미묘", "애매", "모호"),
    )
)
# Endings before an auxiliary verb that is written without a space: `도입해야한다`, `추진하려한다`.
BEFORE_AUXILIARY = (
    *("지 못", "지못", "지 아니", "지아니", "야", "하려", "으려", "고자", "도록", "하게"),
    *("으면", "하면", "하곤", "기로", "하기도"),
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
        if is_no_noun(match[1]):
            return line
        return without_object_particle(line[: match.start()] + match[1])
    if match := PASSIVE_VERB.search(line):
        return f"{line[: match.start()]}{match[1]}돼"
    return COPULA.sub(r"\1", line)


def is_no_noun(stem: str) -> bool:
    """Whether the stem of a verb in -하다 does not stand alone, as doubled syllables (`든든`) do not."""
    return stem in NO_NOUNS or stem.endswith(BEFORE_AUXILIARY) or stem[-1] == stem[-2]


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
