"""Readers report what others say; moderators decide; nobody is told who reported."""

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
from tests.support.comment_client import SignIn

pytestmark = pytest.mark.django_db
NOTE = "사람을 깎아내리는 말입니다."


@pytest.fixture
def comment(article: Article, mal: User) -> Comment:
    return post_comment(article, by=mal, text="문이 무겁군요.")


def tell(client: APIClient, comment: Comment, reason: Any = "abuse", **more: Any) -> Any:
    where = f"/api/v1/comments/{comment.pk}/reports/"
    return client.post(where, {"reason": reason} | more, format="json")


def waiting(comment: Comment) -> int:
    return Report.objects.unsettled().filter(comment=comment).count()


def test_a_reader_reports_a_comment(comment: Comment, chi: User, as_user: SignIn) -> None:
    answer = tell(as_user(chi), comment, note=f"  {NOTE}\n")
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert told.pop("reported_at")
    assert told == {"comment": comment.pk, "reason": "abuse", "note": NOTE}
    assert waiting(comment) == 1


def test_reporting_again_is_answered_with_the_first_report(
    comment: Comment, chi: User, mo: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    first = tell(client, comment)
    again = tell(client, comment, "spam", note="다시 봐도 그렇습니다.")
    assert (again.status_code, again.json()) == (200, first.json())
    dismiss_reports(comment, by=mo)
    assert tell(client, comment).status_code == 200
    assert waiting(comment) == 0
    assert Report.objects.count() == 1


def test_the_public_sees_nothing_of_reports(
    comment: Comment, chi: User, mal: User, api: APIClient, as_user: SignIn
) -> None:
    """community B55: nor does the writer."""
    article = comment.article
    places = (f"/api/v1/comments/{comment.pk}/", f"/api/v1/articles/{article.slug}/comments/")
    own = ("/api/v1/me/comments/", f"/api/v1/me/state/?articles={article.slug}")
    before = [api.get(where).content for where in places]
    writer = as_user(mal)
    before += [writer.get(where).content for where in own]
    assert tell(as_user(chi), comment, note=NOTE).status_code == 201
    after = [api.get(where).content for where in places]
    assert after + [writer.get(where).content for where in own] == before
    assert writer.get("/api/v1/me/export/").json()["reports"] == []


def test_nobody_reports_what_readers_do_not_see(
    comment: Comment, chi: User, mal: User, mo: User, as_user: SignIn
) -> None:
    """community B55: hidden, pending, deleted and never there are told alike."""
    client = as_user(chi)
    never = tell(client, Comment(pk=987_654))
    for act in (
        lambda: hide_comment(comment, by=mo, reason="욕설"),
        lambda: hold_comment(comment, by=mo, reason="확인"),
        lambda: delete_comment(comment, by=mal),
    ):
        act()
        answer = tell(client, comment)
        assert (answer.status_code, answer.content) == (404, never.content)
    assert not Report.objects.exists()


def test_nobody_reports_under_a_withdrawn_story(
    comment: Comment, chi: User, ben: User, as_user: SignIn
) -> None:
    withdraw(comment.article, notice="내렸습니다.", by=ben)
    assert tell(as_user(chi), comment).status_code == 404


def test_what_is_read_can_be_reported_where_comments_are_closed(
    comment: Comment, chi: User, as_user: SignIn
) -> None:
    Article.objects.update(comments_mode="closed")
    assert tell(as_user(chi), comment).status_code == 201


def test_nobody_reports_themselves(comment: Comment, mal: User, as_user: SignIn) -> None:
    refused = tell(as_user(mal), comment)
    assert (refused.status_code, refused.json()["code"]) == (403, "own_comment")


def test_reporting_needs_an_account_that_may_write(
    comment: Comment, chi: User, mo: User, api: APIClient, as_user: SignIn
) -> None:
    assert tell(api, comment).status_code == 401
    suspend(chi, until=timezone.now() + timedelta(days=1), reason="도배", by=mo)
    assert tell(as_user(chi), comment).json()["code"] == "suspended"


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"reason": "boring"}, {"reason": None}, {"reason": "spam", "by": 1}, []),
        *({"reason": "spam", "note": 7}, {"reason": "spam", "note": "가" * 501}),
    ],
)
def test_a_wrong_report_is_a_400(comment: Comment, chi: User, as_user: SignIn, body: Any) -> None:
    where = f"/api/v1/comments/{comment.pk}/reports/"
    refused = as_user(chi).post(where, body, format="json")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert not Report.objects.exists()


def test_a_note_has_five_hundred_characters(comment: Comment, chi: User) -> None:
    with pytest.raises(NoteTooLong):
        report_comment(comment.pk, reason="other", note="가" * 501, by=chi)
    assert len(report_comment(comment.pk, reason="other", note="가" * 500, by=chi).note) == 500


def test_reports_are_limited(comment: Comment, chi: User, as_user: SignIn, settings: Any) -> None:
    rest = settings.REST_FRAMEWORK
    rates = rest["DEFAULT_THROTTLE_RATES"] | {"report": "1/min"}
    settings.REST_FRAMEWORK = rest | {"DEFAULT_THROTTLE_RATES": rates}
    client = as_user(chi)
    assert tell(client, comment)["RateLimit-Policy"] == '"report";q=1;w=60'
    assert tell(client, comment).status_code == 429


# -- What moderators decide ---------------------------------------------------------------------


