"""Disclosure of AI for lines of the assistant that are taken over."""

from typing import Any

import pytest

from accounts.models import User
from desk.actions import edit
from desk.models import Draft, Suggestion
from tests.support import make
from tests.support.assistants import BODY, LINES, ask
from tests.support.loopback.receivers import HTTPReceiver

pytestmark = pytest.mark.django_db

Kind, Origin, State = Suggestion.Kind, Suggestion.Origin, Suggestion.State


@pytest.mark.parametrize(
    ("kind", "fields", "disclosed"),
    [
        (Kind.SUMMARY, {"summary_2": LINES[0]}, "summary"),
        (Kind.HEADLINE, {"headline": LINES[1]}, "assisted"),
        (Kind.SUBHEADS, {"body": f"<h2>{LINES[2]}</h2><p>글이다.</p>"}, "assisted"),
        (Kind.SUMMARY, {"summary_2": "사람이 고쳐 쓴 줄"}, ""),
        (Kind.SUMMARY, {"summary_2": LINES[0], "ai_kind": "generated"}, "generated"),
    ],
)
def test_what_is_taken_over_is_disclosed(
    ada: User, assistant: HTTPReceiver, kind: str, fields: dict[str, Any], disclosed: str
) -> None:
    draft = make.draft(by=ada, body=BODY)
    assert ask(draft, ada, kind).state == State.READY
    draft.refresh_from_db()
    assert draft.ai_kind == "", "asking alone discloses nothing"
    assert edit(draft, by=ada, **fields).ai_kind == disclosed
    assert Draft.objects.get(pk=draft.pk).ai_kind == disclosed
