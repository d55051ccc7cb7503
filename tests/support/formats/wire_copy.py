"""Sample wire copy in the forms that agencies use, with invented texts."""

from collections.abc import Sequence

RIGHTS_LINE = "<저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지>"

# The plain form: blank lines between all parts, captions alone between paragraphs, an address last.
PLAIN_STORY = """\
가상연구소-한빛전자 동맹 흔들리나…'달빛 사업'에 이견설

연합뉴스 2026-10-01 17:00:14

업계지 "서로에게 덜 기대는 시기 왔다는 뜻"

(서울=연합뉴스) 한가람 기자 = 달빛 사업 출범을 계기로 가상연구소와 한빛전자의 협력 관계가 다시 눈길을 끈다.

한빛전자는 2021년부터 가상연구소에 투자해 왔다.

한 업계지는 30일(현지시간) "발표장에 한빛전자가 보이지 않았다"고 전했다.

나래 도윤 가상연구소 CEO

연구소는 "일정이 겹쳤을 뿐"이라고 설명했다.

가상전자[000000] 주가는 2천204원 올랐다.

이서준 한빛전자 회장

garam@yna.co.kr"""

# The crowded form: hardly a blank line, captions printed twice, end mark, promotion, rights.
CROWDED_STORY = f"""\
가상 연구소, 새 언어모델 공개(종합2보)
송고시간 2026-10-01 09:00
"한국어 추론 점수 두 배"
11월부터 시범 서비스
발표장 전경 [연합뉴스 자료사진]
발표장 전경[연합뉴스 자료사진]
(샌프란시스코·서울=연합뉴스) 홍가온 특파원 김나루·이다솜 기자 = 연구소가 30일(현지시간) 새 모델을 공개했다.

연구소는 참가자 2천204명을 대상으로 시험했다고 밝혔다. 가상전자[000000] 주가는 올랐다.

gaon@example.invalid
(끝)
제보는 카카오톡 example
{RIGHTS_LINE}
2026년10월01일 09시00분 송고
"""


def agency_copy(
    headline: str = "가상시, 강변길 다시 연다",
    *,
    sent: str = "2026-10-01 09:00:00",
    body: Sequence[str] = ("가상시는 강변길을 다시 연다고 밝혔다.", "공사는 석 달 걸렸다."),
) -> bytes:
    """A short story in UTF-8, as an agency would send it."""
    stamp = [f"연합뉴스 {sent}"] if sent else []
    lead, *rest = body
    opening = f"(가상시=연합뉴스) 정하늘 기자 = {lead}"
    return "\n\n".join([headline, *stamp, opening, *rest, "haneul@example.com", "(끝)"]).encode()
