"""Four eyes by section: an approval of exactly this version by a second person, through every door."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from articles.actions import save_site_object
from articles.models import Section
from audit.models import Entry
from desk.actions import (
    approve,
    edit,
    freeze,
    move_to_trash,
    publish_now,
    replace_scheduled,
    restore_from_trash,
    schedule_bundle,
    schedule_draft,
    send_back,
    set_section_role,
    submit,
)
from desk.errors import EditedElsewhere, NotApproved, WrongStage
from desk.models import Draft, Notice, Release, SectionRole
from desk.tasks import process_due
from tests.support import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def politics(chief: User) -> Section:
    """A section whose stories need an approval."""
    section = make.section("정치")
    section.needs_approval = True
    return save_site_object(section, by=chief)


def soon() -> datetime:
    return timezone.now() + make.DUE_AFTER


def approved(draft: Draft, *, by: User) -> Draft:
    submit(draft, by=by)
    return approve(draft, by=by)


@pytest.mark.parametrize(
    "publish",
    [
        lambda draft, by: publish_now(draft, by=by),
        lambda draft, by: schedule_draft(draft, at=soon(), by=by),
        lambda draft, by: freeze(draft, by=by),
        lambda draft, by: schedule_bundle([draft], title="묶음", at=soon(), by=by),
    ],
    ids=["publish", "schedule", "freeze", "bundle"],
)
def test_every_way_to_publish_needs_the_approval_of_a_second_person(
    politics: Section, ada: User, ben: User, chief: User, publish: Callable[..., Any]
) -> None:
    """publishing 35, 36"""
    draft = make.draft(by=ada, section=politics)
    with pytest.raises(NotApproved) as refused:
        publish(draft, ben)
    assert refused.value.more["approvers"] == ["ben", "chief"]
    approved(draft, by=ben)
    publish(draft, chief)
    froze = Entry.objects.get(verb="froze")
    assert (froze.details["approved_by"], froze.details["version"]) == (ben.pk, draft.version)


def test_other_sections_need_no_approval(politics: Section, ben: User) -> None:
    assert publish_now(make.draft(), by=ben).article.live is not None


def test_last_editor_does_not_approve_and_is_not_named_among_those_who_can(
    politics: Section, ada: User, ben: User, chief: User
) -> None:
    draft = edit(make.draft(by=ada, section=politics), by=ben, deck="편집자가 고친 부제")
    submit(draft, by=ada)
    with pytest.raises(NotApproved) as refused:
        approve(draft, by=ben)
    assert refused.value.more["approvers"] == ["chief"]
    assert "chief" in str(refused.value)
    culture = make.staff("culture", role="editor")
    set_section_role(culture, section=make.section("문화"), role="editor", by=chief)
    with pytest.raises(NotApproved) as refused:
        approve(draft, by=ben)
    assert refused.value.more["approvers"] == ["chief"]  # who edits another section is not named


def test_approval_of_a_stale_version_or_a_second_one_is_refused(
    politics: Section, ada: User, ben: User, chief: User
) -> None:
    """publishing 37"""
    draft = make.draft(by=ada, section=politics)
    submit(draft, by=ada)
    edited = edit(draft, by=ada, deck="그사이 고친 부제")
    with pytest.raises(EditedElsewhere):
        approve(draft, by=ben, version=draft.version)
    with pytest.raises(WrongStage):
        approve(edited, by=ben)
    approved(edited, by=ben)
    with pytest.raises(WrongStage):
        approve(edited, by=chief)
    send_back(edited, by=chief)
    with pytest.raises(WrongStage):
        approve(edited, by=ben)


def test_change_after_the_approval_needs_another(politics: Section, ada: User, ben: User) -> None:
    draft = approved(make.draft(by=ada, section=politics), by=ben)
    schedule_draft(draft, at=soon(), by=ben)
    edit(draft, by=ada, deck="승인 뒤에 고친 부제")
    with pytest.raises(NotApproved):
        replace_scheduled(draft, by=ben)
    approved(draft, by=ben)
    assert replace_scheduled(draft, by=ben).edition.number == 2


def test_move_to_another_section_does_not_escape_the_rule(
    politics: Section, ada: User, ben: User
) -> None:
    draft = make.draft(by=ada, section=politics)
    edit(draft, by=ben, section=make.section("문화"))
    with pytest.raises(NotApproved):
        publish_now(draft, by=ben)
    edit(draft, by=ada, deck="옮긴 뒤의 부제")
    approved(draft, by=ben)
    assert publish_now(draft, by=ben).edition.section == make.section("문화")


def test_move_there_and_back_leaves_no_debt(politics: Section, ada: User, ben: User) -> None:
    draft = make.draft(by=ada, section=politics)
    edit(draft, by=ada, section=make.section("문화"))
    edit(draft, by=ada, section=politics)
    assert Draft.objects.get().moved_from is None


def test_live_story_of_the_section_needs_an_approval_wherever_its_draft_is(
    politics: Section, ada: User, ben: User
) -> None:
    draft = approved(make.draft(by=ada, section=politics), by=ben)
    publish_now(draft, by=ben)
    edit(draft, by=ben, section=make.section("문화"))
    Draft.objects.update(moved_from=None)
    with pytest.raises(NotApproved):
        publish_now(draft, by=ben)


def test_rule_that_is_switched_on_counts_for_approvals_given_before(
    ada: User, ben: User, chief: User
) -> None:
    """One's own approval was enough then, and is not now."""
    draft = approved(make.draft(by=ben), by=ben)
    section = make.section()
    section.needs_approval = True
    save_site_object(section, by=chief)
    with pytest.raises(NotApproved):
        publish_now(draft, by=ben)


