"""Kinds of sanctions, who may impose them, their history, the desk API and the page of a reader."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import lift_suspension, sanction, sanction_history
from accounts.actions.retention import delete_outdated_identities
from accounts.errors import NotYourRank
from accounts.models import RetainedSanction, Sanction, User
from articles.models import Article
from audit.actions import record_audit
from audit.models import Entry
from comments.actions import post_comment
from comments.actions.appeals import appeal_against_sanction
from comments.actions.blocking import block_comment, object_to_block, request_block
from comments.models import Comment
from newsroom.errors import NotAllowed
from pages.account_data import delete_account
from tests.accounts.test_accounts_api import app, signed_up
from tests.accounts.test_sanctions import confirm_address, reader_of
from tests.support import make
from tests.support.clients.comment_client import SignIn, post_comment_by_api

pytestmark = pytest.mark.django_db


def impose(user: User, kind: str, *, by: User, **over: Any) -> Sanction:
    week: dict[str, Any] = {"until": timezone.now() + timedelta(days=7), "reason": "도배"}
    values = week | over
    return sanction(user, kind=kind, by=by, **values)


def other_comment(article: Article) -> Comment:
    return Comment.objects.create(article=article, author=make.reader("dot"), text="다른 글")


def writes(client: Any, article: Article) -> dict[str, int]:
    """The status of each way to write, by what is written."""
    comment = other_comment(article)
    path = f"/api/v1/comments/{comment.pk}/"
    poll = f"/api/v1/polls/{article.poll_id}/vote/"
    nickname = {"nickname": f"새벽산책{comment.pk}"}
    return {
        "comment": post_comment_by_api(client, article, f"글 {comment.pk}").status_code,
        "react": client.put(f"{path}reaction/", {"value": "like"}, format="json").status_code,
        "report": client.post(f"{path}reports/", {"reason": "spam"}, format="json").status_code,
        "vote": client.put(poll, {"side": "pro"}, format="json").status_code,
        "rename": client.patch("/api/v1/me/", nickname, format="json").status_code,
    }


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("warn", set()),
        ("hold", set()),
        ("mute", {"comment"}),
        ("ban", {"comment", "react", "report", "vote", "rename"}),
    ],
)
def test_each_kind_refuses_exactly_what_it_says(
    kind: str, refused: set[str], chi: User, mo: User, as_user: SignIn
) -> None:
    """community B24: the answer names reason and end, and what is one's own stays in reach."""
    article = make.live(poll=make.poll_data())
    client = as_user(chi)
    own = post_comment_by_api(client, article, "먼저 쓴 글").json()["id"]
    imposed = impose(chi, kind, by=mo)
    outcomes = writes(client, article)
    assert {what for what, status in outcomes.items() if status == 403} == refused
    assert {s for what, s in outcomes.items() if what not in refused} <= {200, 201}
    newest = Comment.objects.filter(author=chi).order_by("-pk")[0]
    assert (newest.state == "held") == (kind == "hold")
    if refused:
        body = post_comment_by_api(client, article, "또 쓴 글").json()
        assert body["code"] == ("muted" if kind == "mute" else "suspended")
        assert (body["reason"], datetime.fromisoformat(body["until"])) == ("도배", imposed.until)
    assert client.get("/api/v1/me/export/").status_code == 200
    assert client.delete(f"/api/v1/comments/{own}/").status_code == 204


def test_a_sanction_ends_at_its_second_without_a_job(
    chi: User, mo: User, article: Article, as_user: SignIn
) -> None:
    """community B24."""
    until = timezone.now() + timedelta(days=3)
    impose(chi, "ban", by=mo, until=until)
    just_before = until - timedelta(microseconds=1)
    assert (chi.restriction(just_before), chi.restriction(until)) == ("ban", "")
    imposed = Sanction.objects.get()
    assert (imposed.is_in_force(just_before), imposed.is_in_force(until)) == (True, False)
    User.objects.filter(pk=chi.pk).update(suspended_until=timezone.now())
    assert post_comment_by_api(as_user(chi), article).status_code == 201


def test_sanctions_apply_to_the_next_request_of_open_sessions(
    mo: User, article: Article, as_user: SignIn
) -> None:
    """community B25: by browser and by app."""
    token = signed_up()
    reader = confirm_address(reader_of(token))
    browser, phone = as_user(reader), app(token)
    assert post_comment_by_api(browser, article, "하나").status_code == 201
    impose(reader, "mute", by=mo)
    for client in (browser, phone):
        assert post_comment_by_api(client, article, "둘").json()["code"] == "muted"
    lift_suspension(reader, by=mo)
    assert post_comment_by_api(phone, article, "셋").status_code == 201


