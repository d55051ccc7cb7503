"""Innocent uses of words of the list, with a condition: expressions on the normalized text.

An expression covers the innocent word or reaches over one of its ends (docs/content_filter.md). What stands
before is a look-behind, so that expressions begin with the few characters of ALLOWED_BEGINNINGS.
"""

from itertools import groupby

BREAK = "[^가-힣]"


def behind(texts: str, written: str, *, before: str = "") -> str:
    """A condition after `written`: one of these words and a space stand before it.

    Look-behinds have one width each, so words of one length are joined. They follow the letters that they
    are about: where those are missing, nothing is compared.
    """
    words = sorted(set(texts.split()), key=lambda word: (len(word), word))
    groups = ["|".join(group) for _length, group in groupby(words, key=len)]
    return f"(?:{'|'.join(f'(?<={before}(?:{group}) {written})' for group in groups)})"


# 시발(始發), the origin of an event: 사건의 시발은, 논쟁 시발의.
EVENTS = (
    "사건 논란 갈등 분쟁 전쟁 운동 사태 혁명 위기 파동 논쟁 소동 충돌 불화 시위 개혁 역사 변화 비극 "
    "불행 오해 인연 참사 항쟁 봉기 내전 대전 유행 소문 다툼 싸움 의혹 폭로 문제 대립 파업 투쟁 재앙 "
    "서울 부산 대전 대구 광주 용산 수서 청량리 목포 여수 인천 강릉 춘천 "
    "번영 문명 사업 정책 협상 반란 민란 독립 산업 학문 연구 행사 경쟁 붕괴 몰락 침체 불황 열풍 "
)
ORIGIN_ENDS = (
    "(?:(?:이었|이라|이기|이란|이자|이며|이고|이던|이다|이지|이냐|이요|입|에|부터|으로|로)[가-힣]{0,5}"
    "|인|일|이|은|을|도|과|의)(?![가-힣])"
)
ORIGIN_EXPRESSIONS = (
    f"시발(?={ORIGIN_ENDS})(?:(?<=의 시발)(?<![나너저내네]의 시발)|{behind(EVENTS, '시발')}){ORIGIN_ENDS}",
    r"시발(?<=[서터] 시발)(?=[하한했])",
    r"시발(?<=의 시발)(?<![나너저내네]의 시발)(?=\s*(?:[,.)\]'\"’”]|\Z))",
)

# 바 and 보다: 알려진 바보다 크다. Verbs of knowing, saying, expecting before, something compared after.
NOUNS_OF_VERBS = (
    "예상 기대 생각 짐작 추측 추정 예측 전망 예견 계획 발표 설명 언급 지적 주장 보도 공개 제시 약속 "
    "공약 요구 제안 합의 규정 명시 기록 보고 관측 조사 확인 판단 평가 인식 이해 상상 우려 걱정 의도 "
    "희망 소망 구상 설정 신고 진술 증언 고백 계산 산정 측정 집계 묘사 서술 기술 전제 가정 상정 경험 "
    "체험 목격 각오 강조 결정 분석 연구 "
    "이야기 얘기 고려 기여 참고 검토 경고 인정 부탁 다짐 결심 선언 서약 공언 장담 자랑 "
    "홍보 안내 소개 전달 통보 허용 의결 논의 요청 신청 당부 "
)
VERBS = (
    "아는 알던 알려진 듣던 들은 들어온 들었던 밝힌 밝혀진 말한 말하던 말했던 전한 전해진 전해들은 "
    "느낀 느끼던 느끼는 바라는 바라던 본 보던 봤던 배운 배웠던 읽은 읽었던 적힌 쓰인 쓴 정한 정해진 "
    "드러난 믿던 꿈꾸던 그리던 노린 뜻한 뜻하는 겪은 겪었던 원한 원하는 원하던 있는 있던 "
    "내다본 나타난 여긴 마음먹은 "
)
COMPARED_AFTER = "(?:는|도)? ?(?=[가-힣0-9])(?!진짜|정말|너|니 |야 |완전|ㅋ|이 |저 |아주 바보)"
ADNOMINAL = ["한", "할", "하는", "하던", "했던", "된", "되는", "되던", "됐던", "되었던", "하였던"]
FORMS = " ".join(noun + form for noun in NOUNS_OF_VERBS.split() for form in ADNOMINAL)
COMPARED_EXPRESSIONS = (
    f"바보다(?={COMPARED_AFTER})(?<=[본온룬긴던된낸킨쓴][ ]바보다)(?<![청심석식]하던 바보다)",
    f"바보다(?={COMPARED_AFTER})(?<=받은 바보다)",
    (
        f"바보다(?={COMPARED_AFTER})(?:{behind(FORMS, '바보다')}|{behind(VERBS, '바보다', before=BREAK)}"
        f"|{behind(VERBS, '바보다', before='^')})"
    ),
)

