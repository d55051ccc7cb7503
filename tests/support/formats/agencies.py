"""Sample copy of agencies in their own forms, with invented texts."""

NEWSIS = """\
가상시, 강변길 다시 연다(종합)
등록 2026.10.01 09:00:00
[서울=뉴시스] 한가람 기자 = 가상시는 강변길을 다시 연다고 1일 밝혔다.

[서울=뉴시스] 박노을 기자 = 길을 걷는다. (사진=가상시 제공) 2026.10.01. photo@newsis.com *재판매 및 DB 금지

공사는 석 달 걸렸다.

◎공감언론 뉴시스 garam@newsis.com
<저작권자ⓒ 공감언론 뉴시스통신사. 무단전재-재배포 금지.>
"""

NEWS1 = """\
가상시 강변길 재개방
(서울=뉴스1) 김나루 기자 = 가상시는 강변길을 연다고 밝혔다.
걷는 시민들. 2026.10.1/뉴스1 ⓒ News1 이다솜 기자
시장은 "기쁘다"고 말했다. naru@news1.kr
<저작권자 © 뉴스1코리아, 무단전재 및 재배포, AI학습 이용금지>
"""

ENGLISH = """\
(2nd LD) Gasang city reopens riverside road
(ATTN: UPDATES with shares in last para)
All News 12:00 November 27, 2026
By Han Ga-ram and Lee Da-som
SEOUL/BUSAN, Nov. 27 (Yonhap) -- Gasang city said Friday it will reopen the riverside road
after three months of work.

People walk along the river. (Yonhap)

Shares of Gasang Electronics rose.

garam@yna.co.kr
(END)
Copyright (c) Yonhap News Agency. All rights reserved. AI training and use prohibited.
"""

# {agency: its story}: the way in which each opens, signs and closes.
OPENINGS = {
    "연합뉴스": (
        "(서울=연합뉴스) 한가람 기자 = ",
        "garam@yna.co.kr\n(끝)\n<저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지>",
    ),
    "연합인포맥스": (
        "(서울=연합인포맥스) 한가람 기자 = ",
        "garam@yna.co.kr\n(끝)\n<저작권자(c) 연합인포맥스, 무단전재 및 재배포 금지>",
    ),
    "뉴시스": (
        "[서울=뉴시스] 한가람 기자 = ",
        "◎공감언론 뉴시스 garam@newsis.com\nCopyright © NEWSIS.COM, 무단 전재 및 재배포 금지",
    ),
    "뉴스1": (
        "(서울=뉴스1) 한가람 기자 = ",
        "garam@news1.kr\n[© 뉴스1코리아(news1.kr), 무단 전재 및 재배포 금지]",
    ),
    "뉴스핌": (
        "[서울=뉴스핌] 한가람 기자 = ",
        "garam@newspim.com\n[저작권자(c) 뉴스핌, 무단 전재-재배포 금지]",
    ),
    "이데일리": (
        "[이데일리 한가람 기자] ",
        "한가람 (garam@edaily.co.kr)\n종합 경제정보 미디어 이데일리 - 무단전재 & 재배포 금지",
    ),
    "머니투데이": (
        "[머니투데이 한가람 기자] ",
        "한가람 기자 garam@mt.co.kr\n<저작권자 ⓒ '가상의 신문' 머니투데이, 무단전재 및 재배포 금지>",
    ),
    "아시아경제": (
        "[아시아경제 한가람 기자] ",
        "한가람 기자 garam@asiae.co.kr\n<ⓒ가상을 보는 눈 아시아경제(www.asiae.co.kr) 무단전재 배포금지>",
    ),
    "OSEN": (
        "[OSEN=가상시, 한가람 기자] ",
        "/garam@osen.co.kr\n[Copyright ⓒ 가상의 스타뉴스 OSEN(www.osen.co.kr) 무단 전재-재배포 금지]",
    ),
    "헤럴드경제": (
        "[헤럴드경제=한가람 기자] ",
        "garam@heraldcorp.com\nCopyright ⓒ 헤럴드경제 All rights reserved. 무단 전재 및 재배포 금지.",
    ),
}
KOREAN = {
    name: "가상시, 강변길 다시 연다\n2026-10-01 09:00 송고\n"
    f"{opening}가상시는 강변길을 다시 연다고 밝혔다.\n\n"
    f"공사는 석 달 걸렸다.\n\n{closing}\n"
    for name, (opening, closing) in OPENINGS.items()
}
