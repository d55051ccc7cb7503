"""Corrections by kind (정정·반론·추후보도·고침·알림): a public note on the article, by admin and API."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import CorrectionKind
from desk.actions import freeze, schedule_draft
from desk.errors import NoCorrectionNote
from tests.desk.admin.test_admin_stories import StoryPage
from tests.support import make

pytestmark = pytest.mark.django_db
LABELS = {
    "correction": "정정",
    "rebuttal": "반론",
    "follow_up": "추후보도",
    "clarification": "고침",
    "update": "알림",
}


@pytest.mark.parametrize("kind", CorrectionKind.values)
def test_each_kind_is_shown_on_the_article_and_in_its_history(
    kind: str, ben: User, desk_api: make.DeskClient, api: APIClient, client: Client
) -> None:
    article = make.live()
    draft = make.draft_of(article)
    note = {"kind": kind, "note": f"{kind}: 문은 열려 있었습니다."}
    answer = desk_api.act(draft.pk, "publish", {"correction": note})
    assert answer.status_code == 200, answer.content
    StoryPage(ben).send(draft, do="correct", correction_kind=kind, correction_note="둘째 알림")
    page = api.get(f"/api/v1/articles/{article.slug}/").json()
    assert [(c["kind"], c["note"]) for c in page["corrections"]] == [
        (kind, note["note"]),
        (kind, "둘째 알림"),
    ]
    editions = api.get(f"/api/v1/articles/{article.slug}/editions/").json()["results"]
    assert [e["correction"]["note"] for e in editions if e["correction"]][-1:] != []
    html = client.get(article.get_absolute_url()).text
    assert LABELS[kind] in html
    assert "둘째 알림" in html


@pytest.mark.parametrize("note", ["", "   ", "\u3164\u200b"])
@pytest.mark.parametrize("kind", CorrectionKind.values)
def test_no_kind_goes_without_a_note(kind: str, note: str, ben: User) -> None:
    """언론중재법 §15 ③, ⑤ for those that are claimed; readers are told of the others too."""
    draft = make.draft_of(make.live())
    with pytest.raises(NoCorrectionNote):
        freeze(draft, by=ben, correction={"kind": kind, "note": note})
    at = make.planned().due_at
    with pytest.raises(NoCorrectionNote):
        schedule_draft(draft, at=at, by=ben, correction={"kind": kind, "note": note})