def test_leaving_a_comment_as_it_is_settles_its_reports(
    comment: Comment, chi: User, mo: User
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    report_comment(comment.pk, reason="hate", by=make.reader("other"))
    dismiss_reports(comment, by=mo)
    comment.refresh_from_db()
    assert (comment.state, waiting(comment)) == ("visible", 0)
    entry = Entry.objects.get(verb="reports_settled")
    assert (entry.by, entry.details) == (mo.pk, {"article": comment.article_id, "reports": 2})
    with pytest.raises(AlreadyDecided):
        dismiss_reports(comment, by=mo)


def test_hiding_and_deleting_settle_reports_and_holding_does_not(
    comment: Comment, article: Article, chi: User, mal: User, mo: User
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    hold_comment(comment, by=mo, reason="확인")
    assert waiting(comment) == 1
    hide_comment(comment, by=mo, reason="광고")
    assert waiting(comment) == 0
    other = post_comment(article, by=mal, text="다른 글")
    report_comment(other.pk, reason="spam", by=chi)
    delete_comment(other, by=mal)
    assert waiting(other) == 0
    assert Entry.objects.filter(verb="reports_settled").count() == 2
    with pytest.raises(CommentDeleted):
        dismiss_reports(other, by=mo)


def test_showing_what_was_held_settles_reports(comment: Comment, chi: User, mo: User) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    hold_comment(comment, by=mo, reason="확인")
    show_comment(comment, by=mo)
    assert waiting(comment) == 0


def test_a_decision_is_about_the_words_that_were_read(
    comment: Comment, chi: User, mal: User, mo: User
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    edit_comment(comment, by=mal, text="다른 글")
    with pytest.raises(CommentChanged):
        dismiss_reports(comment, by=mo, version=comment.version)
    assert waiting(comment) == 1


def test_readers_and_reporters_settle_nothing(comment: Comment, chi: User, ada: User) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    for person in (chi, ada):
        with pytest.raises(NotAllowed):
            dismiss_reports(comment, by=person)


def test_the_audit_log_does_not_say_who_reported(comment: Comment, chi: User, mo: User) -> None:
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

    def test_moderators_see_what_is_reported_and_not_by_whom(
        self, comment: Comment, article: Article, desk: Client
    ) -> None:
        whose = make.reader("somebody-who-told")
        post_comment(article, by=make.reader("other"), text="신고되지 않은 글")
        report_comment(comment.pk, reason="abuse", note=f"<b>{NOTE}</b>", by=whose)
        listed = desk.get(reverse("admin:comments_comment_changelist"), {"reported": "waiting"})
        words = listed.content.decode()
        assert "문이 무겁군요." in words
        assert "신고되지 않은 글" not in words
        assert "그대로 두기" in words
        page = desk.get(reverse("admin:comments_comment_change", args=[comment.pk]))
        words = page.content.decode()
        assert "욕설·비방" in words
        assert f"&lt;b&gt;{NOTE}&lt;/b&gt;" in words
        for told in (listed, page):
            assert "somebody-who-told" not in told.content.decode()

    def test_a_moderator_leaves_it_as_it_is(
        self, comment: Comment, chi: User, desk: Client
    ) -> None:
        report_comment(comment.pk, reason="abuse", by=chi)
        door = reverse("admin:comments_comment_press", args=[comment.pk, "leave"])
        assert desk.post(f"{door}?version={comment.version}").status_code == 302
        assert waiting(comment) == 0
        places = reverse("admin:comments_comment_changelist")
        assert "문이 무겁군요." not in desk.get(places, {"reported": "waiting"}).content.decode()
        assert "문이 무겁군요." in desk.get(places, {"reported": "settled"}).content.decode()

    def test_the_list_costs_the_same_for_one_and_for_twenty(
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


# -- One's own ----------------------------------------------------------------------------------


def test_ones_reports_are_taken_along(comment: Comment, chi: User, as_user: SignIn) -> None:
    report_comment(comment.pk, reason="spam", note=NOTE, by=chi)
    (mine,) = as_user(chi).get("/api/v1/me/export/").json()["reports"]
    assert (mine["comment"], mine["reason"], mine["note"]) == (comment.pk, "spam", NOTE)


def test_who_leaves_leaves_reports_without_name_and_note(comment: Comment, chi: User) -> None:
    report_comment(comment.pk, reason="spam", note=NOTE, by=chi)
    delete_account(chi)
    left = Report.objects.get()
    assert (left.reader, left.note, left.reason, left.settled_at) == (None, "", "spam", None)


def test_reports_of_a_leavers_own_comments_are_settled(
    comment: Comment, chi: User, mal: User
) -> None:
    report_comment(comment.pk, reason="spam", by=chi)
    delete_account(mal)
    assert waiting(comment) == 0


# -- What the database promises -----------------------------------------------------------------


def test_the_database_keeps_one_report_of_a_reader(comment: Comment, chi: User) -> None:
    Report.objects.create(comment=comment, reader=chi, reason="spam")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(comment=comment, reader=chi, reason="hate")


class TestAtOnce:
    """On real threads, in PostgreSQL."""

    pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

    def test_one_reader_at_many_windows_reports_once(self, comment: Comment, chi: User) -> None:
        out = make.race(12, lambda _n: report_comment(comment.pk, reason="spam", by=chi))
        made = [one for one in out if isinstance(one, Report)]
        assert len(made) == 12
        assert [one.already_existed for one in made].count(False) == 1
        assert waiting(comment) == 1

    def test_what_is_hidden_leaves_no_report_waiting(self, comment: Comment, mo: User) -> None:
        readers = [make.reader(f"reader{n}") for n in range(10)]

        def act(number: int) -> None:
            if number == 5:
                hide_comment(comment, by=mo, reason="광고")
            else:
                report_comment(comment.pk, reason="spam", by=readers[number])

        out = make.race(10, act)
        assert [o for o in out if isinstance(o, Exception) and not isinstance(o, Refused)] == []
        assert waiting(comment) == 0
