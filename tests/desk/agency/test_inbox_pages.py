"""Pages of the inbox: a story beside its drafts, and the word diff of any two of its versions."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from articles.models import Section
from desk.actions import (
    edit,
    move_to_trash,
    set_section_role,
    start_another_from_wire,
    start_from_wire,
)
from desk.models import Draft
from tests.desk.agency.test_taking_over import FIRST, SECOND, sent
from tests.support import make
from wire.models import Story
from wire.models.versions import SUPERSEDED

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db: None) -> Story:
    """A story with two versions."""
    story = sent(FIRST, number=1).story
    sent(SECOND, number=2)
    return Story.objects.get(pk=story.pk)


def page(client: Any, story: Story, **query: Any) -> Any:
    answer = client.get(reverse("admin:wire_story_change", args=[story.pk]), query)
    assert answer.status_code == 200
    return answer


def diff(client: Any, story: Story, **query: Any) -> Any:
    return client.get(reverse("admin:wire_story_diff", args=[story.pk]), query)


def compared(answer: Any) -> tuple[int, int]:
    return answer.context["before"].number, answer.context["after"].number


# -- side by side ----------------------------------------------------------------------------------


def test_a_story_without_a_draft_is_shown_alone(story: Story, as_user: Any, ben: User) -> None:
    answer = page(as_user(ben), story)
    assert answer.context["side"] is None
    assert "공사는 넉 달 걸렸다." in answer.content.decode()


def test_the_first_draft_stands_beside_it_or_the_one_that_is_chosen(
    story: Story, as_user: Any, ada: User, ben: User
) -> None:
    first = edit(start_from_wire(story, by=ada), by=ada, body="<p>본보가 <em>걸어</em> 보았다.</p>")
    second = start_another_from_wire(story, by=ben)
    client = as_user(ben)
    shown = page(client, story)
    assert shown.context["side"].draft == first
    assert "걸어" in shown.content.decode()
    assert page(client, story, draft=second.pk).context["side"].draft == second
    for bad in ("x", "0", "9" * 18, str(second.pk + 99)):
        assert page(client, story, draft=bad).context["side"].draft == first
    move_to_trash(first, by=ada)
    assert page(client, story).context["side"].draft == second


def test_a_draft_of_another_section_is_not_shown(story: Story, as_user: Any, ada: User) -> None:
    draft = start_from_wire(story, by=ada)
    edit(draft, by=ada, body="<p>아직 비밀이다.</p>", section=make.section())
    dan = make.staff("dan", role="reporter")
    other = Section.objects.create(slug="other", name="다른 부")
    set_section_role(dan, section=other, role="reporter", by=make.chief())
    answer = page(as_user(User.objects.get(pk=dan.pk)), story, draft=draft.pk)
    assert answer.context["side"] is None
    assert "아직 비밀이다" not in answer.content.decode()


def test_markup_in_agency_copy_is_text_on_the_page(as_user: Any, ada: User, ben: User) -> None:
    story = sent(("<script>x()</script> 길이 열린다.",), number=1).story
    start_from_wire(story, by=ada)
    answer = page(as_user(ben), story).content.decode()
    assert "&lt;script&gt;x()&lt;/script&gt;" in answer
    assert "<script>x()" not in answer


def test_queries_do_not_grow_with_the_text(as_user: Any, ada: User, ben: User) -> None:
    counts = []
    for size in (1, 20):
        texts = tuple(f"{size}번째 글의 {n}번째 문단이다." for n in range(size))
        story = sent(texts, number=1, identifier=f"urn:{size}", headline=f"{size}번 기사").story
        start_from_wire(story, by=ada)
        client = as_user(ben)
        page(client, story)
        with CaptureQueriesContext(connection) as captured:
            page(client, story)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# -- word diff -------------------------------------------------------------------------------------


def test_any_two_versions_are_compared(story: Story, as_user: Any, ben: User) -> None:
    client = as_user(ben)
    sent(("시는 강변길을 닫는다.",), number=3)
    assert compared(diff(client, story)) == (2, 3)
    assert compared(diff(client, story, **{"from": 1, "to": 2})) == (1, 2)
    assert compared(diff(client, story, **{"from": 3, "to": 1})) == (3, 1)
    answer = diff(client, story, **{"from": 1, "to": 2}).content.decode()
    assert "<ins>넉</ins>" in answer
    assert "<del>석</del>" in answer
    assert diff(client, story, **{"from": 2, "to": 2}).context["differences"] == []


def test_the_version_before_is_that_of_the_agency(as_user: Any, ben: User) -> None:
    """Versions 1 and 2 arrive after version 3; a cancellation and a superseded text do not count."""
    client, story = as_user(ben), sent(SECOND, number=3).story
    assert "비교할 이전 기사문이 없습니다." in diff(client, story).content.decode()
    sent(FIRST[:1], number=1)
    sent(FIRST, number=2)
    sent((), number=4, signal="cancellation")
    assert compared(diff(client, story)) == (3, 1)
    story.versions.filter(number=3).update(reading=SUPERSEDED)
    assert compared(diff(client, story)) == (2, 1)


@pytest.mark.parametrize("bad", ["", "x", "0", "-1", "²", "9" * 18, "9" * 40])
def test_unknown_versions_are_the_current_one_and_the_one_before(
    story: Story, as_user: Any, ben: User, bad: str
) -> None:
    assert compared(diff(as_user(ben), story, **{"from": bad, "to": bad})) == (1, 2)


def test_the_diff_leads_to_the_drafts(story: Story, as_user: Any, ada: User, ben: User) -> None:
    draft = start_from_wire(story, by=ada)
    sent(FIRST, number=3)
    link = reverse("admin:desk_draft_agency", args=[draft.pk])
    client = as_user(ben)
    assert f"{link}?from=2" in diff(client, story).content.decode()
    assert link not in diff(client, story, **{"from": 1, "to": 2}).content.decode()
    assert Draft.objects.count() == 1


def test_who_may_not_read_the_wire_gets_no_diff(story: Story, as_user: Any, ben: User) -> None:
    assert diff(as_user(make.reader("chi")), story).status_code == 302
    assert diff(as_user(make.staff("moe", role="moderator")), story).status_code == 403
    missing = reverse("admin:wire_story_diff", args=[story.pk + 99])
    assert as_user(ben).get(missing).status_code == 404
