"""Default word list: insults with their severity and mode, and innocent words that contain or touch one.

Comments with these are held or marked, not refused, so a few false positives cost little. Examples: a
newsroom edits the list in the admin (docs/content_filter.md).
"""

from comments.content_filter.findings import MatchMode, Severity, Word

HOLD, FLAG = Severity.HOLD, Severity.FLAG
WORD, START, COMMAND = MatchMode.WORD, MatchMode.START, MatchMode.COMMAND
ALONE, EXACT, ANYWHERE = MatchMode.ALONE, MatchMode.EXACT, MatchMode.ANYWHERE

WORDS: dict[tuple[Severity, MatchMode], str] = {
    (HOLD, START): (
        "지롤 시발 씨발 시벌 씨벌 시팔 씨팔 시펄 씨펄 슈발 스발 쓰발 씨부랄 시부랄 씨브랄 시부럴 "
        "씨부럴 시불놈 씹새 씹놈 씹년 씹창 "
        "지랄 지럴 개지랄 염병할 육시랄 우라질 제기랄 좆 졷 좆까 좆같 좆나 좆밥 좆망 니미럴 "
        "느금마 느그매 니애미 니애비 느개비 엠창 앰창 "
        "엿먹어 호로새끼 호로자식 후레자식 후레새끼 시발새끼 시발놈 시발년 씨발새끼 ㅈ같 ㅈ까 "
        "ㅈ망 ㅈ밥 시빨 시뱔 십새끼 십새 십팔놈 십팔년아 "
        "슈벌 시볼 시봘 시방새 시아발 시으발 시잉발 씽발 개씨발 개시발 "
    ),
    (HOLD, WORD): (
        "미친색히 미친련 미틴년 개짓랄 ㅇ새끼 바보 멍충아 멍청아 멍총이 멍텅구리 밋친놈 "
        "믿친놈 빡대가리 돌대가리 븅딱 "
        "찌질이 개샤끼 멍청이 멍충이 병신 뱅신 벙신 빙신 븅신 뵹신 병쉰 병딱 "
        "등신 또라이 돌아이 머저리 얼간이 개새끼 개새키 개색히 개색끼 "
        " 개객끼 개년 개자식 개쓰레기 개돼지 걸레년 창녀 창년 화냥년 미친놈 미친년 미친새끼 "
        "미친것들 "
        "미친넘 미친뇬 미췬놈 미틴놈 이새끼 저새끼 그새끼 잡놈 썅년 썅놈 썅 새끼야 "
        "새끼들아 새키야 쉐키야 쓰레기새끼 "
        "병신새끼 바보새끼 찐따새끼 깜둥이 한남충 김치녀 틀딱 맘충 급식충 "
        "된장녀 또라이 "
        "이색히 저색히 이새키 저새키 이쉐키 저쉐키 아가리 주둥아리 개소리 이쉑 저쉑 그색히"
    ),
    (
        HOLD,
        EXACT,
    ): (
        "병시니 찐따 쪽바리 쪽발이 개놈 쌍놈 쌍년 미친개 짱깨 쪼다 이시끼 저시끼 개시끼 똘추 "
        "씹팔 씹할 존나 좃나 개샹끼 개쉐리 개새리 슈팔 시봐 씨봐 개새 개섹 개쉑 개쌕 개쉐 개시키 "
        "바부 쌰발 벼신 개스끼 게스끼 개식끼 개쓰끼 또롸이 미챈놈 "
        "멍챙이 멍텅이 지룰 쫀나 좇같 좇까 씨뱅 십색끼 십팔새끼 십색히 18놈 18년아 "
        "18새끼 18련 새꺄 이색끼 저색끼 조까 족까 족같 좃같 졷같 조까라 시밤바 개색기 이색기 "
        "새끼 쉐끼 섀끼 쉑끼 색히 쉑히 새끠 조깥 조까튼 조까치 씨불 시뷸 씨뷸"
    ),
    (
        FLAG,
        COMMAND,
    ): (
        "닥치세요 닥치라고 닥쵸 꺼지라고 꺼지라 꺼져 꺼저 꺼지셈 닥쳐 닥처 닥치셈 뒤져 뒈져 디져 "
        "뒤저 디저 미친 "
        "닥쳐라 꺼져라 죽어라"
    ),
    (HOLD, ALONE): "시바 씨바 아닥 씹 썅 발시 발씨 끼새개 랄지 이청멍 보바 알시 벌씨 신븅",
    (HOLD, ANYWHERE): "씹새끼 느금마 씨발놈 시발놈 씨발년 시발년",
}
INITIALS = (
    "ㅅㅂㄹ ㅅㅂㄹㅁ ㅅㅂ ㅂㅅ ㅅㄲ ㄱㅅㄲ ㅈㄹ ㅁㅊㄴ ㅁㅊㄴ ㄲㅈ ㄷㅊ ㅅㅂㄴ ㅅㅂㅅㄲ ㅈㄴ "
    "ㅁㅊㅅㄲ ㅈㄹㅂㅅ ㄴㄱㅁ ㅇㅅㄲ ㅆㄴ ㅁㅊ ㅂㅅㅅㄲ ㅆㅅㄲ ㅈㄲ"
)
SPACED = (
    "이 새끼|저 새끼|그 새끼|개 새끼|미친 놈|미친 년|미친 새끼|개 자식|호로 새끼|바보 새끼|병신 "
    "새끼|시발 새끼|개같은 놈|개같은 년|시발 놈|시발 년"
)
LATIN = (
    "fuck fucking fucker motherfucker shit bullshit bitch asshole tq tqsk ssibal sibal shibal "
    "byungsin tlqkf xibal cibal gaesekki jiral byeongsin"
)

