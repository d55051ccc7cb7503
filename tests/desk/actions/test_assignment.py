"""Assignment: who writes a story and by when; who may decide it, who is notified, where it is shown."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from desk.actions import assign, set_section_role, submit
from desk.errors.collaboration import AssignmentReserved, DueInPast, NotAssignable
from desk.models import Draft, Notice
from desk.notifications.email_sender import send_due_emails
from tests.support import make

pytestmark = pytest.mark.django_db


def test_editor_assigns_a_story_and_its_writer_is_notified_and_mailed(ada: User, ben: User) -> None:
    draft, due_at = make.draft(), timezone.now() + timedelta(hours=3)
    assign(draft, to=ada, due_at=due_at, by=ben)
    draft = Draft.objects.get()
    assert (draft.assigned_to, draft.due_at, draft.version) == (ada, due_at, 1)
    notice = Notice.objects.get(person=ada)
    assert (notice.what, notice.kind, notice.subject) == ("story_assigned", "desk.draft", draft.pk)
    assert Entry.objects.filter(verb="assigned").get().details["to"] == "ada"
    send_due_emails()
    assert mail.outbox[0].to == [ada.email]
    assert draft.headline in mail.outbox[0].body
    assert f"/admin/desk/draft/{draft.pk}/change/" in mail.outbox[0].body


def test_another_assignee_ends_the_notice_of_the_first(ada: User, ben: User) -> None:
    draft, dan = make.draft(), make.staff("dan", role="reporter")
    assign(draft, to=ada, by=ben)
    assign(draft, to=dan, by=ben)
    assert not Notice.objects.of(ada.pk).unseen().exists()
    assert Notice.objects.of(dan.pk).unseen().count() == 1


def test_assignment_changes_neither_version_nor_approval(ada: User, ben: User) -> None:
    draft = make.draft(by=ada)
    submit(draft, by=ada)
    assign(draft, to=ada, by=ben)
    draft.refresh_from_db()
    assert (draft.version, draft.stage) == (1, "submitted")


def test_reporter_takes_a_free_story_and_gives_it_back_and_decides_nothing_else(
    ada: User, ben: User
) -> None:
    draft, dan = make.draft(), make.staff("dan", role="reporter")
    assign(draft, to=ada, by=ada)
    assert not Notice.objects.exists()
    for person, to in ((dan, dan), (dan, None), (ada, dan)):
        with pytest.raises(AssignmentReserved):
            assign(draft, to=to, by=person)
    with pytest.raises(AssignmentReserved):
        assign(draft, due_at=timezone.now() + timedelta(hours=1), by=ada)
    assert assign(draft, to=None, by=ada).assigned_to is None


def test_story_is_assigned_only_to_who_can_write_it(
    ben: User, mo: User, chi: User, chief: User
) -> None:
    draft = make.draft()
    elsewhere = make.staff("elsewhere", role="reporter")
    set_section_role(elsewhere, section=make.section("문화"), role="reporter", by=chief)
    for person in (mo, chi, elsewhere):
        with pytest.raises(NotAssignable):
            assign(draft, to=person, by=ben)


def test_due_time_in_the_past_is_refused_when_it_is_set(ada: User, ben: User) -> None:
    draft, now = make.draft(), timezone.now()
    with pytest.raises(DueInPast):
        assign(draft, due_at=now - timedelta(minutes=1), by=ben)
    assign(draft, to=ada, due_at=now + timedelta(minutes=5), by=ben)
    with time_machine.travel(now + timedelta(minutes=6), tick=False):
        draft.refresh_from_db()
        assign(draft, to=None, due_at=draft.due_at, by=ben)  # one that has passed may stay


def test_overdue_are_stories_that_were_not_handed_in(ada: User, ben: User) -> None:
    now = timezone.now()
    late, handed_in = make.draft(), make.draft()
    for draft in (late, handed_in):
        assign(draft, to=ada, due_at=now + timedelta(minutes=5), by=ben)
    submit(handed_in, by=ada)
    later = now + timedelta(minutes=6)
    assert list(Draft.objects.overdue(later)) == [late]
    assert list(Draft.objects.overdue(now)) == []
    assert set(Draft.objects.assigned_to(ada)) == {late, handed_in}


def test_assignment_through_the_api(ada: User, desk_api: make.DeskClient) -> None:
    draft, due_at = make.draft(), "2030-03-01T18:00:00+09:00"
    people = {row["name"]: row["id"] for row in desk_api.call("GET", "people/").json()["results"]}
    mine = make.DeskClient(ada).call("GET", "people/").json()["results"]
    assert mine == [{"id": ada.pk, "name": "ada"}]  # a reporter assigns to nobody else
    answer = desk_api.act(draft.pk, "assign", {"to": people["ada"], "due_at": due_at})
    assert answer.json()["assigned_to"] == {"id": ada.pk, "name": "ada"}
    assert answer.json()["due_at"] == due_at
    hers = make.DeskClient(ada)
    assert [row["id"] for row in hers.call("GET", "drafts/?assigned_to=me").json()["results"]] == [
        draft.pk
    ]
    assert hers.call("GET", "drafts/?overdue=true").json()["results"] == []
    assert hers.call("GET", "drafts/?assigned_to=you").status_code == 400
    assert desk_api.act(draft.pk, "assign", {"to": 999_999}).status_code == 400
    unassigned = desk_api.act(draft.pk, "assign", {"to": None})
    assert (unassigned.json()["assigned_to"], unassigned.json()["due_at"]) == (None, due_at)


def test_story_list_is_filtered_by_assignment_and_shows_what_is_overdue(
    client: Client, ada: User, ben: User
) -> None:
    hers, other = make.draft(), make.draft()
    assign(hers, to=ada, due_at=timezone.now() + timedelta(minutes=5), by=ben)
    client.force_login(ada)
    page = client.get("/admin/desk/draft/?assigned=me").text
    assert hers.headline in page
    assert other.headline not in page
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        late = client.get("/admin/desk/draft/?assigned=overdue").text
    assert "마감 지남" in late
    assert other.headline not in late
