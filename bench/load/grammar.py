"""Generator of Korean news texts: a small grammar, deterministic for a seed."""

import random
from dataclasses import dataclass

WHO = [
    "정부",
    "국회",
    "한국은행",
    "과기정통부",
    "시청",
    "연구진",
    "법원",
    "경찰청",
    "대학",
    "병원",
    "기업들",
    "노조",
    "교육청",
    "우주청",
    "기상청",
    "협회",
    "시민단체",
    "스타트업",
    "제조사",
    "통신사",
]
WHAT = [
    "인공지능",
    "반도체",
    "배터리",
    "수소차",
    "자율주행",
    "로봇",
    "데이터",
    "통신망",
    "위성",
    "백신",
    "금리",
    "환율",
    "예산",
    "세금",
    "전기요금",
    "교통망",
    "주택",
    "농산물",
    "수출",
    "관세",
    "교과서",
    "도서관",
    "급식",
    "병상",
    "간호",
    "돌봄",
    "연금",
    "최저임금",
    "일자리",
    "파업",
    "재판",
    "헌법",
    "선거",
    "여론",
    "외교",
    "안보",
    "훈련",
    "재난",
    "지진",
    "태풍",
    "폭염",
    "미세먼지",
    "해양",
    "어업",
    "숲",
    "하천",
    "관광",
    "축제",
    "영화",
    "드라마",
    "K팝",
    "게임",
    "웹툰",
    "야구",
    "축구",
    "올림픽",
    "GPT-5",
    "오픈AI",
    "코로나19",
    "5G",
    "6G",
]
HOW = [
    "대책",
    "계획",
    "지원",
    "규제",
    "개편",
    "투자",
    "개발",
    "조사",
    "협약",
    "시험",
    "평가",
    "전망",
    "논의",
    "감독",
    "공개",
    "확대",
    "축소",
    "점검",
    "교육",
    "실험",
]
DOES = [
    "내놓았다",
    "밝혔다",
    "미뤘다",
    "검토한다",
    "시작했다",
    "마쳤다",
    "늘린다",
    "줄인다",
    "요구했다",
    "약속했다",
    "설명했다",
    "비판했다",
]
WHERE = [
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "세종",
    "제주",
    "전주",
    "청주",
    "춘천",
    "강릉",
    "포항",
    "창원",
    "여수",
    "목포",
    "안동",
    "원주",
    "구미",
]
WHEN = [
    "오늘",
    "어제",
    "올해",
    "내년",
    "지난달",
    "다음",
    "달",
    "이번",
    "주",
    "상반기",
    "하반기",
    "주말",
]
SYLLABLES = (
    "가강건경고광교구권규근기길나남노다단달담대도동두라람래로루류리마만모무문미민바박반배범별보"
    "봉부분비빈사산상서석선설성세소솔송수숙순슬승시신심아안양어여연영예오옥온용우운원월유윤율은"
    "음의이인일임자장재전정조종주준중지진차찬창채천철청초춘충치타탁태택하한해향허현형호홍화환황"
    "회효후훈휘희"
)
SECTIONS = ["정치", "경제", "산업", "과학", "사회", "문화", "국제", "생활"]
RARE_SECTION, RARE_TAG = "기록", "희귀한이름표"
PERSON_HEADLINE_SHARE = 0.3  # of the headlines begin with a person's name
MAX_POOLED_PARAGRAPHS = 6


def has_final_consonant(word: str) -> bool:
    """Whether the last syllable ends in a consonant, which chooses the particle."""
    return "가" <= word[-1] <= "힣" and (ord(word[-1]) - 0xAC00) % 28 > 0


def with_particle(word: str, pair: str) -> str:
    after_consonant, after_vowel = pair.split("/")
    return word + (after_consonant if has_final_consonant(word) else after_vowel)


@dataclass(frozen=True)
class GeneratedStory:
    """Texts of a generated story: plain text, a body of paragraphs."""

    headline: str
    deck: str
    summary: list[str]
    paragraphs: list[str]
    pooled: list[int]  # which of the pool stand behind the first paragraph


class StoryGrammar:
    """Text generator: deterministic for a seed; paragraphs come from a pool, names hardly repeat."""

    def __init__(self, seed: int = 1, pool: int = 4000) -> None:
        self.chance = random.Random(seed)
        self.names = [self.name() for _ in range(20_000)]
        self.pool = [self.paragraph() for _ in range(pool)]

    def name(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=self.chance.choice((3, 4))))

    def noun(self) -> str:
        """One of the subjects; the first ones far more often than the last."""
        return WHAT[min(int(self.chance.paretovariate(0.7)) - 1, len(WHAT) - 1)]

    def sentence(self) -> str:
        pick, noun = self.chance.choice, self.noun
        subject = with_particle(pick(WHO), pick(("은/는", "이/가")))
        thing = with_particle(pick((f"{noun()} {pick(HOW)}", f"{noun()}{pick(HOW)}")), "을/를")
        place = f"{pick(WHERE)}에서 " if self.chance.random() < 0.4 else ""
        other = with_particle(noun(), "과/와") + " " if self.chance.random() < 0.3 else ""
        return f"{pick(WHEN)} {subject} {place}{other}{thing} {pick(DOES)}."

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(2, 4)))

    def story(self, number: int) -> GeneratedStory:
        pick, noun = self.chance.choice, self.noun
        who = pick(self.names)
        subject = who if self.chance.random() < PERSON_HEADLINE_SHARE else pick(WHO)
        pooled = self.chance.choices(
            range(len(self.pool)), k=self.chance.randint(3, MAX_POOLED_PARAGRAPHS)
        )
        return GeneratedStory(
            headline=f"{subject}, {noun()} {pick(HOW)} {pick(DOES)[:-1]}나",
            deck=f"{pick(WHERE)} {noun()} 현장의 {with_particle(who, '은/는')} 무엇을 보았나",
            summary=[
                f"{with_particle(noun(), '이/가')} 먼저다",
                f"{pick(HOW)}부터 {pick(HOW)}까지",
                "남은 일은 많다",
            ],
            paragraphs=[
                f"{number}번째 기록이다. {with_particle(who, '은/는')} {noun()} 이야기를 꺼냈다.",
                *(self.pool[n] for n in pooled),
            ],
            pooled=pooled,
        )
