"""What a person decides about wire stories reaches the drafts, as far as that person's rights go."""

from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from desk.actions import set_section_role
from desk.actions.agency.story_updates import open_hold
from desk.models import Draft, Notice, WireHold
from desk.models.section_roles import SectionRole
from tests.desk.agency.newsroom import CANCELLED, arrives, begun, live, planned, yonhap
from tests.support import make
from wire.actions import cancel_story, join_story
from wire.changes import ChangeKind
from wire.models import Source, Story

pytestmark = pytest.mark.django_db
Policy = Source.CancellationPolicy


@pytest.fixture(autouse=True)
def _chief_editor(chief: User) -> None:
    """There is a chief editor in every newsroom."""


def test_cancellation_by_hand_is_not_said_to_be_the_agencys(ben: User) -> None:
    yonhap(cancellation_policy=Policy.WITHDRAW)
    article = live()
    cancel_story(Story.objects.get(), reason="오보", by=ben)
    article.refresh_from_db()
    assert article.withdrawn_at
    assert article.notice == "바탕이 된 통신 기사를 쓰지 않기로 해 이 기사를 내렸습니다."
    assert Entry.objects.get(verb="withdrew").by == ben.pk
    notice = Notice.objects.filter(what=Notice.What.WIRE_CANCELLED_BY_HAND)[0]
    assert "통신사가" not in notice.reason + notice.get_what_display()


def test_cancellation_by_hand_is_the_persons_in_the_log_on_the_hold_and_on_the_pages(
    ben: User, as_user: Any
) -> None:
    """The agency's own cancellation, which follows, changes nothing more and is shown as the agency's."""
    planned(begun())
    story = Story.objects.get()
    cancel_story(story, reason="오보", by=ben)
    draft, browser = Draft.objects.get(), as_user(ben)
    assert Entry.objects.get(verb="copy_cancelled_by_hand").by == ben.pk
    assert not Entry.objects.filter(verb="agency_cancelled").exists()
    hold = WireHold.objects.open().get()
    assert hold.kind == "by_hand"
    pages = [f"/admin/desk/draft/{draft.pk}/change/", f"/admin/desk/draft/{draft.pk}/agency/"]
    for page in pages:
        html = browser.get(page).content.decode()
        assert "담당자가 통신 기사를 직접 취소했습니다" in html
        assert "통신사가 이 기사를 전문취소했습니다" not in html
    inbox = browser.get("/admin/wire/story/").content.decode()
    assert '<span class="chip gone">직접 취소함</span>' in inbox
    before = Notice.objects.count()
    arrives(CANCELLED, hour=10)
    assert Notice.objects.count() == before
    assert WireHold.objects.open().get().kind == "by_hand"
    assert "통신사가 이 기사를 전문취소했습니다" in browser.get(pages[0]).content.decode()


@pytest.mark.parametrize("policy", [Policy.WITHDRAW, Policy.HOLD])
def test_cancellation_by_hand_takes_down_only_what_the_person_may_withdraw(
    policy: Policy, chief: User, ben: User
) -> None:
    yonhap(cancellation_policy=policy)
    article = live()
    make.staff("cleo", role="editor")
    set_section_role(ben, section=make.section("문화"), role=SectionRole.Role.EDITOR, by=chief)
    ben = User.objects.get(pk=ben.pk)
    cancel_story(Story.objects.get(), reason="오보", by=ben)
    article.refresh_from_db()
    assert article.live_id
    assert article.withdrawn_at is None
    hold = WireHold.objects.open().get()
    assert (hold.kind, hold.is_hidden) == ("by_hand", False)
    assert (
        "계속 공개됩니다"
        in Notice.objects.filter(what=Notice.What.WIRE_CANCELLED_BY_HAND)[0].reason
    )


def test_what_the_agency_cancels_is_the_agencys_whoever_sent_the_delivery() -> None:
    yonhap(cancellation_policy=Policy.WITHDRAW)
    article = live()
    arrives(CANCELLED, hour=10)
    article.refresh_from_db()
    assert article.notice == "통신사가 원문 기사를 취소해 이 기사를 내렸습니다."


def test_draft_of_a_joined_story_is_told_of_the_correction_it_meets(ben: User) -> None:
    other = arrives("다리 공사가 끝났다", hour=8, body=["공사가 끝났다."])
    arrives("<고침> 다리 공사가 끝났다", hour=11, body=["공사가 이틀 전 끝났다."])
    planned(begun(arrives()))
    story = Draft.objects.get().wire_version.story  # type: ignore[union-attr]  # begun from one
    join_story(story, to=other.pk, by=ben)
    assert WireHold.objects.open().get().kind == "correction"
    assert Notice.objects.filter(what=Notice.What.WIRE_CORRECTED).exists()


def test_draft_is_not_told_again_of_what_its_own_story_had(ben: User) -> None:
    other = arrives("다리 공사가 끝났다", hour=8, body=["공사가 끝났다."])
    begun(other)
    arrives("<고침> 다리 공사가 끝났다", hour=11, body=["공사가 이틀 전 끝났다."])
    before = Notice.objects.count()
    join_story(arrives(), to=other.pk, by=ben)
    assert Notice.objects.count() == before


def test_hold_remembers_that_a_lesser_change_hid_the_article(ben: User) -> None:
    draft = begun()
    open_hold(draft, ChangeKind.CANCELLED, number=1, is_hidden=False)
    open_hold(draft, ChangeKind.WITHHELD, number=1, is_hidden=True)
    hold = WireHold.objects.open().get()
    assert (hold.kind, hold.is_hidden) == ("cancelled", True)
