"""Examples of request bodies of wire stories, in Korean. Pure."""

from typing import Any

WIRE_REQUEST_BODIES: dict[str, Any] = {
    "BelongsToInRequest": {"story": 812},
    "CancelInRequest": {"reason": "통신사가 전화로 취소를 알려 왔습니다."},
    "SplitInRequest": {"versions": [2, 3]},
}