# 병신년(丙申年), one of sixty years.
YEAR_EXPRESSIONS = (
    (
        r"병신년(?!들|놈|아)(?:(?<=\d{3}년[은인이,] 병신년)|(?<=\d{3}년[ (]병신년)|(?<=\d{3}년병신년)"
        r"|(?<=\d{4}[ (]병신년)|(?<=(?:조선|고려|서기) 병신년)|(?<=육십갑자 병신년)|(?<=간지로 병신년)"
        r"|(?<=[해때]는 병신년)|(?<=[내작]년은 병신년)|(?<=다음이 병신년))"
    ),
    r"병신년(?=[가-힣]{0,2},?\s+(?:[가-힣]+ )?원숭이|[과와,]?\s*(?:을미|정유)|\s[가-힣]{1,2}월)",
    "병신년(?=에(?!게)|의|생|도|이었|을|부터|까지)(?<![이저그런야한은친] 병신년)",
    (
        r"병신년(?:\s*[(\d]|\s+(?:새해|정월|음력|조선|봄|여름|가을|겨울|원숭이|붉은|흉년|대동|"
        r"사화|옥사|정초|한해|한 해|설|윤|생|달력|운세|띠|기록|원단|첫|연말|초|중|당시|무렵|벽두|신년|"
        r"\d|정초|섣달|동지|칠월|팔월|구월|시월|오월|유월))"
    ),
)

# Other nouns that begin with the letters of a word of the list, and 개시키다, to have something begun.
COMPOUND_EXPRESSIONS = (
    "씨발라(?= ?(?:내|낸|먹|서 먹|줘|주|놓|야))",
    "틀 딱(?= ?맞)",
    "시벌(?:레(?!전|알|벨|미)|초|목|채|꿀|점|칙|침|집|떼|통|쏘|교|판|금)",
    "시팔(?:경(?!우|험|찰)|각|순|만|십|천|백|진미|관|등신|척|도(?:강산|민))",
    (
        "십팔(?! ?(?:놈|새끼|색|쉐|쉑|쌔|련|년아|년들|것들|진짜|뭐야|이게|이 |같|ㅋ|ㅡ|!|~))"
        r"(?!(?:(?<=아 십팔)|(?<=^십팔))\s*\Z)"
    ),
    "개(?<=[을를] 개) ?시(?:키|킨|킬|켰|킴|킵|켜)",
    (
        "개시(?:키(?:로|기로|기 위|려|도록|겠|면 |자는|자고|게 (?:하|되|한|됐)|지 (?:않|못|말)"
        "|는 (?:대로|쪽|방안|것|데|방식|시점|날|조치|안|시기|건|일|방법|기능|절차)))"
    ),
)

