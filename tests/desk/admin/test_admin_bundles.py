"""Terms, moved plans and bundles in the admin, over HTTP."""

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
def at_bens(ben: User) -> StoryPage:
    return StoryPage(ben)


def minute_in(**more: float) -> datetime:
    return (timezone.localtime() + timedelta(**more)).replace(second=0, microsecond=0)


def datetime_local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


# -- Terms on the story's page -------------------------------------------------------------------------


def test_terms_are_typed_kept_and_cleared_on_the_story_s_page(at_bens: StoryPage) -> None:
    """publishing 18: Korean time is typed."""
    story, embargo, ends = make.draft(), minute_in(hours=2), minute_in(days=2)
    at_bens.send(story, embargo_until=datetime_local(embargo), expires_at=datetime_local(ends))
    story.refresh_from_db()
    assert (story.embargo_until, story.expires_at) == (embargo, ends)
    page = at_bens.client.get(at_bens.address(story)).text
    assert "내보내는 조건" in page
    assert "까지 엠바고" in page
    at_bens.send(story, embargo_until="")
    story.refresh_from_db()
    assert (story.embargo_until, story.expires_at) == (None, ends)


def test_terms_that_nobody_touched_keep_their_seconds(at_bens: StoryPage) -> None:
    ends = timezone.now() + timedelta(days=1, seconds=17)
    story = make.draft(expires_at=ends)
    at_bens.send(story, deck="다른 부제")
    story.refresh_from_db()
    assert (story.expires_at, story.deck) == (ends, "다른 부제")
    assert "바뀐 것이 없습니다" in admin_messages(at_bens.send(story))


def test_refused_terms_leave_every_word_on_the_page(at_bens: StoryPage) -> None:
    story = make.draft_of(make.live())
    answer = at_bens.send(story, embargo_until=datetime_local_in(hours=3), deck="새 부제")
    assert "이미 독자가 보고 있어" in answer.content.decode()
    assert "새 부제" in answer.content.decode()
    story.refresh_from_db()
    assert story.embargo_until is None


def test_what_another_editor_did_to_the_terms_is_shown(at_bens: StoryPage, chief: User) -> None:
    """publishing 28."""
    story = make.draft()
    filled = at_bens.filled(story)
    edit(story, by=chief, embargo_until=minute_in(days=40))
    words = filled | {"deck": "내 부제", "_continue": "1"}
    answer = at_bens.client.post(at_bens.address(story), words)
    (theirs,) = (told for name, told in answer.context["conflict"].differences if name == "엠바고")
    assert f"{minute_in(days=40):%H:%M}" in theirs


def test_the_page_and_the_list_say_when_a_story_has_ended(at_bens: StoryPage) -> None:
    ends = minute_in(hours=1)
    story = make.draft_of(make.live(expires_at=ends))
    with time_machine.travel(ends, tick=False):
        at_bens.client.force_login(make.ben())
        page = at_bens.client.get(at_bens.address(story)).text
        assert "게시 종료됨" in page
        assert "정한 대로" in page
        assert "기사 내리기" in page  # to leave a notice where it stood
        assert str(story) in at_bens.client.get(f"{LIST}?standing=ended").text
        assert str(story) not in at_bens.client.get(f"{LIST}?standing=live").text


def test_stories_under_embargo_are_found(at_bens: StoryPage) -> None:
    held, free = make.draft(embargo_until=minute_in(hours=3)), make.draft()
    page = at_bens.client.get(f"{LIST}?standing=embargoed").text
    assert str(held) in page
    assert str(free) not in page


# -- Another time --------------------------------------------------------------------------------------


def test_a_plan_is_moved_on_the_story_s_page(at_bens: StoryPage) -> None:
    release, moment = make.planned(), minute_in(hours=5)
    story = make.draft_of(release.article)
    assert "날짜와 시각을 골라" in at_bens.press(story, "move").content.decode()
    at_bens.press(story, "move", at=datetime_local(moment))
    release.refresh_from_db()
    assert release.due_at == moment
    assert (
        "이미 지난 시각"
        in at_bens.press(story, "move", at=datetime_local_in(hours=-1)).content.decode()
    )


def test_a_plan_is_moved_on_its_own_page(at_bens: StoryPage) -> None:
    release, moment = make.planned(), minute_in(hours=5)
    press = reverse("admin:desk_release_press", args=[release.pk, "move"])
    assert at_bens.client.get(press).status_code == 200
    at_bens.client.post(press, {"at": datetime_local(moment)})
    release.refresh_from_db()
    assert release.due_at == moment


# -- Bundles -------------------------------------------------------------------------------------------


def send_out(whose: StoryPage, *drafts: Draft, **asked: Any) -> Any:
    chosen = {"action": "schedule_together", "_selected_action": [d.pk for d in drafts]}
    return whose.client.post(LIST, chosen | asked, follow=True)


def test_chosen_stories_are_planned_together(at_bens: StoryPage) -> None:
    drafts, moment = [make.draft(), make.draft(), make.draft()], minute_in(hours=4)
    asked = send_out(at_bens, *drafts)
    assert all(str(draft) in asked.text for draft in drafts)
    nothing = send_out(at_bens, *drafts, is_submitted="1")
    assert "날짜와 시각을 골라" in nothing.text
    assert not Bundle.objects.exists()
    done = send_out(at_bens, *drafts, is_submitted="1", title="새해 특집", at=datetime_local(moment))
    assert "함께 예약했습니다" in admin_messages(done)
    made = Bundle.objects.get()
    assert (made.title, made.due_at, made.releases.count()) == ("새해 특집", moment, 3)


