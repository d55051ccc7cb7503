"""What may stand before and after a word in an eojeol (Korean words between spaces). Pure.

A word of the list counts at the beginning of an eojeol, or after what is written together with it
carelessly: interjections (아시발), pronouns and determiners (이바보야), the end of a clause (하라고시발).
After anything else it is part of another word (슈퍼바보다, 춘천시발전). After it stand particles, endings
and nouns of abuse; a word that begins inside it and goes on is another one (시 + 발표).
"""

import re

INTERJECTIONS = (
    "아 아이 아이고 아오 아우 어 어휴 에휴 에이 와 우와 하 하아 허 흠 으 으휴 오 야 야이 얌마 "
    "임마 인마 저기 헐 네 예 응 "
    "생 쌩 개쌩 대박 이런 저런 그런 요런 이 저 그 뭐 뭔 뭐야 뭐래 왜 아니 그래 그냥 걍 진짜 찐 "
    "레알 정말 참 완전 "
    "너무 엄청 무슨 웬 어떤 "
    "이거 이건 이게 저거 저건 저게 그거 그건 그게 얘 쟤 걔 다들 쫌 좀 또 하여튼 암튼 여튼 역시 "
    "딱 더 존나 졸라 개 핵 왕 똥 "
    "씹 좆 미친 시발 씨발 병신 바보 천하의 세상 한심한 못난 멍청한 늙은 젊은 어린 모자란 찌질한 "
    "더러운 썩을 망할 나 난 내 너 "
    "넌 너는 너도 너네 너희 니 니가 네가 니네 우리 지 당신 자식 새끼 놈 년 씨 우 에 후 쳇 칫 악 "
    "으악 캬 크 킹 초 극 대 ㅋ 아주 "
    "매우 꽤 원래 대박 진심 그래서 어우 아씨 이놈의 저놈의 에라 오냐 쯧쯧 어머 이봐 여보 누구 암 "
    "당최 도대체 씹할 참나 하이고 결국 일단 그니까 그러니까 근데 그런데 하지만 그리고 제발 당장 "
    "빨리 좋아 싫어 몰라 됐어 이제 지금 오늘 맨날"
)
BEFORE = frozenset(INTERJECTIONS.split())
# The end of a clause before the word: 뭐하냐바보야, 하라고시발.
CLAUSE_END = re.compile(
    "[가-힣]+(?:다|요|네|냐|니|까|데|라고|다고|는데|어서|아서|해서|잖아|거야|하고|면|라|자|죠|군|"
    "구나|야|아|해|하는|같은|인|한|놈|년|들|랑|이나|지마|거든|래)"
)
PARTICLES = (
    "이 가 은 는 을 를 도 만 의 에 에게 한테 께 와 과 랑 이랑 야 아 여 이여 보다 까지 부터 마저 "
    "조차 밖에 로 으로 나 이나 "
    "님 씨 들 뿐 라 라고 이라 이라고 라며 이라며 라니 이라니 라는 이라는 라서 이라서 란 이란 고 "
    "지 니 면 며 죠 네 냐 다 군 "
    "구나 구만 거든 걸 이고 이지 이니 이면 이며 이죠 이네 이냐 이다 이군 이구나 이거든 이야 "
    "이에요 예요 에요 이예요 임 인 "
    "인가 인지 인데 인걸 인듯 인줄 인거 이었다 였다 였네 였어 이었어 데 ㄴ데 네요 이네요 군요 "
    "이군요 죠 지요 이지요 냐고 이냐고 "
    "니까 이니까 잖아 이잖아 잖아요 인가요 인가봐 인가보다 이랬어 래 이래 래요 이래요 랍니다 "
    "이랍니다 라도 이라도 든지 이든지"
)
AFTER_CLOSED = frozenset(PARTICLES.split())
AFTER_OPEN = re.compile(
    "같|처럼|천치|녀석|이세요|세요|이시|맞네|이가|한테|보다|만도|스럽|스러|짓거|이면서|보소|인증|"
    "티|력|미|"
    "놀이|이란|이들|이었|이여|마냥|만|이 되|되|이랑|도 아|새끼|새키|색|섀|쉐|쌔|쉑|자식|짜식|놈|"
    "넘|뇬|년|짓|질|소리|취급|천지|들|야|네|냐|입니|임|인|라|래|이라|이야|이네|이냐|"
    "이잖|이지|이구|이군|이에|이었|잖|예요|에요|맞|바보|멍청|병신|시발|씨발|지랄|또라이|진짜|개|"
    "ㅋ|그만|왜|뭐|좀|존나|아니|이거|주제"
)
# Ends of a clause that are ends of nouns too: only before an interjection that ends its eojeol
# (짜증나시발).
LOOSE_CLAUSE_END = re.compile("[가-힣]+[어나져지서게마음임걸봐줘돼워려와고니까]")
# Units that follow a number, so that 12시 is no beginning of a word.
UNITS = frozenset("시분초일월년개명번병장권대층살세호원회차등위쪽")
NUMERALS = frozenset(
    [
        "한",
        "두",
        "세",
        "네",
        "다섯",
        "여섯",
        "일곱",
        "여덟",
        "아홉",
        "열",
        "열한",
        "열두",
        "몇",
        "영",
        "일",
        "이",
        "삼",
        "사",
        "오",
        "육",
        "칠",
        "팔",
        "구",
        "십",
    ]
)
NUMBER_BEFORE = re.compile(r"(?:\d|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|열한|열두|몇|정)\s*\Z")
# After a word across spaces (시 발), only these.
AFTER_SPACED = frozenset(
    (
        "",
        *[
            "야",
            "아",
            "들",
            "들아",
            "놈",
            "놈아",
            "놈들",
            "년",
            "년아",
            "년들",
            "새끼",
            "새끼야",
            "새끼들",
            "같은",
            "네",
            "임",
            "이네",
            "이냐",
            "냐",
            "이야",
        ],
    )
)
# Before a command: a subject, object or place makes it a statement (불이 꺼져, 가방을 뒤져).
NO_COMMAND_BEFORE = re.compile(
    "(?:(?<=[가-힣])(?:이|가|은|는|을|를|에|도|만|까지|로|속|다|히|게|안|씩|(?<![가-힣])(?:불|배|"
    "등|폰)|화면|전원|조명|시동|촛불|거품))\\s*\\Z"
)
COMMAND_ADDRESS = re.compile(
    "(?:^|[^가-힣])(?:너는|너도|너만|니가|네가|너나|이제는|제발|놈은|놈이|새끼는|새끼가|새끼도|"
    "놈도|년은|것들은|들은|다들|"
    "그만|그만하고|말고|당장에|좀만|빨리|진짜로|[가-힣]+(?:라고|하고|말고|다|니까|들은|님은)|"
    "아가리|"
    "입|주둥이|제발좀|이만)\\s*\\Z"
)
COMMAND_AFTER = re.compile(
    "(?:라|줘|줄래|버려|라고|라니까|주라|주세요|이|요|라요|제발|좀|야|임마|새끼야?|이새끼야|봐|"
    "쫌|라잉|달라고|주셈|셈)?"
)
SENTENCE_END = re.compile(
    r"\s*(?:\Z|[.,!?~…\n;)\]\"'”’ㄱ-ㅎㅏ-ㅣ^\-]|(?:너|니|이|저|야|좀|제발|그냥|그만|진짜|아가리|"
    r"바보|병신|새끼|시발|씨발|당장|"
    r"여기서|이제|다시는|[가-힣]{1,4}(?:아|야|놈|년|새끼|들아|님|들))(?![가-힣]))"
)
# After a word that is spoken of, not used: its origin, or that somebody was called so.
MENTIONED_AFTER = re.compile(
    "['\"’”」》]? ?(?:(?:이?라는|이?란) (?:말|단어|낱말|표현|용어|욕|욕설)(?:의|은|이|을)? ?"
    "(?:어원|유래|뜻|의미|기원|역사)|(?:이?라고|으?로|이?라며|이?라는) (?:놀림|따돌림|괴롭힘))"
)
# Words about animals near 새끼: their young.
ANIMALS = re.compile(
    "고양이|강아지|동물|어미|마리|젖|둥지|부화|사육|낳|태어|분양|입양|키우|품에|출산|수의|보호소|"
    "번식|서식|곰|사자|호랑이|늑대|여우|"
    "돼지|염소|오리|토끼|펭귄|판다|제비|코끼리|물개|물범|고래|까치|사슴|원숭이|말을|송아지|"
    "망아지|병아리|손가락|발가락|줄을"
)
ANIMAL_WINDOW_CHARS = 20
