"""Reports of comments: one per reader, settling, anonymity."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import suspend
from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    delete_comment,
    dismiss_reports,
    edit_comment,
    hide_comment,
    hold_comment,
    post_comment,
    report_comment,
    show_comment,
)
from comments.errors import AlreadyDecided, CommentChanged, CommentDeleted, NoteTooLong
from comments.models import Comment, Report
from desk.actions import withdraw
from newsroom.errors import NotAllowed, Refused
from pages.account_data import delete_account
from tests.support import make
from tests.support.clients.comment_client import SignIn

pytestmark = pytest.mark.django_db
NOTE = "사람을 깎아내리는 말입니다."


@pytest.fixture
def comment(article: Article, mal: User) -> Comment:
    return post_comment(article, by=mal, text="문이 무겁군요.")


def post_report(client: APIClient, comment: Comment, reason: Any = "abuse", **more: Any) -> Any:
    where = f"/api/v1/comments/{comment.pk}/reports/"
    return client.post(where, {"reason": reason} | more, format="json")


def open_report_count(comment: Comment) -> int:
    return Report.objects.unsettled().filter(comment=comment).count()


def test_a_reader_reports_a_comment(comment: Comment, chi: User, as_user: SignIn) -> None:
    response = post_report(as_user(chi), comment, note=f"  {NOTE}\n")
    assert response.status_code == 201
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert body.pop("reported_at")
    assert body == {"comment": comment.pk, "reason": "abuse", "note": NOTE}
    assert open_report_count(comment) == 1


def test_second_report_of_a_reader_returns_the_first(
    comment: Comment, chi: User, mo: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    first = post_report(client, comment)
    again = post_report(client, comment, "spam", note="다시 봐도 그렇습니다.")
    assert (again.status_code, again.json()) == (200, first.json())
    dismiss_reports(comment, by=mo)
    assert post_report(client, comment).status_code == 200
    assert open_report_count(comment) == 0
    assert Report.objects.count() == 1


def test_reports_are_not_public(
    comment: Comment, chi: User, mal: User, api: APIClient, as_user: SignIn
) -> None:
    """community B55: also for the author of the comment."""
    article = comment.article
    places = (f"/api/v1/comments/{comment.pk}/", f"/api/v1/articles/{article.slug}/comments/")
    own = ("/api/v1/me/comments/", f"/api/v1/me/state/?articles={article.slug}")
    before = [api.get(where).content for where in places]
    writer = as_user(mal)
    before += [writer.get(where).content for where in own]
    assert post_report(as_user(chi), comment, note=NOTE).status_code == 201
    after = [api.get(where).content for where in places]
    assert after + [writer.get(where).content for where in own] == before
    assert writer.get("/api/v1/me/export/").json()["reports"] == []


def test_report_of_an_invisible_comment_is_a_404(
    comment: Comment, chi: User, mal: User, mo: User, as_user: SignIn
) -> None:
    """community B55: the same response for hidden, held, deleted and missing comments."""
    client = as_user(chi)
    never = post_report(client, Comment(pk=987_654))
    for act in (
        lambda: hide_comment(comment, by=mo, reason="욕설"),
        lambda: hold_comment(comment, by=mo, reason="확인"),
        lambda: delete_comment(comment, by=mal),
    ):
        act()
        response = post_report(client, comment)
        assert (response.status_code, response.content) == (404, never.content)
    assert not Report.objects.exists()


def test_report_under_a_withdrawn_article_is_a_404(
    comment: Comment, chi: User, ben: User, as_user: SignIn
) -> None:
    withdraw(comment.article, notice="내렸습니다.", by=ben)
    assert post_report(as_user(chi), comment).status_code == 404


def test_report_is_possible_on_closed_comments(
    comment: Comment, chi: User, as_user: SignIn
) -> None:
    Article.objects.update(comments_mode="closed")
    assert post_report(as_user(chi), comment).status_code == 201


def test_report_of_ones_own_comment_is_refused(
    comment: Comment, mal: User, as_user: SignIn
) -> None:
    refused = post_report(as_user(mal), comment)
    assert (refused.status_code, refused.json()["code"]) == (403, "own_comment")


def test_report_needs_an_account_that_may_write(
    comment: Comment, chi: User, mo: User, api: APIClient, as_user: SignIn
) -> None:
    assert post_report(api, comment).status_code == 401
    suspend(chi, until=timezone.now() + timedelta(days=1), reason="도배", by=mo)
    assert post_report(as_user(chi), comment).json()["code"] == "suspended"


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"reason": "boring"}, {"reason": None}, {"reason": "spam", "by": 1}, []),
        *({"reason": "spam", "note": 7}, {"reason": "spam", "note": "가" * 501}),
    ],
)
def test_invalid_report_is_a_400(comment: Comment, chi: User, as_user: SignIn, body: Any) -> None:
    where = f"/api/v1/comments/{comment.pk}/reports/"
    refused = as_user(chi).post(where, body, format="json")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert not Report.objects.exists()


def test_report_note_is_limited_to_five_hundred_characters(comment: Comment, chi: User) -> None:
    with pytest.raises(NoteTooLong):
        report_comment(comment.pk, reason="other", note="가" * 501, by=chi)
    assert len(report_comment(comment.pk, reason="other", note="가" * 500, by=chi).note) == 500


def test_reports_are_rate_limited(
    comment: Comment, chi: User, as_user: SignIn, settings: Any
) -> None:
    rest = settings.REST_FRAMEWORK
    rates = rest["DEFAULT_THROTTLE_RATES"] | {"report": "1/min"}
    settings.REST_FRAMEWORK = rest | {"DEFAULT_THROTTLE_RATES": rates}
    client = as_user(chi)
    assert post_report(client, comment)["RateLimit-Policy"] == '"report";q=1;w=60'
    assert post_report(client, comment).status_code == 429


# -- Moderation ---------------------------------------------------------------------


def test_dismissing_reports_settles_them(comment: Comment, chi: User, mo: User) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    report_comment(comment.pk, reason="hate", by=make.reader("other"))
    dismiss_reports(comment, by=mo)
    comment.refresh_from_db()
    assert (comment.state, open_report_count(comment)) == ("visible", 0)
    entry = Entry.objects.get(verb="reports_settled")
    assert (entry.by, entry.details) == (mo.pk, {"article": comment.article_id, "reports": 2})
    with pytest.raises(AlreadyDecided):
        dismiss_reports(comment, by=mo)


def test_hiding_and_deleting_a_comment_settle_reports_but_holding_does_not(
    comment: Comment, article: Article, chi: User, mal: User, mo: User
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    hold_comment(comment, by=mo, reason="확인")
    assert open_report_count(comment) == 1
    hide_comment(comment, by=mo, reason="광고")
    assert open_report_count(comment) == 0
    other = post_comment(article, by=mal, text="다른 글")
    report_comment(other.pk, reason="spam", by=chi)
    delete_comment(other, by=mal)
    assert open_report_count(other) == 0
    assert Entry.objects.filter(verb="reports_settled").count() == 2
    with pytest.raises(CommentDeleted):
        dismiss_reports(other, by=mo)


def test_showing_a_held_comment_settles_reports(comment: Comment, chi: User, mo: User) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    hold_comment(comment, by=mo, reason="확인")
    show_comment(comment, by=mo)
    assert open_report_count(comment) == 0


def test_dismissing_reports_of_a_changed_comment_is_refused(
    comment: Comment, chi: User, mal: User, mo: User
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    edit_comment(comment, by=mal, text="다른 글")
    with pytest.raises(CommentChanged):
        dismiss_reports(comment, by=mo, version=comment.version)
    assert open_report_count(comment) == 1


def test_readers_and_reporters_cannot_settle_reports(
    comment: Comment, chi: User, ada: User
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    for person in (chi, ada):
        with pytest.raises(NotAllowed):
            dismiss_reports(comment, by=person)


def test_audit_log_does_not_name_the_reporting_reader(
    comment: Comment, chi: User, mo: User
) -> None:
    report_comment(comment.pk, reason="spam", note=NOTE, by=chi)
    dismiss_reports(comment, by=mo)
    about = Entry.objects.filter(kind="comments.comment", subject=str(comment.pk))
    assert not about.filter(by=chi.pk).exists()
    assert NOTE not in str(list(about.values()))


class TestInTheAdmin:
    @pytest.fixture
    def desk(self, mo: User, client: Client) -> Client:
        client.force_login(mo)
        return client

    def test_admin_shows_reports_without_the_reader(
        self, comment: Comment, article: Article, desk: Client
    ) -> None:
        reporter = make.reader("somebody-who-told")
        post_comment(article, by=make.reader("other"), text="신고되지 않은 글")
        report_comment(comment.pk, reason="abuse", note=f"<b>{NOTE}</b>", by=reporter)
        listed = desk.get(reverse("admin:comments_comment_changelist"), {"reported": "waiting"})
        html = listed.content.decode()
        assert "문이 무겁군요." in html
        assert "신고되지 않은 글" not in html
        assert "그대로 두기" in html
        page = desk.get(reverse("admin:comments_comment_change", args=[comment.pk]))
        html = page.content.decode()
        assert "욕설·비방" in html
        assert f"&lt;b&gt;{NOTE}&lt;/b&gt;" in html
        for body in (listed, page):
            assert "somebody-who-told" not in body.content.decode()

    def test_admin_button_dismisses_reports(
        self, comment: Comment, chi: User, desk: Client
    ) -> None:
        report_comment(comment.pk, reason="abuse", by=chi)
        url = reverse("admin:comments_comment_press", args=[comment.pk, "leave"])
        assert desk.post(f"{url}?version={comment.version}").status_code == 302
        assert open_report_count(comment) == 0
        places = reverse("admin:comments_comment_changelist")
        assert "문이 무겁군요." not in desk.get(places, {"reported": "waiting"}).content.decode()
        assert "문이 무겁군요." in desk.get(places, {"reported": "settled"}).content.decode()

    def test_admin_comment_list_costs_the_same_queries_for_one_and_for_twenty(
        self, comment: Comment, article: Article, chi: User, mal: User, desk: Client
    ) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                page = desk.get(reverse("admin:comments_comment_changelist"))
            assert page.status_code == 200
            return len(queries)

        report_comment(comment.pk, reason="spam", by=chi)
        cost()
        one = cost()
        for n in range(19):
            report_comment(
                post_comment(article, by=mal, text=f"{n}번째 글").pk, reason="spam", by=chi
            )
        assert cost() == one


# -- Export and closing ----------------------------------------------------------------------------------


def test_account_export_has_own_reports(comment: Comment, chi: User, as_user: SignIn) -> None:
    report_comment(comment.pk, reason="spam", note=NOTE, by=chi)
    (own_report,) = as_user(chi).get("/api/v1/me/export/").json()["reports"]
    assert (own_report["comment"], own_report["reason"], own_report["note"]) == (
        comment.pk,
        "spam",
        NOTE,
    )


def test_closing_an_account_detaches_its_reports(comment: Comment, chi: User) -> None:
    report_comment(comment.pk, reason="spam", note=NOTE, by=chi)
    delete_account(chi)
    left = Report.objects.get()
    assert (left.reader, left.note, left.reason, left.settled_at) == (None, "", "spam", None)


def test_closing_an_account_settles_reports_of_its_comments(
    comment: Comment, chi: User, mal: User
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    delete_account(mal)
    assert open_report_count(comment) == 0


# -- Constraints -----------------------------------------------------------------


def test_database_allows_one_report_per_comment_and_reader(comment: Comment, chi: User) -> None:
    Report.objects.create(comment=comment, reader=chi, reason="spam")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(comment=comment, reader=chi, reason="hate")


class TestAtOnce:
    """On PostgreSQL and real threads."""

    pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

    def test_concurrent_reports_of_one_reader_are_one_report(
        self, comment: Comment, chi: User
    ) -> None:
        out = make.race(12, lambda _n: report_comment(comment.pk, reason="spam", by=chi))
        reports = [one for one in out if isinstance(one, Report)]
        assert len(reports) == 12
        assert [one.already_existed for one in reports].count(False) == 1
        assert open_report_count(comment) == 1

    def test_hiding_concurrent_with_reporting_leaves_no_open_report(
        self, comment: Comment, mo: User
    ) -> None:
        readers = [make.reader(f"reader{n}") for n in range(10)]

        def act(number: int) -> None:
            if number == 5:
                hide_comment(comment, by=mo, reason="광고")
            else:
                report_comment(comment.pk, reason="spam", by=readers[number])

        out = make.race(10, act)
        assert [o for o in out if isinstance(o, Exception) and not isinstance(o, Refused)] == []
        assert open_report_count(comment) == 0