# Innocent words: the match is inside, or the word reaches over one of its ends.
ALLOWED_WORDS = (
    "십년 십색 게놈 족발 세기야 상놈 시발점 시발역 시발항 시발기지 시발정류장 시발택시 "
    "시발자동차 시발열차 시발노선 시발버스 "
    # 시 at the end of a word or name.
    "또다시 더욱다시 등한시 "
    # Words in 발 after a city or an hour.
    "발표 발견 발급 발송 발달 발령 발의 발굴 발효 발신 발언 발음 발명 발상 발판 발길 발걸음 발목 "
    "발자국 발신자 "
    "발주처 발원 발간 발포 발권 발본 발차 발코니 발레 발라드 발산 발버둥 발단 발병 발탁 발휘 "
    "발각 발군 발기인 발육 "
    "씨발아율 씨발아기 씨발아시험 씨발아실험 씨발아력 씨발아세 발아율 발아시험 "
    "바보온달 바보상자 바보새 딸바보 아들바보 손주바보 손녀바보 손자바보 조카바보 동생바보 "
    "바보의벽 바보사랑 바보이반 바보주막 바보들의행진 바보회 "
    "아빠 오빠 알바 쿠바 에바 카바 슈퍼바 스낵바 보험 보고서 보리 보물 보관 보통 보일러 보호 "
    "보조 보건 보유 보급 "
    "보상 보장 밥보다 밥보단 밥보고 "
    "신고 신청 신체 신문 신발 신용 신규 신분 신뢰 신호 신도시 신인상 신제품 신부 신사 신선 신혼 "
    "신학 신생 신병 "
    "새끼양 창녕 또라인더 랄프 시뻘 시벌건 시벌겋 스발바르 십인십색 십색깔 오후장 지랄탄 이색이 "
    "이세기 저세기 그세기 개세기 세기 이색 이색적 개색 새끼손가락 새끼발가락 새끼줄 새끼고양이 "
    "새끼강아지 새끼곰 새끼돼지 새끼오리 새끼치기 새끼꼬기 개세종 "
    "개새로 개새우 개새벽 개세일 개세금 개세미 개쉐이크 개년도 개년간 개년차 "
    "시바견 시바이누 시바신 시바여왕 시바여신 도시바 시바스 시바료 시바타 시바사키 쉬바신 시바구 "
    "시바공원 "
    "시벌판 시벌금 시벌써 시벌인 시벌이 시벌어 시펄럭 시펄펄 시팔레 시팔아 시팔았 시팔린 스발레 "
    "스발로 슈발리에 슈발블랑 시불빛 "
    "뽑아 수발 수벌 봉신 지지리 개솔린 조까짓 오스발트 오스발도 십알단 "
    "지랄타 지럴드 지롤라 등신대 등신불 팔등신 육등신 칠등신 오등신 구등신 실물등신 전신병 정신병 "
    "돌아이가 쪼다니 "
    "창녀촌 썅차이 조까지 족까지 가족같 좌족까 아가리쿠스 주둥아리를닦 쌍둥이 쌍화탕 쌍꺼풀 쌍방 "
    "쌍용 쌍문 "
    "최지랄 김지랄 미친개구리 개소리꾼 새끼야크 미친년대 얼간이들 얼간이고등어 개돼지감자 "
    "개년 몇개년 오개년 삼개년 십개년 개놈팡 좆대신 꺼져가 죽어라하고 "
    "본시발 김해시 동해시 구미시 여수시 사천시 논산시 "
)


def make_words() -> tuple[Word, ...]:
    """The words of the default list, the innocent ones too, without repetitions."""
    words = [
        Word(text, severity, mode)
        for (severity, mode), texts in WORDS.items()
        for text in texts.split()
    ]
    words += [Word(text, HOLD, START) for text in INITIALS.split()]
    words += [Word(text, HOLD, WORD) for text in (*SPACED.split("|"), *LATIN.split())]
    words += [Word(text, HOLD, MatchMode.ALLOWED) for text in ALLOWED_WORDS.split()]
    return tuple({(word.text, word.mode): word for word in words}.values())


DEFAULT_WORDS = make_words()
