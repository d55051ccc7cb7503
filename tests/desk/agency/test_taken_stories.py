"""A second story from the same agency copy is asked for first, through every door."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from desk.actions import (
    move_to_trash,
    set_section_role,
    start_another_from_wire,
    start_from_wire,
)
from desk.errors.wire import AlreadyTaken
from desk.models import Draft
from tests.desk.agency.newsroom import TITLE, arrives
from tests.support import make
from tests.support.faults.failing_releases import count_queries
from tests.support.formats.wire_copy import agency_copy
from wire.actions import receive_delivery
from wire.models import Source

pytestmark = pytest.mark.django_db


def test_a_second_story_is_asked_for_and_the_first_named(ada: User, ben: User) -> None:
    story = arrives()
    first = start_from_wire(story, by=ada)
    with pytest.raises(AlreadyTaken) as refused:
        start_from_wire(story, by=ben)
    assert refused.value.more == {
        "draft": first.pk,
        "title": TITLE,
        "taken_by": str(ada),
        "taken_at": first.created_at.isoformat(),
    }
    second = start_another_from_wire(story, by=ben)
    assert second.wire_version == first.wire_version
    for draft in (first, second):
        move_to_trash(draft, by=ben)
    assert start_from_wire(story, by=ben).headline == TITLE  # nobody writes from it any more


def test_the_api_answers_with_the_first_draft_and_goes_on_when_told(
    desk_api: make.DeskClient, ada: User
) -> None:
    story = arrives()
    first = start_from_wire(story, by=ada)
    path = f"wire/{story.pk}/draft/"
    refused = desk_api.call("POST", path, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_taken")
    assert (refused.json()["draft"], refused.json()["title"]) == (first.pk, TITLE)
    assert desk_api.call("POST", path, {"again": "yes"}).status_code == 400
    assert desk_api.call("POST", path, {"again": False}).status_code == 409
    assert desk_api.call("POST", path, {"again": True}).status_code == 201
    assert Draft.objects.count() == 2


def test_the_title_is_for_those_who_may_read_the_draft(ada: User) -> None:
    story = arrives()
    start_from_wire(story, by=ada)
    guest = make.staff("dan", role="reporter")
    set_section_role(guest, section=make.section("culture"), role="reporter", by=make.chief())
    with pytest.raises(AlreadyTaken) as refused:
        start_from_wire(story, by=guest)
    assert (refused.value.more["draft"], refused.value.more["title"]) == (None, None)
    assert refused.value.more["taken_by"] == str(ada)


def test_the_admin_asks_and_links_the_first_draft(as_user: Any, ada: User, ben: User) -> None:
    story = arrives()
    first = start_from_wire(story, by=ada)
    client, begin = as_user(ben), reverse("admin:desk_draft_from_wire", args=[story.pk])
    link = reverse("admin:desk_draft_change", args=[first.pk])
    page = client.post(begin)
    assert link in page.text
    assert str(ada) in page.text
    assert Draft.objects.count() == 1
    for shown in ("changelist", "change"):
        args = [story.pk] if shown == "change" else []
        assert link in client.get(reverse(f"admin:wire_story_{shown}", args=args)).text
    client.post(begin, {"again": "1"})
    assert Draft.objects.count() == 2


def test_the_inbox_asks_as_much_for_one_story_as_for_twenty(as_user: Any, ben: User) -> None:
    client, inbox = as_user(ben), reverse("admin:wire_story_changelist")

    def shown(**query: str) -> list[Any]:
        return list(client.get(inbox, query).context["cl"].result_list)

    def queries() -> list[int]:
        return [count_queries(shown), count_queries(lambda: shown(taken="yes"))]

    start_from_wire(arrives(), by=ben)
    other = Source.objects.create(slug="narae", name="나래통신", agency="나래통신")
    copy = agency_copy(TITLE, sent="2026-10-01 10:00:00", body=["길이 열린다."])
    assert receive_delivery(other, raw=copy, by=None).version
    assert [bool(story.cluster) for story in shown(taken="yes")] == [True]
    one = queries()
    for number in range(19):
        start_from_wire(
            arrives(f"{number}번 다리 다시 연다", body=(f"{number}번 길이다.",)), by=ben
        )
    assert (len(shown()), len(shown(taken="yes"))) == (21, 20)
    assert queries() == one