def test_nobody_sanctions_themselves_an_equal_or_a_senior(
    chi: User, mo: User, ben: User, ada: User, chief: User
) -> None:
    """community B95."""
    for target in (mo, ben, ada, chief):
        with pytest.raises(NotYourRank):
            impose(target, "mute", by=mo)
    with pytest.raises(NotYourRank):
        impose(chief, "warn", by=chief)
    with pytest.raises(NotAllowed):
        impose(chi, "warn", by=ada)
    assert impose(mo, "mute", by=chief).user_id == mo.pk
    with pytest.raises(NotYourRank):
        lift_suspension(mo, by=ben)
    assert Sanction.objects.count() == 1


def test_a_newer_sanction_replaces_the_one_in_force_and_the_history_says_so(
    chi: User, mo: User, chief: User
) -> None:
    warned = impose(chi, "warn", by=mo)
    hold = impose(chi, "hold", by=mo)
    ban = impose(chi, "ban", by=chief, reason_code="hate")
    lift_suspension(chi, by=mo)
    history = sanction_history(chi)
    assert [row.pk for row in history] == [warned.pk, hold.pk, ban.pk]
    assert [row.replaced_by_id for row in history] == [None, ban.pk, None]
    assert [row.lifted_by for row in history] == [None, chief, mo]
    assert not Sanction.objects.in_force(timezone.now()).exists()
    verbs = Entry.objects.filter(kind="accounts.user", subject=str(chi.pk)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "warned",
        "comments_held",
        "suspended",
        "suspension_lifted",
    ]


@pytest.mark.parametrize("kind", ["hold", "mute", "ban"])
def test_the_kind_survives_leaving(kind: str, mo: User) -> None:
    """faults I5, with each kind of sanction."""
    reader = confirm_address(reader_of(signed_up()))
    impose(reader, kind, by=mo)
    delete_account(User.objects.get(pk=reader.pk))
    assert not Sanction.objects.exists()
    back = confirm_address(reader_of(signed_up()))
    assert back.restriction(timezone.now()) == kind
    assert [row.imposed_by for row in sanction_history(back)] == [None]
    lift_suspension(back, by=mo)
    assert not RetainedSanction.objects.exists()


def test_the_hardest_sanction_is_taken_over(mo: User) -> None:
    """A long hold of the account itself does not spare it a ban of its address."""
    reader = confirm_address(reader_of(signed_up()))
    impose(reader, "ban", by=mo)
    delete_account(User.objects.get(pk=reader.pk))
    back = reader_of(signed_up())
    impose(back, "hold", by=mo, until=timezone.now() + timedelta(days=300))
    assert confirm_address(back).restriction(timezone.now()) == "ban"
    delete_outdated_identities(timezone.now() + timedelta(days=8))
    assert not RetainedSanction.objects.filter(kind="ban").exists()


def test_past_sanctions_are_in_the_export(chi: User, mo: User, as_user: SignIn) -> None:
    """community B68."""
    for kind in ("warn", "mute"):
        impose(chi, kind, by=mo)
    lift_suspension(chi, by=mo)
    exported = as_user(chi).get("/api/v1/me/export/").json()["sanctions"]
    assert [(row["kind"], row["lifted_at"] is not None) for row in exported] == [
        ("warn", False),
        ("mute", True),
    ]
    assert mo.name not in str(exported)
    mine = as_user(chi).get("/api/v1/me/sanctions/").json()["results"]
    assert [(row["kind"], row["in_force"]) for row in mine] == [("mute", False), ("warn", False)]
    assert mo.name not in str(mine)


def test_suspensions_of_before_the_history_are_in_the_export(
    chi: User, mo: User, as_user: SignIn
) -> None:
    """community B68: of these there is the audit log alone."""
    now = timezone.now()
    ends = [(now + timedelta(days=days)).isoformat() for days in (5, 9)]
    for until in ends:
        record_audit(chi, verb="suspended", by=mo, until=until, reason=f"도배 {until}")
    record_audit(chi, verb="suspension_lifted", by=mo)
    impose(chi, "mute", by=mo)
    rows = as_user(chi).get("/api/v1/me/export/").json()["sanctions"]
    assert [row["kind"] for row in rows] == ["ban", "ban", "mute"]
    assert [row["reason"] for row in rows[:2]] == [f"도배 {until}" for until in ends]
    assert all(row["starts_at"] < row["lifted_at"] < row["until"] for row in rows[:2])


