"""Examples of request bodies of the wire, in Korean. Pure."""

from typing import Any

WIRE_REQUEST_BODIES: dict[str, Any] = {
    "BelongsToInRequest": {"story": 812},
    "CancelInRequest": {"reason": "통신사가 전화로 취소를 알려 왔습니다."},
    "SplitInRequest": {"versions": [2, 3]},
}
EXAMPLE_WIRE_DELIVERY = (
    "연구실 로봇, 스스로 문을 열다\n\n(서울=시험통신) 한빛 기자 = 로봇은 잠시 멈춰 섰다.\n"
)
