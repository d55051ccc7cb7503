"""Photo captions among the lines of a Yonhap text: recognised by a credit, a date, or their looks."""

import re
from functools import lru_cache

from wire.parsers.result import Caption
from wire.parsers.usage_terms import forbids_resale

# Words that make a trailing bracket a credit. A ticker, `가상전자[000000]`, has none of them.
CREDIT = re.compile(
    r"연합뉴스|뉴시스|NEWSIS|뉴스1|News1|OSEN|제공|자료\s?사진|DB\s?(?:및|·)?\s?금지|재판매|로이터|(?<![A-Za-z])(?:AP|AFP|EPA|UPI)(?![A-Za-z])"
    r"|촬영|캡[처쳐]|게티|출처|신화=|교도=|타스=|^(?:CG|그래픽|일러스트|사진)\b|(?:사진|그래픽)\s?[=:]"
)
TRAILING_CREDIT = re.compile(
    r"\s*(?:\[[^\[\]\n]{1,120}\]|\((?:CG|사진|그래픽|자료|일러스트)[^()\n]{0,80}\))$"
)
# Captions end in the day of the photo: "걷는 시민들이 보인다. 2026.10.1".
TRAILING_DATE = re.compile(r"[.!?\"'”’)\]]\s?(?:19|20)\d\d\.\d{1,2}\.\d{1,2}\.?$")
# A credit without brackets: `2026.10.1/뉴스1`, `ⓒ 뉴스1 백한결 기자`, `/사진=가상시`, `사진제공=가상시`.
TRAILING_SOURCE = re.compile(
    r"\s?(?:[/|ⓒ©]\s?){1,2}(?:사진\s?(?:제공)?\s?[=:]\s?)?"
    r"(?:[가-힣A-Za-z=·& ]{0,20}(?:뉴스1|News1|뉴시스|NEWSIS|OSEN|연합뉴스)"
    r"(?:\s?(?:DB|제공|자료사진))?(?:\s[가-힣]{2,4}\s?기자)?)$"
    r"|\s?/?\s?사진\s?(?:제공)?\s?[=|]\s?[가-힣A-Za-z0-9·&' ]{1,40}$"
)
TRAILING_RESALE_MARK = re.compile(r"\s*[*＊]\s?(재판매\s?및\s?DB\s?금지)$")
# The kind of a picture before its title: `[그래픽] 강변길 보행자 추이`.
PICTURE_LABEL = re.compile(
    r"^[\[<【]\s?(그래픽|인포그래픽|사진|포토|일러스트|CG)\s?[\]>】]\s?(?=\S)"
)
CREDIT_BEFORE_DATE = re.compile(
    r"\s?(\((?:사진|그래픽)\s?[=:][^()\n]{1,60}\)|\[[^\[\]\n]{1,60}\])"
    r"\s?(?:19|20)\d\d\.\d{1,2}\.\d{1,2}\.?$"
)
MAX_LABELLED_CHARS = 120
MAX_CAPTION_CHARS = 400

SUBHEAD_SIGNS = tuple("◇◆▲△▼▽━■□●○◎★☆※*#")
LIST_ITEM = re.compile(r"^(?:[-–—·•]|\(?\d{1,3}[.)]|[①-⑳]|[가-하][.)])\s*")
# Endings of Korean predicates: a sentence without its full stop is a sentence too.
SENTENCE_END = re.compile(
    r"(?:[.?!。…:;,~]|(?:니|했|한|이|었|았|졌|됐|된|는|겠|있|없|였|렸|랐|켰)다|[요죠까])[\"'”’»)\]]*$"
)
QUOTATION_MARK = re.compile(r'["“”«»]')
FIGURES = re.compile(r"[\d,.%:/()+\-\s천만억조원위등대명건]+")
MAX_GUESSED_CHARS, MAX_GUESSED_WORDS = 40, 9

JOB_TITLES = (
    "CEO|CFO|CTO|COO|CIO|최고경영자|회장|사장|대표|대표이사|이사|의장|전무|상무|총재|행장|은행장|대통령|총리|"
    "장관|차관|의원|위원장|위원|지사|시장|군수|구청장|총장|교수|박사|연구원|소장|원장|감독|선수|코치|작가|배우|가수|"
    "변호사|검사|판사|대법관|재판관|대변인|대사|국장|본부장|실장|팀장|센터장|청장|처장|단장|총무|목사|신부|스님|추기경|"
    "교황|국왕|여왕|왕세자|의사|기장|이사장|설립자|창업자|창립자|지휘자|애널리스트|전문가|후보|당선인|당수|서기|주석|비서관|수석"
)
NAME_AND_TITLE = re.compile(
    r"[가-힣A-Z][가-힣A-Za-z.\-']*(?: [가-힣A-Za-z0-9&·.\-']+){0,5}"
    rf"(?: [가-힣A-Za-z·]{{0,12}}(?:{JOB_TITLES}))(?:\([^()]{{1,20}}\))?"
)
PARTICLE = re.compile(r"(?:에서|에게|으로|에|를|을|와|과|의|도|로|며|고|해|한|할)$")


