"""Admin: embargo and expiry, rescheduling, and bundles."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from desk.actions import edit
from desk.models import Bundle, Draft, Release
from desk.tasks import process_due
from tests.desk.admin.test_admin_stories import StoryPage, admin_messages, datetime_local_in
from tests.support import make

pytestmark = pytest.mark.django_db
LIST = reverse("admin:desk_draft_changelist")


@pytest.fixture
def bens_page(ben: User) -> StoryPage:
    return StoryPage(ben)


def minute_in(**more: float) -> datetime:
    return (timezone.localtime() + timedelta(**more)).replace(second=0, microsecond=0)


def datetime_local(due_at: datetime) -> str:
    return timezone.localtime(due_at).strftime("%Y-%m-%dT%H:%M")


# -- Terms on the story's page -------------------------------------------------------------------------


def test_embargo_and_expiry_are_set_and_cleared_on_the_story_page(bens_page: StoryPage) -> None:
    """publishing 18: Korean time is typed."""
    story, embargo, ends = make.draft(), minute_in(hours=2), minute_in(days=2)
    bens_page.send(story, embargo_until=datetime_local(embargo), expires_at=datetime_local(ends))
    story.refresh_from_db()
    assert (story.embargo_until, story.expires_at) == (embargo, ends)
    page = bens_page.client.get(bens_page.address(story)).text
    assert "내보내는 조건" in page
    assert "까지 엠바고" in page
    bens_page.send(story, embargo_until="")
    story.refresh_from_db()
    assert (story.embargo_until, story.expires_at) == (None, ends)


def test_unchanged_embargo_and_expiry_keep_their_seconds(bens_page: StoryPage) -> None:
    ends = timezone.now() + timedelta(days=1, seconds=17)
    story = make.draft(expires_at=ends)
    bens_page.send(story, deck="다른 부제")
    story.refresh_from_db()
    assert (story.expires_at, story.deck) == (ends, "다른 부제")
    assert "바뀐 것이 없습니다" in admin_messages(bens_page.send(story))


def test_refused_embargo_shows_the_form_with_its_text(bens_page: StoryPage) -> None:
    story = make.draft_of(make.live())
    response = bens_page.send(story, embargo_until=datetime_local_in(hours=3), deck="새 부제")
    assert "이미 독자가 보고 있어" in response.content.decode()
    assert "새 부제" in response.content.decode()
    story.refresh_from_db()
    assert story.embargo_until is None


def test_edit_conflict_shows_changed_embargo(bens_page: StoryPage, chief: User) -> None:
    """publishing 28."""
    story = make.draft()
    filled = bens_page.filled(story)
    edit(story, by=chief, embargo_until=minute_in(days=40))
    data = filled | {"embargo_until": f"{minute_in(days=50):%Y-%m-%dT%H:%M}", "_continue": "1"}
    response = bens_page.client.post(bens_page.address(story), data)
    (field,) = response.context["conflict"].fields
    assert field.label == "엠바고"
    assert f"{minute_in(days=40):%H:%M}" in field.theirs


def test_story_page_and_list_show_expiry(bens_page: StoryPage) -> None:
    ends = minute_in(hours=1)
    story = make.draft_of(make.live(expires_at=ends))
    with time_machine.travel(ends, tick=False):
        bens_page.client.force_login(make.ben())
        page = bens_page.client.get(bens_page.address(story)).text
        assert "게시 종료됨" in page
        assert "정한 대로" in page
        assert "기사 내리기" in page  # to leave a notice where it stood
        assert str(story) in bens_page.client.get(f"{LIST}?standing=ended").text
        assert str(story) not in bens_page.client.get(f"{LIST}?standing=live").text


def test_list_filters_stories_under_embargo(bens_page: StoryPage) -> None:
    embargoed, free = make.draft(embargo_until=minute_in(hours=3)), make.draft()
    page = bens_page.client.get(f"{LIST}?standing=embargoed").text
    assert str(embargoed) in page
    assert str(free) not in page


# -- Another time --------------------------------------------------------------------------------------


def test_release_is_rescheduled_on_the_story_page(bens_page: StoryPage) -> None:
    release, due_at = make.planned(), minute_in(hours=5)
    story = make.draft_of(release.article)
    assert "날짜와 시각을 골라" in bens_page.press(story, "move").content.decode()
    bens_page.press(story, "move", at=datetime_local(due_at))
    release.refresh_from_db()
    assert release.due_at == due_at
    assert (
        "이미 지난 시각"
        in bens_page.press(story, "move", at=datetime_local_in(hours=-1)).content.decode()
    )


def test_release_is_rescheduled_on_its_page(bens_page: StoryPage) -> None:
    release, due_at = make.planned(), minute_in(hours=5)
    press = reverse("admin:desk_release_press", args=[release.pk, "move"])
    assert bens_page.client.get(press).status_code == 200
    bens_page.client.post(press, {"at": datetime_local(due_at)})
    release.refresh_from_db()
    assert release.due_at == due_at


# -- Bundles -------------------------------------------------------------------------------------------


def schedule_together(whose: StoryPage, *drafts: Draft, **params: Any) -> Any:
    selection = {"action": "schedule_together", "_selected_action": [d.pk for d in drafts]}
    return whose.client.post(LIST, selection | params, follow=True)


def test_selected_stories_are_scheduled_as_a_bundle(bens_page: StoryPage) -> None:
    drafts, due_at = [make.draft(), make.draft(), make.draft()], minute_in(hours=4)
    params = schedule_together(bens_page, *drafts)
    assert all(str(draft) in params.text for draft in drafts)
    nothing = schedule_together(bens_page, *drafts, is_submitted="1")
    assert "날짜와 시각을 골라" in nothing.text
    assert not Bundle.objects.exists()
    done = schedule_together(
        bens_page, *drafts, is_submitted="1", title="새해 특집", at=datetime_local(due_at)
    )
    assert "함께 예약했습니다" in admin_messages(done)
    bundle = Bundle.objects.get()
    assert (bundle.title, bundle.due_at, bundle.releases.count()) == ("새해 특집", due_at, 3)


def test_refused_bundle_names_the_story(bens_page: StoryPage) -> None:
    bad = make.draft(headline="본문 없는 원고", body="")
    data = {"is_submitted": "1", "title": "특집", "at": datetime_local_in(hours=3)}
    response = schedule_together(bens_page, make.draft(), bad, **data)
    assert "본문 없는 원고" in str(response.context["form"].errors)
    assert not Release.objects.exists()


def test_story_changed_meanwhile_is_not_added_to_a_bundle(
    bens_page: StoryPage,
) -> None:
    """publishing 28."""
    story = make.draft()
    read = {f"version_{story.pk}": str(story.version)}
    make.changed(story, deck="그사이 고침")
    data = {"is_submitted": "1", "title": "특집", "at": datetime_local_in(hours=3)} | read
    assert schedule_together(bens_page, story, **data).context["form"].errors
    assert not Release.objects.exists()


def test_story_is_added_to_a_waiting_bundle(bens_page: StoryPage) -> None:
    bundle, late = make.bundled(make.draft()), make.draft()
    schedule_together(bens_page, late, is_submitted="1", bundle=bundle.pk)
    assert bundle.releases.count() == 2


def test_reporter_may_not_schedule_a_bundle(ada: User) -> None:
    hers, story = StoryPage(ada), make.draft(by=ada)
    assert "schedule_together" not in hers.client.get(LIST).text
    schedule_together(hers, story, is_submitted="1", title="특집", at=datetime_local_in(hours=3))
    assert not Bundle.objects.exists()


def test_bundle_is_rescheduled_reduced_and_cancelled_on_its_page(bens_page: StoryPage) -> None:
    bundle, due_at = make.bundled(make.draft(), make.draft()), minute_in(hours=6)
    page = reverse("admin:desk_bundle_change", args=[bundle.pk])

    def press(verb: str, version: int, **params: str) -> Any:
        address = reverse("admin:desk_bundle_press", args=[bundle.pk, verb])
        return bens_page.client.post(f"{address}?version={version}", params, follow=True)

    press("move", 1, at=datetime_local(due_at))
    assert set(bundle.releases.values_list("due_at", flat=True)) == {due_at}
    assert "다른 사람이" in press("move", 1, at=datetime_local(due_at)).text
    first = bundle.releases.order_by("pk")[0]
    out = reverse("admin:desk_release_press", args=[first.pk, "take_out"])
    assert out in bens_page.client.get(page).text
    left = bens_page.client.post(out, {"next": page})
    assert left["Location"] == page
    assert bundle.releases.count() == 1
    press("cancel", 3)
    assert bundle.releases.get().state == "cancelled"
    first.refresh_from_db()
    assert first.state == "pending"


def test_bundle_is_one_row_of_releases_and_of_the_dashboard(bens_page: StoryPage) -> None:
    """publishing 24."""
    drafts = [make.draft(headline=f"특집 {n}부") for n in ("하나", "둘", "셋")]
    make.bundled(*drafts, title="새해 특집")
    make.planned(headline="혼자 나갈 이야기")
    releases = reverse("admin:desk_release_changelist")
    listed = bens_page.client.get(releases).context["cl"].result_list
    assert len(listed) == 2
    page = bens_page.client.get(releases).text
    assert "새해 특집 (3건 함께)" in page
    assert "특집 둘부" in bens_page.client.get(f"{releases}?q=둘부").text
    home = bens_page.client.get(reverse("admin:index")).context["home"]
    upcoming = next(block.rows for block in home.watch if block.name == "going_out")
    assert [(item.kind, item.story_count) for item in upcoming] == [("bundle", 3), ("release", 0)]
    assert "3건 함께" in bens_page.client.get(reverse("admin:index")).text


def test_dashboard_lists_expiries_among_upcoming_releases(bens_page: StoryPage) -> None:
    """publishing 24."""
    ends = minute_in(hours=2)
    make.live(headline="곧 내려갈 이야기", expires_at=ends)
    make.planned(headline="먼저 나갈 이야기", at=minute_in(hours=1), expires_at=minute_in(hours=3))
    make.draft(headline="아직 쓰는 이야기", expires_at=ends)
    home = bens_page.client.get(reverse("admin:index")).context["home"]
    upcoming = next(block.rows for block in home.watch if block.name == "going_out")
    assert [(item.kind, item.title) for item in upcoming] == [
        ("release", "먼저 나갈 이야기"),
        ("expiry", "곧 내려갈 이야기"),
        ("expiry", "먼저 나갈 이야기"),
    ]
    live_counts = []
    for item in upcoming:
        with time_machine.travel(item.at, tick=False):
            process_due()
            live_counts.append(Article.objects.live().count())
    assert live_counts == [2, 1, 0]


def test_bundle_page_shows_the_release_that_blocks_it(bens_page: StoryPage) -> None:
    bundle = make.bundled(make.draft(), make.draft())
    broken = bundle.releases.order_by("pk")[0]
    Article.objects.filter(pk=broken.article_id).update(
        corrections="broken", first_published_at=broken.planned_at
    )
    with time_machine.travel(bundle.due_at, tick=False):
        process_due()
    page = bens_page.client.get(reverse("admin:desk_bundle_change", args=[bundle.pk])).text
    assert "나가지 못했습니다" in page
    assert "묶음에서 빼" in page
