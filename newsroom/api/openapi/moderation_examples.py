"""Examples of the moderators' queue and of objections, in Korean. Pure."""

from typing import Any

# Request bodies by the name of their schema.
MODERATION_REQUEST_BODIES: dict[str, Any] = {
    "DecisionInRequest": {
        "decision": "hide",
        "reason_code": "abuse",
        "reason": "기자 개인을 겨눈 글",
        "reports": "confirmed",
    },
    "BulkDecisionInRequest": {
        "decision": "hide",
        "reason_code": "spam",
        "reason": "같은 광고",
        "reports": "confirmed",
        "items": [{"id": 12, "version": 3}, {"id": 15, "version": 1}],
    },
    "LeaseInRequest": {"take_over": False},
}

MODERATION_MEMBERS: dict[str, Any] = {
    "holder": "한빛",
    "objection": "제 번호입니다.",
}
# Responses by the name of their schema.
MODERATION_RESPONSES: dict[str, Any] = {
    "BulkDecisionsOut": {
        "decided": 1,
        "refused": 1,
        "not_reached": 0,
        "results": [
            {
                "id": 12,
                "outcome": "decided",
                "etag": '"comment-12-4"',
                "code": None,
                "detail": None,
            },
            {
                "id": 15,
                "outcome": "refused",
                "etag": None,
                "code": "already_decided",
                "detail": "한빛 님이 14:02에 이미 결정했습니다: 가리기",
            },
        ],
    },
}