def test_appeals_and_objections_to_blocks_are_in_the_export(
    article: Article, chi: User, mo: User, mal: User, as_user: SignIn
) -> None:
    """community B68: nothing of who requested the block, nor of other readers."""
    imposed = impose(chi, "warn", by=mo)
    appeal_against_sanction(imposed.pk, text="제가 쓴 글이 아닙니다.", by=chi)
    comments = [post_comment(article, by=who, text=f"{who.name}의 글") for who in (chi, mal)]
    for comment in comments:
        request = request_block(
            comment.pk,
            name="한빛",
            email="hanbit@example.com",
            basis="privacy",
            statement="제 번호",
        )
        block_comment(request, by=mo)
        assert comment.author
        object_to_block(comment.pk, text=f"{comment.author.name}의 반론", by=comment.author)
    export = as_user(chi).get("/api/v1/me/export/").json()
    assert [(row["sanction"], row["text"]) for row in export["appeals"]] == [
        (imposed.pk, "제가 쓴 글이 아닙니다.")
    ]
    assert [(row["comment"], row["objection"]) for row in export["block_objections"]] == [
        (comments[0].pk, "chi의 반론")
    ]
    body = str(export)
    assert not any(word in body for word in ("한빛", "hanbit", "제 번호", "mal의", mo.email))


def test_desk_api_imposes_lists_and_lifts_with_if_match(chi: User, mo: User) -> None:
    desk, path = make.DeskClient(mo), f"readers/{chi.pk}/sanctions/"
    until = (timezone.now() + timedelta(days=1)).isoformat()
    body = {"kind": "mute", "until": until, "reason": "욕설", "reason_code": "abuse"}
    assert desk.call("POST", path, body).status_code == 428
    etag = desk.call("GET", path)["ETag"]
    made = desk.call("POST", path, body, etag=etag)
    assert (made.status_code, made.json()["imposed_by"]) == (201, "mo")
    assert desk.call("POST", path, body, etag=etag).status_code == 412
    listed = desk.call("GET", path)
    assert [row["in_force"] for row in listed.json()["results"]] == [True]
    assert listed["ETag"] == made["ETag"]
    one = f"{path}{made.json()['id']}/"
    assert desk.call("DELETE", one).status_code == 428
    lifted = desk.call("DELETE", one, etag=made["ETag"])
    assert (lifted.status_code, lifted.json()["lifted_by"]) == (200, "mo")
    again = desk.call("DELETE", one, etag=lifted["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "sanction_over")
    past = body | {"until": (timezone.now() - timedelta(days=1)).isoformat()}
    assert desk.call("POST", path, past, etag="*").status_code == 400
    assert desk.call("POST", path, {"kind": "ban", "reason": "도배"}, etag="*").status_code == 400
    assert desk.call("POST", path, {"kind": "warn", "reason": "주의"}, etag="*").status_code == 201


def test_etag_of_the_list_changes_with_its_page_and_with_the_end_of_a_sanction(
    chi: User, mo: User
) -> None:
    desk, path = make.DeskClient(mo), f"readers/{chi.pk}/sanctions/"
    impose(chi, "ban", by=mo)
    impose(chi, "warn", by=mo, until=None)
    first = desk.call("GET", path)
    assert desk.call("GET", path)["ETag"] == first["ETag"]
    assert desk.call("GET", f"{path}?page_size=1")["ETag"] != first["ETag"]
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        later = desk.call("GET", path)
    assert {row["in_force"] for row in later.json()["results"]} == {False}
    assert later["ETag"] != first["ETag"]
    version = first["ETag"].split("-")[2]
    assert later["ETag"].split("-")[2] == version  # what was read can still be decided on


def test_desk_api_of_sanctions_needs_the_right(chi: User, ada: User) -> None:
    """community B95."""
    assert make.DeskClient(ada).call("GET", f"readers/{chi.pk}/sanctions/").status_code == 403


def test_the_page_of_a_reader_has_the_history_and_the_presets(chi: User, mo: User) -> None:
    impose(chi, "warn", by=mo, reason="<b>주의</b>")
    client = Client()
    client.force_login(mo)
    form = client.get(reverse("admin:accounts_user_press", args=[chi.pk, "suspend"]))
    options = {f'value="{days}"' for days in (1, 3, 7, 30)}
    assert all(option in form.content.decode() for option in options)
    page = client.get(reverse("admin:accounts_user_change", args=[chi.pk])).content.decode()
    assert "&lt;b&gt;주의&lt;/b&gt;" in page
    assert "경고" in page