def test_trash_and_back_makes_nobody_the_last_editor(
    politics: Section, ada: User, ben: User, chief: User
) -> None:
    draft = edit(make.draft(by=ada, section=politics), by=ben, deck="편집자가 고친 부제")
    move_to_trash(draft, by=chief)
    restore_from_trash(draft, by=chief)
    submit(draft, by=ada)
    with pytest.raises(NotApproved):
        approve(draft, by=ben)


# -- an approval that is withdrawn before the time ---------------------------------------------------


def test_story_sent_back_before_its_time_is_not_published_and_its_planner_hears_of_it(
    politics: Section, ada: User, ben: User, chief: User
) -> None:
    draft = approved(make.draft(by=ada, section=politics), by=ben)
    release = schedule_draft(draft, at=soon(), by=ben)
    send_back(draft, by=chief, note="숫자를 다시 확인해 주세요.")
    with time_machine.travel(release.due_at + timedelta(seconds=1), tick=False):
        assert process_due().published == 0
    release.refresh_from_db()
    assert release.state == Release.State.CANCELLED
    notice = Notice.objects.get(person=ben)
    assert notice.what == Notice.What.MISSED
    assert "chief" in notice.reason


def test_later_text_sent_back_leaves_the_approved_edition_scheduled(
    politics: Section, ada: User, ben: User, chief: User
) -> None:
    """publishing 3"""
    draft = approved(make.draft(by=ada, section=politics), by=ben)
    release = schedule_draft(draft, at=soon(), by=ben)
    edit(draft, by=ada, deck="나중에 고친 부제")
    submit(draft, by=ada)
    send_back(draft, by=chief)
    with time_machine.travel(release.due_at + timedelta(seconds=1), tick=False):
        assert process_due().published == 1


def test_without_the_rule_the_plan_stands_when_the_story_is_sent_back(
    ada: User, ben: User, chief: User
) -> None:
    draft = approved(make.draft(by=ada), by=ben)
    release = schedule_draft(draft, at=soon(), by=ben)
    send_back(draft, by=chief)
    release.refresh_from_db()
    assert release.state == Release.State.PENDING


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_story_sent_back_at_its_very_time_is_published_or_cancelled_and_never_both() -> None:
    chief, ada, ben = make.chief(), make.staff("ada", role="reporter"), make.ben()
    section = make.section("정치")
    section.needs_approval = True
    save_site_object(section, by=chief)
    draft = approved(make.draft(by=ada, section=section), by=ben)
    release = schedule_draft(draft, at=soon(), by=ben)
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    outcomes = make.race(2, lambda n: send_back(draft, by=chief) if n else process_due())
    assert not [each for each in outcomes if isinstance(each, Exception)]
    release.refresh_from_db()
    released = {Release.State.DONE: 1, Release.State.CANCELLED: 0}[Release.State(release.state)]
    assert Entry.objects.filter(verb="published").count() == released
    assert Draft.objects.get().stage == Draft.Stage.WRITING


# -- rights in a section ------------------------------------------------------------------------------


def test_roles_in_a_section_hold_from_the_next_request_on(chief: User, ben: User) -> None:
    draft = make.draft()
    client = make.DeskClient(ben)
    assert client.call("GET", f"drafts/{draft.pk}/").status_code == 200
    role = set_section_role(ben, section=make.section("문화"), role="editor", by=chief)
    assert client.call("GET", f"drafts/{draft.pk}/").status_code == 200  # their own
    other = make.draft(by=make.staff("ada", role="reporter"))
    assert client.call("GET", f"drafts/{other.pk}/").status_code == 404
    assert client.act(draft.pk, "publish").json()["code"] == "other_section"
    assert role.role == SectionRole.Role.EDITOR


def test_restricted_person_puts_no_story_into_another_section(chief: User, ada: User) -> None:
    set_section_role(ada, section=make.section("문화"), role="reporter", by=chief)
    client = make.DeskClient(User.objects.get(pk=ada.pk))
    made = client.call("POST", "drafts/", {"section": make.section().slug})
    assert (made.status_code, made.json()["code"]) == (403, "other_section")
    own = client.call("POST", "drafts/", {"section": make.section("문화").slug}).json()
    moved = client.call("PATCH", f"drafts/{own['id']}/", {"section": make.section().slug}, etag="*")
    assert moved.json()["code"] == "other_section"