def test_a_refused_bundle_says_which_story_it_was(at_bens: StoryPage) -> None:
    bad = make.draft(headline="본문 없는 원고", body="")
    words = {"is_submitted": "1", "title": "특집", "at": datetime_local_in(hours=3)}
    answer = send_out(at_bens, make.draft(), bad, **words)
    assert "본문 없는 원고" in str(answer.context["form"].errors)
    assert not Release.objects.exists()


def test_a_story_that_changed_while_the_time_was_asked_is_not_bundled_unread(
    at_bens: StoryPage,
) -> None:
    """publishing 28."""
    story = make.draft()
    read = {f"version_{story.pk}": str(story.version)}
    make.changed(story, deck="그사이 고침")
    words = {"is_submitted": "1", "title": "특집", "at": datetime_local_in(hours=3)} | read
    assert send_out(at_bens, story, **words).context["form"].errors
    assert not Release.objects.exists()


def test_a_story_joins_a_bundle_that_waits(at_bens: StoryPage) -> None:
    made, late = make.bundled(make.draft()), make.draft()
    send_out(at_bens, late, is_submitted="1", bundle=made.pk)
    assert made.releases.count() == 2


def test_a_reporter_is_offered_no_bundle(ada: User) -> None:
    hers, story = StoryPage(ada), make.draft(by=ada)
    assert "schedule_together" not in hers.client.get(LIST).text
    send_out(hers, story, is_submitted="1", title="특집", at=datetime_local_in(hours=3))
    assert not Bundle.objects.exists()


def test_a_bundle_is_moved_thinned_out_and_cancelled_on_its_page(at_bens: StoryPage) -> None:
    made, moment = make.bundled(make.draft(), make.draft()), minute_in(hours=6)
    page = reverse("admin:desk_bundle_change", args=[made.pk])

    def press(verb: str, version: int, **asked: str) -> Any:
        address = reverse("admin:desk_bundle_press", args=[made.pk, verb])
        return at_bens.client.post(f"{address}?version={version}", asked, follow=True)

    press("move", 1, at=datetime_local(moment))
    assert set(made.releases.values_list("due_at", flat=True)) == {moment}
    assert "다른 사람이" in press("move", 1, at=datetime_local(moment)).text
    first = made.releases.order_by("pk")[0]
    out = reverse("admin:desk_release_press", args=[first.pk, "take_out"])
    assert out in at_bens.client.get(page).text
    left = at_bens.client.post(out, {"next": page})
    assert left["Location"] == page
    assert made.releases.count() == 1
    press("cancel", 3)
    assert made.releases.get().state == "cancelled"
    first.refresh_from_db()
    assert first.state == "pending"


def test_a_bundle_is_one_row_of_what_goes_out_next(at_bens: StoryPage) -> None:
    """publishing 24."""
    drafts = [make.draft(headline=f"특집 {n}부") for n in ("하나", "둘", "셋")]
    make.bundled(*drafts, title="새해 특집")
    make.planned(headline="혼자 나갈 이야기")
    releases = reverse("admin:desk_release_changelist")
    listed = at_bens.client.get(releases).context["cl"].result_list
    assert len(listed) == 2
    page = at_bens.client.get(releases).text
    assert "새해 특집 (3건 함께)" in page
    assert "특집 둘부" in at_bens.client.get(f"{releases}?q=둘부").text
    upcoming = at_bens.client.get(reverse("admin:index")).context["dashboard"].upcoming
    assert [(item.kind, item.story_count) for item in upcoming] == [("bundle", 3), ("release", 0)]
    assert "3건 함께" in at_bens.client.get(reverse("admin:index")).text


def test_what_comes_down_next_stands_among_what_goes_out(at_bens: StoryPage) -> None:
    """publishing 24."""
    ends = minute_in(hours=2)
    make.live(headline="곧 내려갈 이야기", expires_at=ends)
    make.planned(headline="먼저 나갈 이야기", at=minute_in(hours=1), expires_at=minute_in(hours=3))
    make.draft(headline="아직 쓰는 이야기", expires_at=ends)
    upcoming = at_bens.client.get(reverse("admin:index")).context["dashboard"].upcoming
    assert [(item.kind, item.title) for item in upcoming] == [
        ("release", "먼저 나갈 이야기"),
        ("expiry", "곧 내려갈 이야기"),
        ("expiry", "먼저 나갈 이야기"),
    ]
    seen = []
    for item in upcoming:
        with time_machine.travel(item.at, tick=False):
            process_due()
            seen.append(Article.objects.live().count())
    assert seen == [2, 1, 0]


def test_the_bundle_s_page_says_who_holds_it_back(at_bens: StoryPage) -> None:
    made = make.bundled(make.draft(), make.draft())
    broken = made.releases.order_by("pk")[0]
    Article.objects.filter(pk=broken.article_id).update(
        corrections="broken", first_published_at=broken.planned_at
    )
    with time_machine.travel(made.due_at, tick=False):
        process_due()
    page = at_bens.client.get(reverse("admin:desk_bundle_change", args=[made.pk])).text
    assert "나가지 못했습니다" in page
    assert "묶음에서 빼" in page
