"""A change of agency copy reaches what was written from it: holds, policies, notices."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from desk.actions import (
    end_hold,
    move_to_trash,
    publish_now,
    replace_scheduled,
    reschedule_release,
    schedule_draft,
    set_section_role,
)
from desk.errors.wire import HeldByWire, HoldChanged, NothingHeld
from desk.models import Draft, Notice, Release, WireHold
from desk.models.section_roles import SectionRole
from desk.notifications.email_sender import send_due_emails
from desk.tasks import process_due
from newsroom.errors import NotAllowed
from outbox.models import Event
from tests.desk.agency.newsroom import (
    CANCELLED,
    CORRECTED,
    TITLE,
    arrives,
    begun,
    live,
    planned,
    yonhap,
)
from tests.support import make
from wire.actions import reinstate
from wire.actions.settling import refresh_story
from wire.models import Source, Story

pytestmark = pytest.mark.django_db
What = Notice.What
Policy = Source.CancellationPolicy
LATER = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _chief_editor(chief: User) -> None:
    """There is a chief editor in every newsroom."""


def notified(what: Notice.What) -> list[str]:
    """Who has a notice of this kind that stands, by name."""
    rows = Notice.objects.unresolved().filter(what=what)
    return sorted(rows.values_list("person__name", flat=True))


def public_page(article: Article, api: Any) -> int:
    return int(api.get(f"/api/v1/articles/{article.slug}/").status_code)


def the_hold() -> WireHold:
    return WireHold.objects.open().get()


def test_a_cancelled_story_does_not_go_out_and_people_are_notified(ada: User) -> None:
    """wire W1: planned in 25 s, cancelled before."""
    release = planned(begun(by=ada))
    arrives(CANCELLED, hour=10)
    with time_machine.travel(timezone.now() + LATER, tick=False):
        process_due()
    release.refresh_from_db()
    assert (release.state, release.attempts) == (Release.State.PENDING, 0)
    assert release.held_at
    assert release.reason == "통신사가 이 기사를 전문취소했습니다."
    assert notified(What.WIRE_CANCELLED) == ["ada", "ben", "chief"]
    send_due_emails()
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "ada@example.com", "ben@example.com", "chief@example.com",
    ]  # fmt: skip
    assert "통신사가 이 기사를 전문취소했습니다." in mail.outbox[0].body
    assert Entry.objects.filter(verb="held_back", subject=str(release.pk)).exists()


def test_the_same_cancellation_again_tells_nobody_again() -> None:
    planned()
    for hour in (10, 10, 11):  # replayed, and sent anew an hour later
        arrives(CANCELLED, hour=hour)
    assert Notice.objects.filter(what=What.WIRE_CANCELLED).count() == 3  # ada, ben, chief
    assert WireHold.objects.count() == 1


def test_an_editor_lets_it_go_out_with_a_confirmation_that_is_logged(ben: User) -> None:
    release = planned()
    arrives(CANCELLED, hour=10)
    draft = Draft.objects.get()
    end_hold(draft, hold=the_hold().pk, by=ben, note="데스크 통화로 확인")
    entry = Entry.objects.get(verb="ended_wire_hold")
    assert (entry.by, entry.details["note"]) == (ben.pk, "데스크 통화로 확인")
    assert notified(What.WIRE_CANCELLED) == []
    with time_machine.travel(timezone.now() + LATER, tick=False):
        process_due()
    release.refresh_from_db()
    assert (release.state, release.reason) == (Release.State.DONE, "")
    with pytest.raises(NothingHeld):
        end_hold(draft, hold=1, by=ben)


def test_what_is_let_go_after_its_time_is_dated_when_it_goes_out(ben: User) -> None:
    release = planned()
    arrives(CANCELLED, hour=10)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        end_hold(Draft.objects.get(), hold=the_hold().pk, by=ben)
        process_due()
        release.refresh_from_db()
        assert (release.state, release.due_at) == (Release.State.DONE, timezone.now())


def test_a_confirmation_of_what_has_changed_again_is_refused(ben: User, ada: User) -> None:
    planned()
    arrives(CORRECTED, hour=10)
    read = the_hold().pk
    arrives(CANCELLED, hour=11)
    draft = Draft.objects.get()
    with pytest.raises(HoldChanged):
        end_hold(draft, hold=read, by=ben)
    with pytest.raises(NotAllowed):
        end_hold(draft, hold=the_hold().pk, by=ada)
    assert the_hold().kind == "cancelled"


def test_a_late_correction_does_not_soften_a_cancellation() -> None:
    planned()
    arrives(CANCELLED, hour=11)
    arrives(CORRECTED, hour=10)
    assert the_hold().kind == "cancelled"


def test_nothing_new_goes_out_of_a_cancelled_story_until_it_is_confirmed(ben: User) -> None:
    draft = begun()
    arrives(CANCELLED, hour=10)
    for act in (
        lambda: publish_now(draft, by=ben),
        lambda: schedule_draft(draft, at=timezone.now() + LATER, by=ben),
        lambda: make.bundled(draft),
    ):
        with pytest.raises(HeldByWire) as refused:
            act()
    assert refused.value.more["hold"] == the_hold().pk
    end_hold(draft, hold=the_hold().pk, by=ben)
    assert publish_now(draft, by=ben).state == Release.State.DONE


def test_another_edition_and_another_time_leave_it_held_back(ben: User) -> None:
    release = planned()
    arrives(CORRECTED, hour=10)
    reschedule_release(release, at=timezone.now() + LATER, by=ben)
    release = replace_scheduled(Draft.objects.get(), by=ben)
    assert release.held_at
    assert release.reason == "통신사가 이 기사를 고쳤습니다."
    with time_machine.travel(timezone.now() + 2 * LATER, tick=False):
        process_due()
    release.refresh_from_db()
    assert release.state == Release.State.PENDING


def test_a_correction_holds_back_and_shows_what_is_different(as_user: Any, ben: User) -> None:
    """wire W2: people are told, with a link to the words that differ."""
    draft = begun()
    planned(draft)
    arrives(CORRECTED, hour=13, body=("길이 다음 달에 열린다.",))
    notice = Notice.objects.get(what=What.WIRE_CORRECTED, person=ben)
    page = f"/admin/desk/draft/{draft.pk}/agency/"
    assert page in notice.reason
    html = as_user(ben).get(page).content.decode()
    assert "<ins>다음 " in html
    assert f'name="hold" value="{the_hold().pk}"' in html
    assert Release.objects.get().held_at


def test_the_page_confirms_and_refuses_what_is_not_read(as_user: Any, ben: User) -> None:
    draft = begun()
    planned(draft)
    arrives(CANCELLED, hour=10)
    page, browser = f"/admin/desk/draft/{draft.pk}/agency/", as_user(ben)
    browser.post(page, {"hold": "0", "version": str(draft.version)})
    assert WireHold.objects.open().exists()
    form = {"hold": str(the_hold().pk), "version": str(draft.version), "note": "확인함"}
    assert browser.post(page, form).status_code == 302
    assert not WireHold.objects.open().exists()
    assert Release.objects.get().held_at is None


def test_a_newer_version_holds_nothing_back_and_tells_nobody() -> None:
    planned()
    arrives(f"{TITLE}(종합)", hour=10, body=("더 긴 글이다.",))
    assert not WireHold.objects.exists()
    assert not Notice.objects.exists()


def test_an_embargo_is_told_and_holds_by_itself() -> None:
    planned()
    arrives(f"[엠바고] {TITLE}(종합)", hour=10, body=("종합이다.",))
    assert Story.objects.get().status == Story.Status.WITHHELD
    assert notified(What.WIRE_EMBARGO) == ["ada", "ben", "chief"]
    assert not WireHold.objects.exists()


def test_a_story_that_is_sent_again_waits_for_both_decisions(ben: User) -> None:
    release = planned()
    arrives(CANCELLED, hour=10)
    end_hold(Draft.objects.get(), hold=the_hold().pk, by=ben)
    arrives(f"{TITLE}(종합)", hour=11, body=("다시 보낸 글이다.",))
    assert the_hold().kind == "withheld"
    reinstate(Story.objects.get(), by=ben)
    release.refresh_from_db()
    assert release.held_at
    assert notified(What.WIRE_WITHHELD) == ["ada", "ben", "chief"]


def test_a_cancellation_that_came_first_lets_no_draft_begin(desk_api: make.DeskClient) -> None:
    arrives(CANCELLED, hour=10)
    story = arrives(TITLE, hour=9)
    assert story.status == Story.Status.CANCELLED
    assert desk_api.call("POST", f"wire/{story.pk}/draft/", {}).status_code == 409


def test_of_a_bundle_with_a_cancelled_story_nothing_goes_out(ben: User) -> None:
    stopped, other = begun(), make.draft()
    bundle = make.bundled(stopped, other)
    arrives(CANCELLED, hour=10)
    with time_machine.travel(timezone.now() + 2 * LATER, tick=False):
        process_due()
        assert set(Release.objects.values_list("state", flat=True)) == {Release.State.PENDING}
        assert not Notice.objects.filter(what=What.FAILED).exists()
        end_hold(stopped, hold=the_hold().pk, by=ben)
        process_due()
        done = Release.objects.filter(bundle=bundle, state=Release.State.DONE)
        assert set(done.values_list("due_at", flat=True)) == {timezone.now()}
        assert done.count() == 2


@pytest.mark.parametrize(
    ("policy", "status", "event"),
    [
        (Policy.ALERT, 200, None),
        (Policy.WITHDRAW, 410, "article.withdrawn"),
        (Policy.HOLD, 404, "article.hidden"),
    ],
)
def test_a_live_article_follows_the_policy_of_its_source(
    api: Any, policy: str, status: int, event: str | None
) -> None:
    yonhap(cancellation_policy=policy)
    article = live()
    assert public_page(article, api) == 200
    arrives(CANCELLED, hour=10)
    assert public_page(article, api) == status
    assert notified(What.WIRE_CANCELLED) == ["ada", "ben", "chief"]
    names = set(Event.objects.values_list("name", flat=True))
    assert event is None or event in names
    article.refresh_from_db()
    assert bool(article.notice) == (policy == Policy.WITHDRAW)


def test_a_hidden_article_is_shown_again_once_somebody_has_decided(api: Any, ben: User) -> None:
    yonhap(cancellation_policy=Policy.HOLD)
    article = live()
    arrives(CANCELLED, hour=10)
    assert the_hold().is_hidden
    end_hold(Draft.objects.get(), hold=the_hold().pk, by=ben)
    assert public_page(article, api) == 200
    article.refresh_from_db()
    assert article.live is not None
    assert article.live.number == 1


def test_a_correction_takes_no_article_down(api: Any) -> None:
    yonhap(cancellation_policy=Policy.WITHDRAW)
    article = live()
    arrives(CORRECTED, hour=10)
    assert public_page(article, api) == 200
    assert notified(What.WIRE_CORRECTED) == ["ada", "ben", "chief"]


def test_people_of_other_sections_are_not_notified(chief: User, ben: User) -> None:
    release = planned()
    make.staff("cleo", role="editor")
    set_section_role(ben, section=make.section("문화"), role=SectionRole.Role.EDITOR, by=chief)
    arrives(CANCELLED, hour=10)
    assert notified(What.WIRE_CANCELLED) == ["ada", "chief"]
    assert release.planned_by_id == ben.pk


def test_a_draft_whose_version_joins_a_cancelled_story_is_held(ben: User) -> None:
    """A person says that a story belongs to another one, which was cancelled before."""
    arrives("다리 공사가 끝났다", hour=8)
    cancelled = arrives("[전문취소] 다리 공사가 끝났다", hour=9)
    release = planned(begun(arrives()))
    Draft.objects.update(wire_version=cancelled.current)
    for _decision in range(2):  # twice, which notifies once
        with transaction.atomic():
            refresh_story(cancelled, by=ben)
    release.refresh_from_db()
    assert release.held_at
    assert notified(What.WIRE_CANCELLED) == ["ada", "ben", "chief"]


def test_a_draft_in_the_trash_is_held_and_tells_nobody(ada: User) -> None:
    move_to_trash(begun(by=ada), by=ada)
    arrives(CANCELLED, hour=10)
    assert the_hold().kind == "cancelled"
    assert not Notice.objects.exists()


def test_the_release_and_the_story_show_the_reason(
    as_user: Any, ben: User, desk_api: make.DeskClient
) -> None:
    release = planned()
    arrives(CANCELLED, hour=10)
    draft = Draft.objects.get()
    shown = desk_api.call("GET", f"releases/{release.pk}/").json()
    assert shown["held_at"]
    assert shown["reason"] == "통신사가 이 기사를 전문취소했습니다."
    browser = as_user(ben)
    for page in (
        f"/admin/desk/draft/{draft.pk}/change/",
        f"/admin/desk/release/{release.pk}/change/",
        "/admin/desk/release/",
        "/admin/",
    ):
        assert "통신사가 이 기사를 전문취소했습니다." in browser.get(page).content.decode()
    assert "통신사가 취소함" in browser.get("/admin/desk/notice/").content.decode()
    assert "보류" in browser.get("/admin/calendar/").content.decode()


def test_a_correction_that_arrives_after_a_newer_text_holds_back_all_the_same() -> None:
    """As it does where both arrive in order: the release was written from the text that it corrects."""
    release = planned(begun())
    arrives(f"{TITLE}(종합)", hour=12, body=["새 글이다."])
    assert Release.objects.get(pk=release.pk).held_at is None
    arrives(CORRECTED, hour=11, body=["고친 글이다."])
    assert Release.objects.get(pk=release.pk).held_at
    assert the_hold().kind == "correction"
    assert notified(What.WIRE_CORRECTED) == ["ada", "ben", "chief"]
    arrives(CORRECTED, hour=11, body=["고친 글이다."])
    assert notified(What.WIRE_CORRECTED) == ["ada", "ben", "chief"]


def test_a_late_correction_of_a_text_that_was_not_used_holds_nothing_back() -> None:
    arrives()
    draft = begun(arrives(f"{TITLE}(종합)", hour=12, body=["새 글이다."]))
    release = planned(draft)
    arrives(CORRECTED, hour=11, body=["고친 글이다."])
    release.refresh_from_db()
    assert release.held_at is None