# -(이)랄, as one may call it, after nouns in 지 and 제기; 미친 of what an influence reaches; 쌍놈 of former
# times; 엿 that is eaten; animals that are farmed; 시발하다 (始發) of lines.
REACHING = (
    "영향을 영향이 효과를 효과가 여파가 여파를 피해를 피해가 파장을 파장이 타격을 손해를 해를 누를 폐를 "
    "힘이 손길이 발길이 눈길이 힘을 충격을 파급력을 화가 재앙이 은혜가 혜택이"
)
NAMED_EXPRESSIONS = (
    "지랄(?<=[가-힣]지랄)(?=지(?![가-힣])|까(?!지)| ?것(?! ?들)| ?수 |만 ?한)",
    "느금마(?=을)",  # a place; after an open syllable the particle would be 를
    "제기랄(?= ?(?:것(?! ?들)|수 |만 ?한))",
    f"미친{behind(REACHING, '미친')} ?(?:놈|년|것|개|새끼)",
    "쌍놈(?:(?=(?:과|이나|,|이랑|이든)? ?양반)|(?<=양반[과,] 쌍놈)|(?<=양반 쌍놈))",
    "엿 ?먹어(?= ?(?:본|봤|볼|보(?!라|셈|고 ?싶냐)|봅|봐서|봐도|봐야))",
    "개 ?돼지(?=[를은는의도]? ?(?:사육|농장|축사|축산|도축|사료|방역|키우|먹이|전염병))",
    "시발(?=(?:한|하는|하던|했던) ?(?:곳|지점|역|열차|버스|노선|시점|날|때))",
)

# With a condition; expressions on the normalized text. 병신년 (丙申年) is a year, 씨 발아 grows.
FONDNESS = (
    "딸 아들 손주 손자 손녀 조카 동생 딸내미 강아지 고양이 냥이 자식 아내 남편 여친 남친 "
    "아기 애기 가족"
)
ALLOWED_EXPRESSIONS = (
    *NAMED_EXPRESSIONS,
    *YEAR_EXPRESSIONS,
    r"(?:을미년|정유년|갑오년|간지로|육십갑자)[^.\n]{0,10}병신년?",
    r"병신(?:\(?丙| ?(?:일주|월주|시주|년주|일간|대운)|보|처분|박해|양난|사처|옥사|굿|춤)",
    r"씨발아(?=\s*(?:시험|실험|율|과정|온도|조건|기간|억제|촉진|력|세|가 |를 |는 |에 |와 |하))",
    r"(?<![가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|열한|열두|몇)\s?시",
    r"시발(?:차|지)(?!마|말)",
    r"바보(?:의 벽|는 노무현| 노무현| 이반| 빅터|처럼 살았)",
    *ORIGIN_EXPRESSIONS,
    *COMPARED_EXPRESSIONS,
    *COMPOUND_EXPRESSIONS,
    r"시발(?:이 (?:되|된|됐)| (?:정류|자동차|택시|역|열차|버스|터미널|노선|전철|지점|시각))",
    r"바보 (?:온달|이반|빅터|상자|성인|삼형제|추기경|예수|원숭이|주막|의사|네드)(?![가-힣]*(?:새끼|놈))",
    (
        f"바보(?:{behind(FONDNESS, '바보', before=BREAK)}|{behind(FONDNESS, '바보', before='^')})"
        "(?! ?(?:아니|냐|새끼|같|놈|년|짓|야|ㅋ))"
    ),
    r"개 새(?![ \n]?끼)",
    r"십 년",
    r"(?:호박|전통|쌀|깨|갱)\s?엿 먹어",
    r"개소리(?:가 (?:들|시끄|나)|에 잠|를 (?:듣|들))",
    r"개 (?:소리|돼지)",
    r"(?:[로을를이] |^)쪼다",
    (
        r"발(?:열(?!받|나)|전(?!화)|매(?!번|일)|사(?!람|기|장)|현(?!실|타)|행(?!복)|"
        r"생(?!각|일)|주(?!말)|족(?!같))"
    ),
    r"씨 발아",
    r"바보(?:같은 사랑|의 나눔|들의 행진)",
    (
        r"(?:사랑|그림|동화|소설|영화|드라마|책|연극|뮤지컬|노래)"
        r"\s?[<《「『'\"‘“]?바보(?=[>》」』'\"’”]|를|에서|의 |에 )"
    ),
    r"시바(?= (?:견|이누|강아지|신|여왕|신전|료))",
)
ALLOWED_BEGINNINGS = (
    "틀호전쌀지제미엿느깨갱십개의발한두세네다여일아열몇개로을를이쪼병씨바사그동소영드책연뮤노시쌍을정갑"
    "간육"
)