@lru_cache(maxsize=2048)
def parse_caption(line: str) -> Caption | None:
    """The caption where a line has a credit, a date at its end, or a label such as `[그래픽]`.

    Without text for a credit alone.
    """
    if len(line) > MAX_CAPTION_CHARS:
        return None
    label = PICTURE_LABEL.match(line)
    text, credit_parts = split_credits(line[label.end() :] if label else line)
    if label and len(text) <= MAX_LABELLED_CHARS and not text.endswith("다."):
        credit_parts.append(label[1])
    elif label:
        text = line[: label.end()] + text
    if not any(CREDIT.search(credit) for credit in credit_parts):
        return Caption(line) if TRAILING_DATE.search(line) else None
    credit = " ".join(reversed(credit_parts))
    return Caption(text, credit, resale_prohibited=forbids_resale(credit))


def split_credits(line: str) -> tuple[str, list[str]]:
    """The line without the credits at its end, and the credits, the last first; a date may follow them."""
    credit_parts: list[str] = []
    text = line
    while match := (
        TRAILING_RESALE_MARK.search(text)
        or TRAILING_CREDIT.search(text)
        or TRAILING_SOURCE.search(text)
    ):
        credit_parts.append(match[0].strip(" \t[]()/|ⓒ©*＊"))
        text = text[: match.start()].rstrip()
    if date := CREDIT_BEFORE_DATE.search(text):
        credit_parts.append(date[1].strip(" ()[]"))
        text = f"{text[: date.start()].rstrip()} {text[date.end(1) :].strip()}"
    return text, credit_parts


def is_caption_title(line: str, below: str) -> bool:
    """Whether a short line stands directly above a caption as its title."""
    caption = parse_caption(below)
    return bool(caption and caption.text and not parse_caption(line) and looks_like_caption(line))


def is_name_with_title(line: str) -> bool:
    """Whether the line is a name, perhaps an organisation, and a job title: `홍길동 가상연구소 대표`."""
    if len(line) > MAX_GUESSED_CHARS or not NAME_AND_TITLE.fullmatch(line):
        return False
    return not any(PARTICLE.search(word) for word in line.split()[1:-1] if len(word) > 2)


def looks_like_caption(line: str) -> bool:
    """Whether a line between blank lines has the form of a caption: short, no sentence, list or speech."""
    return (
        len(line) <= MAX_GUESSED_CHARS
        and 2 <= len(line.split()) <= MAX_GUESSED_WORDS
        and not is_subhead(line)
        and not LIST_ITEM.match(line)
        and not SENTENCE_END.search(line)
        and not QUOTATION_MARK.search(line)
        and not FIGURES.fullmatch(line)
        and line[0] not in "<([「『"
        and line[-1] not in "'’"
    )


def is_subhead(line: str) -> bool:
    return line.startswith(SUBHEAD_SIGNS)


def ends_with_full_stop(line: str) -> bool:
    """Whether the line ends in a full stop, as paragraphs do and decks do not."""
    return line.rstrip("\"'”’)]").endswith(".")


def ends_sentence(line: str) -> bool:
    """Whether the line ends as sentences do, with or without a full stop."""
    return bool(SENTENCE_END.search(line))


def comparison_key(text: str) -> str:
    """The text without white space: equal for two printings of one caption."""
    return re.sub(r"\s+", "", text)


def deduplicate_captions(captions: list[Caption]) -> list[Caption]:
    """Each caption once, in order; the printing that has a credit wins."""
    unique: dict[str, Caption] = {}
    for caption in captions:
        key = comparison_key(caption.text) or comparison_key(caption.credit)
        first = unique.get(key)
        if first is None or not first.credit:
            unique[key] = caption
        elif caption.credit and comparison_key(caption.credit) != comparison_key(first.credit):
            unique[key + comparison_key(caption.credit)] = caption
    return list(unique.values())
