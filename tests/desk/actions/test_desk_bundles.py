"""Bundles: stories that go out at one instant, all of them or none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, Edition
from audit.models import Entry
from desk.actions import (
    add_to_bundle,
    cancel_bundle,
    cancel_release,
    edit,
    find_blocking_release,
    move_to_trash,
    publish_bundle,
    publish_due,
    publish_due_blocking,
    publish_now,
    remove_from_bundle,
    replace_scheduled,
    reschedule_bundle,
    reschedule_release,
    retry_release,
    schedule_bundle,
    schedule_draft,
    withdraw,
)
from desk.errors import (
    AlreadyScheduled,
    BundleOver,
    EditedElsewhere,
    Embargoed,
    Expired,
    InBundle,
    NotBundled,
    NothingToBundle,
    NotReady,
    Settled,
    TooLate,
    Trashed,
)
from desk.models import Bundle, Draft, Release
from desk.tasks import process_due
from newsroom.errors import NotAllowed, Refused
from outbox.models import Event
from tests.support import make

pytestmark = pytest.mark.django_db
SOON = make.DUE_AFTER
State = Release.State


def due_time() -> datetime:
    return timezone.now() + SOON


@contextmanager
def after(moment: datetime, more: timedelta = timedelta(seconds=1)) -> Iterator[None]:
    with time_machine.travel(moment + more, tick=False):
        yield


def bundle_of(*drafts: Draft, by: User, at: datetime | None = None) -> Bundle:
    return schedule_bundle(drafts, title="특집 세 편", at=at or due_time(), by=by)


def members(bundle: Bundle) -> list[Release]:
    return list(Release.objects.filter(bundle=bundle).order_by("pk"))


def release_of(draft: Draft) -> Release:
    return Release.objects.filter(article=Draft.objects.get(pk=draft.pk).article_id).latest("pk")


def live() -> int:
    return Article.objects.live().count()


def break_release(release: Release) -> None:
    """What no rule foresees: it breaks in the middle of the move."""
    row = Article.objects.filter(pk=release.article_id)
    row.update(corrections="broken", first_published_at=release.planned_at)


def test_stories_of_a_bundle_are_published_at_one_instant(ben: User, api: APIClient) -> None:
    bundle = bundle_of(make.draft(), make.draft(), make.draft(), by=ben)
    assert {release.due_at for release in members(bundle)} == {bundle.due_at}
    process_due()
    assert live() == 0
    with after(bundle.due_at, timedelta(minutes=50)):
        assert str(process_due()).startswith("3 published")
        shown = {card["published_at"] for card in api.get("/api/v1/articles/").json()["results"]}
    assert [datetime.fromisoformat(at) for at in shown] == [bundle.due_at]
    assert Event.objects.filter(name="article.published").count() == 3


def test_bundle_with_one_incomplete_draft_is_not_created(ben: User) -> None:
    ready, unready = make.draft(), make.draft(headline="반쪽 원고", body="")
    with pytest.raises(NotReady) as refusal:
        bundle_of(ready, unready, by=ben)
    assert "“반쪽 원고”" in str(refusal.value)
    more: Any = refusal.value.more
    assert more["draft"] == unready.pk
    assert "본문" in more["problems"]
    assert not Bundle.objects.exists()
    assert not Edition.objects.exists()
    assert not Release.objects.exists()
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("spoil", "refused"),
    [
        (lambda d, ben: edit(d, by=ben, embargo_until=due_time() + SOON), Embargoed),
        (lambda d, ben: edit(d, by=ben, expires_at=due_time()), Expired),
        (lambda d, ben: move_to_trash(d, by=ben), Trashed),
        (lambda d, ben: bundle_of(d, by=ben), InBundle),
    ],
    ids=["embargoed", "expired", "trashed", "in another bundle"],
)
def test_bundle_is_refused_where_one_story_may_not_be_published(
    ben: User, spoil: Callable[[Draft, User], Any], refused: type[Refused]
) -> None:
    spoilt, others = make.draft(), [make.draft(), make.draft()]
    spoil(spoilt, ben)
    before = Release.objects.count()
    with pytest.raises(refused):
        bundle_of(*others, spoilt, by=ben)
    assert Release.objects.count() == before


def test_bundle_needs_stories_and_a_future_time(ben: User) -> None:
    with pytest.raises(NothingToBundle):
        bundle_of(by=ben)
    for moment in (timezone.now(), timezone.now() - SOON):
        with pytest.raises(TooLate):
            bundle_of(make.draft(), by=ben, at=moment)
    assert not Article.objects.exists()


def test_bundle_actions_check_the_permission_first(ada: User, ben: User) -> None:
    bundle = bundle_of(make.draft(), by=ben)
    release = members(bundle)[0]
    acts: list[Callable[[], Any]] = [
        lambda: schedule_bundle([], title="", at=timezone.now() - SOON, by=ada),
        lambda: add_to_bundle(bundle, drafts=[], by=ada, version=99),
        lambda: remove_from_bundle(release, by=ada, version=99),
        lambda: reschedule_bundle(bundle, at=timezone.now() - SOON, by=ada, version=99),
        lambda: cancel_bundle(bundle, by=ada, version=99),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_bundle_publishes_the_frozen_text(ben: User, api: APIClient) -> None:
    story = make.draft(headline="처음 제목")
    bundle = bundle_of(story, make.draft(), by=ben)
    edit(story, by=ben, headline="나중 제목")
    with after(bundle.due_at):
        process_due()
        slug = release_of(story).article.slug
        assert api.get(f"/api/v1/articles/{slug}/").json()["headline"] == "처음 제목"


def test_scheduled_story_moves_into_the_bundle(ben: User) -> None:
    story = make.draft_of(make.live())
    note: Any = {"kind": "correction", "note": "숫자를 바로잡습니다."}
    alone = schedule_draft(story, at=due_time() + SOON, by=ben, correction=note)
    edit(story, by=ben, deck="그 뒤에 고친 부제")
    bundle = bundle_of(story, make.draft(), by=ben)
    alone.refresh_from_db()
    assert (alone.bundle, alone.due_at) == (bundle, bundle.due_at)
    assert alone.edition.deck == "그 뒤에 고친 부제"
    assert alone.edition.correction_note == "숫자를 바로잡습니다."
    assert Release.objects.waiting().count() == 2


def test_replaced_edition_stays_in_the_bundle(ben: User, api: APIClient) -> None:
    story = make.draft(headline="오탈자 재목")
    bundle = bundle_of(story, make.draft(), by=ben)
    edit(story, by=ben, headline="오탈자 없는 제목")
    assert replace_scheduled(story, by=ben).bundle == bundle
    with after(bundle.due_at):
        process_due()
        slug = release_of(story).article.slug
        assert api.get(f"/api/v1/articles/{slug}/").json()["headline"] == "오탈자 없는 제목"
    assert live_at(bundle.due_at) == 2


def live_at(moment: datetime) -> int:
    return Article.objects.filter(live__isnull=False, published_at=moment).count()


def test_release_of_a_bundle_is_not_published_alone(ben: User) -> None:
    """publishing 9: one that was told its number, before it was bundled."""
    alone = make.planned()
    bundle = bundle_of(make.draft_of(alone.article), make.draft(), by=ben)
    with after(bundle.due_at):
        assert publish_due_blocking([alone.pk]) == []
        alone.refresh_from_db()
        assert alone.state == State.PENDING
        assert publish_due([release.pk for release in members(bundle)]) == []
        assert live() == 0
        assert len(publish_bundle(bundle)) == 2


# -- Moved, cancelled, joined, left ----------------------------------------------------------------


def test_bundle_is_rescheduled_as_a_whole(ben: User) -> None:
    bundle = bundle_of(make.draft(), make.draft(), by=ben)
    early, late = bundle.due_at, bundle.due_at + SOON
    moved = reschedule_bundle(bundle, at=late, by=ben, version=1)
    assert (moved.due_at, moved.version) == (late, 2)
    assert {release.due_at for release in members(bundle)} == {late}
    with after(early):
        process_due()
        assert live() == 0
    with after(late):
        process_due()
        assert live() == 2


def test_bundle_is_not_rescheduled_where_one_story_may_not_be_published(ben: User) -> None:
    one, other = make.draft(), make.draft(headline="끝이 있는 이야기")
    bundle = bundle_of(one, other, by=ben)
    edit(other, by=ben, expires_at=bundle.due_at + SOON)
    with pytest.raises(Expired) as refusal:
        reschedule_bundle(bundle, at=bundle.due_at + 2 * SOON, by=ben)
    assert "끝이 있는 이야기" in str(refusal.value)
    assert refusal.value.more["draft"] == other.pk  # type: ignore[attr-defined]
    assert {release.due_at for release in members(bundle)} == {bundle.due_at}
    with pytest.raises(TooLate):
        reschedule_bundle(bundle, at=timezone.now(), by=ben)


def test_release_of_a_bundle_is_not_rescheduled_alone(ben: User) -> None:
    bundle = bundle_of(make.draft(), make.draft(), by=ben)
    with pytest.raises(InBundle):
        reschedule_release(members(bundle)[0], at=due_time() + SOON, by=ben)
    assert {release.due_at for release in members(bundle)} == {bundle.due_at}


def test_cancelled_bundle_is_never_published(ben: User) -> None:
    bundle = bundle_of(make.draft(), make.draft(), by=ben)
    cancel_bundle(bundle, by=ben, version=1)
    with after(bundle.due_at):
        process_due()
    assert live() == 0
    assert {release.state for release in members(bundle)} == {State.CANCELLED}
    acts: list[Callable[[], Any]] = [
        lambda: cancel_bundle(bundle, by=ben),
        lambda: reschedule_bundle(bundle, at=due_time(), by=ben),
        lambda: add_to_bundle(bundle, drafts=[make.draft()], by=ben),
    ]
    for act in acts:
        with pytest.raises(BundleOver):
            act()


def test_story_is_added_to_a_bundle_and_removed_again(ben: User) -> None:
    bundle = bundle_of(make.draft(), by=ben)
    late = make.draft()
    joined = add_to_bundle(bundle, drafts=[late], by=ben, version=1)
    assert (joined.version, release_of(late).bundle, release_of(late).due_at) == (
        2,
        bundle,
        bundle.due_at,
    )
    with pytest.raises(AlreadyScheduled):
        add_to_bundle(bundle, drafts=[late], by=ben)
    left = remove_from_bundle(release_of(late), by=ben, version=2)
    assert (left.bundle, left.due_at, left.state) == (None, bundle.due_at, State.PENDING)
    with pytest.raises(NotBundled):
        remove_from_bundle(left, by=ben)
    reschedule_release(left, at=bundle.due_at + SOON, by=ben)
    with after(bundle.due_at):
        process_due()
        assert live() == 1


def test_stale_version_of_a_bundle_is_refused(ben: User) -> None:
    bundle, story = bundle_of(make.draft(), by=ben), make.draft()
    add_to_bundle(bundle, drafts=[make.draft()], by=ben)
    edit(story, by=ben, deck="그사이 고침")
    acts: list[Callable[[], Any]] = [
        lambda: reschedule_bundle(bundle, at=due_time(), by=ben, version=1),
        lambda: cancel_bundle(bundle, by=ben, version=1),
        lambda: remove_from_bundle(members(bundle)[0], by=ben, version=1),
        lambda: add_to_bundle(bundle, drafts=[story], by=ben, version=1),
        lambda: add_to_bundle(bundle, drafts=[story], by=ben, versions={story.pk: 1}),
    ]
    for act in acts:
        with pytest.raises(EditedElsewhere):
            act()


def test_due_bundle_accepts_no_story(ben: User) -> None:
    bundle = bundle_of(make.draft(), by=ben)
    with after(bundle.due_at), pytest.raises(TooLate):
        add_to_bundle(bundle, drafts=[make.draft()], by=ben)


# -- What becomes of one does not become of the others -----------------------------------------------


def test_publish_now_of_one_story_leaves_the_rest_of_the_bundle(ben: User) -> None:
    urgent = make.draft()
    bundle = bundle_of(urgent, make.draft(), make.draft(), by=ben)
    publish_now(urgent, by=ben)
    assert live() == 1
    with after(bundle.due_at):
        process_due()
        assert live() == 3
    assert [r.state for r in members(bundle)].count(State.OVERTAKEN) == 1
    assert Event.objects.filter(name="article.published").count() == 3


def test_cancelled_release_leaves_the_rest_of_the_bundle(ben: User) -> None:
    bundle = bundle_of(make.draft(), make.draft(), by=ben)
    cancel_release(members(bundle)[0], by=ben)
    with after(bundle.due_at):
        assert str(process_due()).startswith("1 published")


def test_withdrawn_story_of_a_bundle_is_cancelled_and_the_rest_published(ben: User) -> None:
    gone = make.live()
    bundle = bundle_of(make.draft_of(gone), make.draft(), by=ben)
    withdraw(gone, notice="내렸습니다.", by=ben)
    with after(bundle.due_at):
        process_due()
    assert [r.state for r in members(bundle)] == [State.CANCELLED, State.DONE]
    gone.refresh_from_db()
    assert gone.live_id is None


def test_overtaken_story_of_a_bundle_does_not_hold_up_the_rest(ben: User) -> None:
    fresh = make.draft_of(make.live())
    bundle = bundle_of(fresh, make.draft(), by=ben)
    release = release_of(fresh)
    newer = Edition.objects.create(
        **{
            f.attname: getattr(release.edition, f.attname)
            for f in Edition._meta.concrete_fields
            if f.attname not in {"id", "number"}
        },
        number=release.edition.number + 1,
    )
    Release.objects.create(
        article=release.article,
        edition=newer,
        due_at=timezone.now(),
        settled_at=timezone.now(),
        state=State.DONE,
        planned_by=ben,
    )
    with after(bundle.due_at):
        process_due()
    assert sorted(r.state for r in members(bundle)) == [State.DONE, State.OVERTAKEN]


def test_expired_story_of_a_bundle_is_cancelled_and_the_rest_published(ben: User) -> None:
    short = make.draft()
    bundle = bundle_of(short, make.draft(), by=ben)
    edit(short, by=ben, expires_at=bundle.due_at + SOON)
    with after(bundle.due_at, 2 * SOON):
        process_due()
    assert sorted(r.state for r in members(bundle)) == [State.CANCELLED, State.DONE]
    assert live() == 1


# -- All or none -----------------------------------------------------------------------------------


def test_failing_story_keeps_its_whole_bundle_unpublished(ben: User, api: APIClient) -> None:
    bundle = bundle_of(make.draft(), make.draft(), make.draft(), by=ben)
    broken = members(bundle)[1]
    break_release(broken)
    with after(bundle.due_at):
        assert process_due().failed == 3
        assert api.get("/api/v1/articles/").json()["results"] == []
    assert {release.state for release in members(bundle)} == {State.FAILED}
    assert not Event.objects.filter(name="article.published").exists()


def test_blocking_release_of_a_bundle_is_named(ben: User) -> None:
    bundle = bundle_of(make.draft(), make.draft(), make.draft(), by=ben)
    broken = members(bundle)[1]
    with after(bundle.due_at):
        assert find_blocking_release(bundle) is None
        break_release(broken)
        found = find_blocking_release(bundle)
    assert found
    assert found[0] == broken
    assert isinstance(found[1], Exception)
    assert {release.state for release in members(bundle)} == {State.PENDING}
    assert live() == 0
    assert not Event.objects.exists()


def test_bundle_is_retried_at_once_without_the_failing_release(ben: User) -> None:
    bundle = bundle_of(make.draft(), make.draft(), make.draft(), by=ben)
    broken = members(bundle)[1]
    break_release(broken)
    with after(bundle.due_at):
        process_due()
        remove_from_bundle(broken, by=ben)
        assert process_due().published == 2
        assert live() == 2
    broken.refresh_from_db()
    assert (broken.bundle, broken.state) == (None, State.FAILED)


def test_bundle_is_retried_as_a_whole(ben: User) -> None:
    bundle = bundle_of(make.draft(), make.draft(), by=ben)
    broken = members(bundle)[0]
    break_release(broken)
    with after(bundle.due_at):
        process_due()
        Article.objects.filter(pk=broken.article_id).update(corrections=[], first_published_at=None)
        retry_release(members(bundle)[1], by=ben)
        assert process_due().published == 2
    assert live_at(bundle.due_at) == 2


def test_agency_embargo_of_one_story_holds_the_whole_bundle(ben: User) -> None:
    """The desk's own can not come after the plan: PlannedOutside."""
    story = make.draft()
    bundle = bundle_of(story, make.draft(), by=ben)
    Article.objects.filter(pk=release_of(story).article_id).update(
        embargo_until=bundle.due_at + SOON
    )
    with after(bundle.due_at):
        assert process_due().failed == 2
        assert live() == 0
    with after(bundle.due_at, SOON + timedelta(seconds=1)):
        process_due()
        assert live() == 2


def test_bundle_actions_are_in_the_audit_log(ben: User) -> None:
    bundle = bundle_of(make.draft(), make.draft(), by=ben)
    reschedule_bundle(bundle, at=due_time() + SOON, by=ben)
    remove_from_bundle(members(bundle)[0], by=ben)
    cancel_bundle(bundle, by=ben)
    about = Entry.objects.filter(kind="desk.bundle").order_by("pk").values_list("verb", flat=True)
    assert list(about) == ["scheduled", "moved", "cancelled"]
    plans = Entry.objects.filter(kind="desk.release").order_by("pk").values_list("verb", flat=True)
    assert list(plans) == [
        *["scheduled", "bundled"] * 2, "moved", "moved", "unbundled", "cancelled",
    ]  # fmt: skip


def test_settled_release_is_not_removed_from_its_bundle(ben: User) -> None:
    bundle = bundle_of(make.draft(), by=ben)
    with after(bundle.due_at):
        process_due()
        with pytest.raises(Settled):
            remove_from_bundle(members(bundle)[0], by=ben)


def test_release_without_a_bundle_cannot_be_removed(ben: User) -> None:
    release = make.planned()
    assert release.bundle is None
    with pytest.raises(NotBundled):
        remove_from_bundle(release, by=ben)
