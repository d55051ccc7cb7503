"""One's own reports, with what a moderator found."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import (
    delete_comment,
    dismiss_reports,
    hide_comment,
    post_comment,
    report_comment,
    undo_decision,
)
from comments.models import Comment, Report
from tests.support.clients.comment_client import SignIn

pytestmark = pytest.mark.django_db
URL = "/api/v1/me/reports/"


@pytest.fixture
def comment(article: Article, mal: User) -> Comment:
    return post_comment(article, by=mal, text="문이 무겁군요.")


def outcomes(client: APIClient) -> list[Any]:
    rows = client.get(URL).json()["results"]
    assert all((row["outcome"] is None) or row["settled_at"] for row in rows)
    return [row["outcome"] for row in rows]


def test_a_reader_learns_what_became_of_a_report(
    comment: Comment, chi: User, mo: User, as_user: SignIn
) -> None:
    report_comment(comment.pk, reason="spam", note="광고입니다.", by=chi)
    client = as_user(chi)
    response = client.get(URL)
    assert response["Cache-Control"] == "no-store"
    (own,) = response.json()["results"]
    assert own.pop("reported_at")
    expected = {"comment": comment.pk, "reason": "spam", "note": "광고입니다."}
    assert own == expected | {"settled_at": None, "outcome": None}
    hide_comment(comment, by=mo, reports=Report.Outcome.CONFIRMED)
    assert outcomes(client) == ["confirmed"]
    assert mo.nickname not in client.get(URL).content.decode()
    (exported,) = client.get("/api/v1/me/export/").json()["reports"]
    assert exported == client.get(URL).json()["results"][0]
    undo_decision(comment, by=mo)
    assert outcomes(client) == [None]
    comment.refresh_from_db()
    dismiss_reports(comment, by=mo)
    assert outcomes(client) == ["dismissed"]


def test_reports_of_a_comment_that_its_author_deletes_have_no_outcome(
    comment: Comment, chi: User, mal: User, as_user: SignIn
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    delete_comment(comment, by=mal)
    assert outcomes(as_user(chi)) == [None]
    assert as_user(chi).get(URL).json()["results"][0]["settled_at"]


def test_reports_of_others_are_not_listed(
    comment: Comment, chi: User, mal: User, as_user: SignIn
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    assert outcomes(as_user(mal)) == []
    assert APIClient().get(URL).status_code == 401


def test_the_list_costs_the_same_queries_for_one_and_for_twenty(
    article: Article, chi: User, mal: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    costs = []
    for size in (1, 20):
        while Report.objects.count() < size:
            number = Report.objects.count()
            row = post_comment(article, by=mal, text=f"{number}번째 글")
            report_comment(row.pk, reason="spam", by=chi)
        with CaptureQueriesContext(connection) as queries:
            assert len(outcomes(client)) == size
        costs.append(len(queries))
    assert costs[0] == costs[1]
