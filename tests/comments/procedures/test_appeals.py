"""Appeals: once for each decision, by another moderator, reversed in one transaction."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import sanction
from accounts.models import Sanction, User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    delete_comment,
    hide_comment,
    post_comment,
    report_comment,
    show_comment,
    undo_decision,
)
from comments.actions.appeals import (
    appeal_against_hiding,
    appeal_against_sanction,
    grant_appeal,
    reject_appeal,
)
from comments.actions.blocking import block_comment, end_due_blocks, request_block
from comments.actions.queueing import last_decision
from comments.errors import AlreadyDecided, TooLateToUndo
from comments.errors.procedures import (
    AppealDecided,
    AppealedAlready,
    AppealTooLate,
    NothingToAppeal,
    NotYourAppeal,
)
from comments.models import Appeal, Comment, Report
from pages.account_data import delete_account
from tests.support import make
from tests.support.clients.comment_client import SignIn, comment_count_of
from tests.support.moderation import established

pytestmark = pytest.mark.django_db


def hidden(article: Article, writer: User, mo: User, text: str = "글") -> Comment:
    comment = post_comment(article, by=writer, text=text)
    return hide_comment(comment, by=mo, reason="욕설")


def ban(user: User, mo: User, kind: str = "ban") -> Sanction:
    until = timezone.now() + timedelta(days=30)
    return sanction(user, kind=kind, until=until, reason="도배", by=mo)


def test_a_granted_appeal_shows_the_comment_again(
    article: Article, chi: User, mo: User, as_user: SignIn, reading: Any
) -> None:
    comment = hidden(article, chi, mo)
    client, path = as_user(chi), f"/api/v1/comments/{comment.pk}/appeal/"
    filed = client.post(path, {"text": "오해입니다."}, format="json")
    assert (filed.status_code, filed.json()["state"]) == (201, "open")
    again = client.post(path, {"text": "다시"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "appealed_already")
    grant_appeal(Appeal.objects.get(), answer="다시 보니 괜찮습니다.", by=make.ben())
    assert [row["id"] for row in reading()] == [comment.pk]
    assert comment_count_of(article) == 1
    mine = client.get("/api/v1/me/appeals/").json()["results"]
    assert [(row["state"], row["answer"]) for row in mine] == [("granted", "다시 보니 괜찮습니다.")]
    verbs = Entry.objects.filter(kind="comments.comment").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        *("posted", "hid", "appealed", "showed", "appeal_granted")
    ]


def test_another_decision_can_be_appealed_against_again(
    article: Article, chi: User, mo: User, ben: User
) -> None:
    comment = hidden(article, chi, mo)
    first = appeal_against_hiding(comment.pk, text="오해", by=chi)
    grant_appeal(first, answer="예", by=ben)
    with pytest.raises(NothingToAppeal):
        appeal_against_hiding(comment.pk, text="오해", by=chi)
    hide_comment(comment, by=mo, reason="다시 봄")
    assert appeal_against_hiding(comment.pk, text="또 오해", by=chi).pk != first.pk


def test_an_appeal_against_a_suspension_is_open_to_the_suspended(
    chi: User, mo: User, ben: User, as_user: SignIn
) -> None:
    imposed = ban(chi, mo)
    path = f"/api/v1/me/sanctions/{imposed.pk}/appeal/"
    assert as_user(chi).post(path, {"text": "억울합니다."}, format="json").status_code == 201
    mine = as_user(chi).get("/api/v1/me/sanctions/").json()["results"]
    assert [(row["kind"], row["appeal"]["state"]) for row in mine] == [("ban", "open")]
    grant_appeal(Appeal.objects.get(), answer="해제합니다.", by=ben)
    assert not User.objects.get(pk=chi.pk).restriction(timezone.now())
    assert Sanction.objects.get().lifted_by == ben


def test_a_rejected_appeal_leaves_the_decision(chi: User, mo: User, ben: User) -> None:
    appeal = appeal_against_sanction(ban(chi, mo).pk, text="억울합니다.", by=chi)
    reject_appeal(appeal, answer="규칙 위반이 맞습니다.", by=ben)
    assert User.objects.get(pk=chi.pk).is_suspended(timezone.now())
    with pytest.raises(AppealDecided):
        grant_appeal(appeal, answer="예", by=ben)


def test_whoever_decided_does_not_answer_unless_alone(
    article: Article, chi: User, mo: User, request: Any
) -> None:
    """community B95: a chief, where no other moderator is there."""
    alone = appeal_against_sanction(ban(chi, mo, "warn").pk, text="억울합니다.", by=chi)
    User.objects.filter(is_staff=True).exclude(pk=mo.pk).update(is_active=False)
    comment_appeal = appeal_against_hiding(hidden(article, chi, mo).pk, text="오해", by=chi)
    chief = request.getfixturevalue("chief")
    with pytest.raises(NotYourAppeal):
        grant_appeal(comment_appeal, answer="예", by=mo)
    assert grant_appeal(comment_appeal, answer="예", by=chief).state == "granted"
    User.objects.filter(pk=chief.pk).update(is_active=False)
    assert reject_appeal(alone, answer="아니요", by=mo).state == "rejected"


def test_appeals_end_with_their_time_and_belong_to_the_writer(
    article: Article, chi: User, mo: User, settings: Any, as_user: SignIn
) -> None:
    comment = hidden(article, chi, mo)
    for other in (f"comments/{comment.pk}", f"me/sanctions/{ban(chi, mo).pk}"):
        answer = as_user(make.reader("mal")).post(
            f"/api/v1/{other}/appeal/", {"text": "나도"}, format="json"
        )
        assert answer.status_code == 404
    settings.APPEAL_DAYS = 0
    with pytest.raises(AppealTooLate):
        appeal_against_hiding(comment.pk, text="늦음", by=chi)


@pytest.mark.parametrize("text", ["\u3164", "가" * 1001])
def test_the_text_is_bounded(
    article: Article, chi: User, mo: User, as_user: SignIn, text: str
) -> None:
    path = f"/api/v1/comments/{hidden(article, chi, mo).pk}/appeal/"
    assert as_user(chi).post(path, {"text": text}, format="json").status_code == 400


def test_a_deleted_comment_leaves_nothing_to_decide(
    article: Article, chi: User, mo: User, ben: User
) -> None:
    comment = hidden(article, chi, mo)
    appeal = appeal_against_hiding(comment.pk, text="오해", by=chi)
    delete_comment(comment, by=chi)
    assert grant_appeal(appeal, answer="예", by=ben).state == "moot"
    assert comment_count_of(article) == 0
    delete_account(chi)
    assert not Appeal.objects.exists()


def test_admin_lists_open_appeals_by_age_and_answers_them(
    article: Article, chi: User, mo: User, ben: User, ada: User
) -> None:
    first, second = (
        appeal_against_hiding(hidden(article, chi, mo, text).pk, text=f"오해 {text}", by=chi)
        for text in ("하나", "둘")
    )
    client, page = Client(), reverse("admin:comments_appeal_changelist")
    client.force_login(ben)
    content = client.get(page).content.decode()
    assert content.index("오해 하나") < content.index("오해 둘")
    url = reverse("admin:comments_appeal_press", args=[first.pk, "reject"])
    client.post(url, {"answer": "규칙 위반입니다."})
    content = client.get(page).content.decode()
    assert content.index("오해 둘") < content.index("오해 하나")
    client.force_login(ada)
    assert client.get(page).status_code == 403
    with pytest.raises(AppealedAlready):
        appeal_against_hiding(second.comment_id or 0, text="또", by=chi)


def test_a_granted_appeal_is_the_last_decision_and_makes_immune(
    article: Article, chi: User, mo: User, ben: User, settings: Any
) -> None:
    """community B56, B91: the reporters were wrong, and no further report hides the comment."""
    settings.REPORTS_HIDE_WEIGHT, settings.REPORTS_HIDE_REPORTERS = 1, 1
    comment = post_comment(article, by=chi, text="글")
    report_comment(comment.pk, reason="abuse", by=established("zoe"))
    comment.refresh_from_db()
    hide_comment(comment, by=mo, reason="욕설", reports="confirmed")
    grant_appeal(appeal_against_hiding(comment.pk, text="오해", by=chi), answer="예", by=ben)
    decision = last_decision(comment)
    assert decision is not None
    assert (decision.kind, decision.by) == ("show", ben)
    assert Report.objects.get().outcome == "dismissed"
    with pytest.raises(AlreadyDecided) as refusal:
        show_comment(comment, by=mo)
    assert refusal.value.more["by"] == str(ben)
    with pytest.raises(TooLateToUndo):
        undo_decision(comment, by=ben)
    report_comment(comment.pk, reason="abuse", by=established("rep"))
    comment.refresh_from_db()
    assert comment.state == "visible"


def test_an_appeal_granted_without_effect_is_moot(chi: User, mo: User, ben: User) -> None:
    replaced = appeal_against_sanction(ban(chi, mo, "hold").pk, text="억울합니다.", by=chi)
    running = ban(chi, mo)
    assert grant_appeal(replaced, answer="예", by=ben).state == "moot"
    assert User.objects.get(pk=chi.pk).is_suspended(timezone.now())
    over = appeal_against_sanction(running.pk, text="억울합니다.", by=chi)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert grant_appeal(over, answer="예", by=ben).state == "moot"
    warned = appeal_against_sanction(ban(chi, mo, "warn").pk, text="억울합니다.", by=chi)
    assert grant_appeal(warned, answer="예", by=ben).state == "granted"


def test_who_blocked_does_not_answer_the_appeal_after_the_term(
    article: Article, chi: User, mo: User, ben: User, settings: Any
) -> None:
    """community B95."""
    settings.BLOCK_END_POLICY = "keep"
    comment = post_comment(article, by=chi, text="글")
    request = request_block(
        comment.pk, name="한빛", email="a@example.com", basis="privacy", statement="제 일"
    )
    block_comment(request, by=mo)
    assert end_due_blocks(timezone.now() + timedelta(days=31)) == 1
    appeal = appeal_against_hiding(comment.pk, text="오해", by=chi)
    with pytest.raises(NotYourAppeal):
        reject_appeal(appeal, answer="아니요", by=mo)
    assert grant_appeal(appeal, answer="예", by=ben).state == "granted"


def own_row(client: Any) -> tuple[Any, Any]:
    """What can be begun about one's only comment, and the state of the appeal that is shown with it."""
    (row,) = client.get("/api/v1/me/comments/").json()["results"]
    return row["procedure"], row["appeal"] and row["appeal"]["state"]


