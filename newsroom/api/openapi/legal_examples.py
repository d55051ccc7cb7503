"""Examples of request bodies about claims, legal erasures, bulk changes, moderation, in Korean. Pure."""

from typing import Any

from newsroom.api.openapi.moderation_examples import (
    MODERATION_MEMBERS,
    MODERATION_REQUEST_BODIES,
)

EXAMPLE_CLAIM: dict[str, Any] = {
    "article": "연구실-로봇-스스로-문을-열다",
    "kind": "correction",
    "received_at": "2026-11-22T09:00:00+09:00",
    "known_on": "2026-11-21",
    "passage": "로봇이 문을 부쉈다.",
    "reason": "문은 열려 있었습니다.",
    "wanted_text": "로봇은 열린 문을 지나갔으므로 바로잡습니다.",
    "claimant": {"name": "김문지기", "phone": "02-000-0000", "email": "door@example.com"},
}
# Request bodies by the name of their schema.
LEGAL_REQUEST_BODIES: dict[str, Any] = {
    **MODERATION_REQUEST_BODIES,
    "AnswerInRequest": {"decision": "accept", "note": "같은 자리에 24시간 싣기로 했습니다."},
    "BulkInRequest": {
        "items": [{"id": 12, "version": 3}, {"id": 15, "version": 1}],
        "change": {"kind": "add_tag", "tag": "로봇"},
        "dry_run": True,
    },
    "ClaimInRequest": EXAMPLE_CLAIM,
    "ClaimChangeInRequest": {
        name: value for name, value in EXAMPLE_CLAIM.items() if name != "article"
    },
    "ClaimPublishInRequest": {"note": "로봇은 열린 문을 지나갔으므로 바로잡습니다."},
    "ErasureInRequest": {
        "slug": EXAMPLE_CLAIM["article"],
        "reason": "법원 결정",
        "reference": "2026카합0000",
    },
}
# Values in responses by the name of the member.
LEGAL_MEMBERS: dict[str, Any] = {
    **MODERATION_MEMBERS,
    "passage": EXAMPLE_CLAIM["passage"],
    "wanted_text": EXAMPLE_CLAIM["wanted_text"],
    "answer_note": "같은 자리에 24시간 싣기로 했습니다.",
    "refusal_reason": "",
    "reference": "2026카합0000",
    "before": "로봇",
    "after": "로봇, 연구",
}
