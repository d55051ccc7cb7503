"""Korean agencies that deliver text: names in datelines, domains of their reporters' addresses."""

import re

AGENCY_NAMES = (
    *("연합뉴스TV", "연합뉴스", "연합인포맥스", "뉴시스", "뉴스1", "뉴스핌"),
    *("이데일리", "머니투데이", "아시아경제", "OSEN", "헤럴드경제", "헤럴드POP"),
    *("파이낸셜뉴스", "서울경제", "한국경제", "매일경제", "아주경제", "이투데이"),
    *("데일리안", "노컷뉴스", "CBS노컷뉴스", "쿠키뉴스", "아이뉴스24", "디지털데일리"),
    *("전자신문", "조선비즈", "스타뉴스", "스포츠조선", "스포츠서울", "일간스포츠"),
    *("스포츠동아", "스포츠경향", "마이데일리", "엑스포츠뉴스", "스포티비뉴스", "텐아시아"),
    *("티브이데일리", "뉴스엔", "더팩트", "MHN스포츠", "NEWSIS", "News1"),
    *("NEWS1"),
)
AGENCY_NAME_PATTERN = "(?:" + "|".join(sorted(AGENCY_NAMES, key=len, reverse=True)) + ")"
YONHAP_PREFIX = "연합"

AGENCY_DOMAINS = (
    *("yna.co.kr", "yonhapnews.co.kr", "einfomax.co.kr", "newsis.com", "news1.kr", "newspim.com"),
    *("edaily.co.kr", "mt.co.kr", "asiae.co.kr", "osen.co.kr", "heraldcorp.com", "heraldpop.com"),
    *("fnnews.com", "sedaily.com", "hankyung.com", "mk.co.kr", "ajunews.com", "etoday.co.kr"),
    *(
        "dailian.co.kr",
        "nocutnews.co.kr",
        "kukinews.com",
        "inews24.com",
        "ddaily.co.kr",
        "etnews.com",
    ),
    *("chosunbiz.com", "mtstarnews.com", "sportschosun.com", "sportsseoul.com", "isplus.com"),
    *("mydaily.co.kr", "xportsnews.com", "spotvnews.co.kr", "tenasia.co.kr", "tvdaily.co.kr"),
    *("newsen.com", "tf.co.kr"),
)
EMAIL_PATTERN = (
    r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,5}\.[A-Za-z]{2,24}"
)
EMAIL_REGEX = re.compile(EMAIL_PATTERN)
# Addresses of the agencies' reporters.
AGENCY_EMAIL_REGEX = re.compile(
    r"@(?:[a-z0-9\-]+\.)?(?:" + "|".join(map(re.escape, AGENCY_DOMAINS)) + ")$", re.IGNORECASE
)
EMAIL_IN_TEXT = re.compile(rf"\s?[(\[<]?\s?(?P<email>{EMAIL_PATTERN})\s?[)\]>]?")


def is_agency_email(address: str) -> bool:
    """Whether an e-mail address is in the domain of an agency."""
    return bool(AGENCY_EMAIL_REGEX.search(address))


def find_agency_emails(text: str) -> list[str]:
    """The addresses of agencies in a text."""
    return [a for a in EMAIL_REGEX.findall(text) if is_agency_email(a)] if "@" in text else []


def remove_agency_emails(text: str) -> str:
    """The text without the addresses of agencies and the brackets around them."""
    if "@" not in text:
        return text
    return EMAIL_IN_TEXT.sub(
        lambda match: "" if is_agency_email(match["email"]) else match[0], text
    ).strip()


def remove_emails(text: str) -> str:
    """The text without any address and the brackets around it."""
    return EMAIL_IN_TEXT.sub("", text).strip(" \t/,·") if "@" in text else text
