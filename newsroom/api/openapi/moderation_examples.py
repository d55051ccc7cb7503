"""Examples of request bodies of the moderators' queue, in Korean. Pure."""

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