def test_own_list_offers_an_appeal_against_each_new_decision_and_one_objection(
    article: Article, chi: User, mo: User, as_user: SignIn, settings: Any
) -> None:
    client, ben = as_user(chi), make.ben()
    comment = hidden(article, chi, mo)
    path = f"/api/v1/comments/{comment.pk}"
    assert own_row(client) == ("appeal", None)
    client.post(f"{path}/appeal/", {"text": "오해입니다."}, format="json")
    assert own_row(client) == (None, "open")
    reject_appeal(Appeal.objects.get(), answer="규칙 위반입니다.", by=ben)
    assert own_row(client) == (None, "rejected")
    show_comment(comment, by=mo)
    assert own_row(client) == (None, None)
    hide_comment(comment, by=mo, reason="다시")
    assert own_row(client) == ("appeal", None)  # another decision, not the old answer
    settings.APPEAL_DAYS = 0
    assert own_row(client) == (None, None)
    show_comment(comment, by=mo)
    concerned = {"name": "한빛", "email": "hanbit@example.com", "basis": "privacy"}
    block_comment(request_block(comment.pk, **concerned, statement="제 번호입니다."), by=mo)
    assert own_row(client) == ("objection", None)
    client.post(f"{path}/block-objection/", {"text": "아닙니다."}, format="json")
    assert own_row(client) == (None, None)
