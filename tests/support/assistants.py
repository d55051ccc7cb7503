"""An assistant on loopback for tests of suggestions: what it answers, and asking it."""

import json
from typing import Any

from accounts.models import User
from desk.actions import suggest
from desk.models import Draft, Suggestion
from desk.workers.suggestions import answer_due_suggestions

BODY = (
    "<p>가상시가 강변 산책로 3.5㎞를 새로 열었다고 30일 밝혔다. 공사에는 14억원이 들었다.</p>"
    "<h2>무엇이 달라질까?</h2><p>산책로는 강변 공원과 도서관을 잇는다.</p>"
    '<aside class="fact-box"><h3>상자</h3><p>상자 속의 글은 기사의 문장이 아닙니다.</p></aside>'
    "<ul><li>시는 내년에 산책로 조명을 교체할 계획이다.</li></ul>"
)
LINES = ["강변 산책로 3.5㎞ 열려", "공사비는 14억원", "조명은 내년 교체"]


def completion(lines: Any, **more: Any) -> tuple[int, dict[str, str], bytes]:
    content = lines if isinstance(lines, str) else json.dumps(lines, ensure_ascii=False)
    body = {
        "model": "virtual-1",
        "choices": [{"message": {"role": "assistant", "content": content}}],
    }
    return 200, {"Content-Type": "application/json"}, json.dumps(body | more).encode()


def ask(draft: Draft, by: User, kind: str = Suggestion.Kind.SUMMARY) -> Suggestion:
    row = suggest(draft, by=by, kind=kind, origin=Suggestion.Origin.ASSISTANT)
    answer_due_suggestions()
    row.refresh_from_db()
    return row
