"""A poll's pages in the admin in a browser: held votes are counted with a reason, and that is undone; a
burst is found in the timeline."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from audit.models import Entry
from polls.actions import cast_vote
from polls.api.voter_cookie import new_voter_id
from polls.models import Poll, Vote
from polls.voter_key import Voter
from tests.e2e.browser.admin.test_admin_browser import open_admin, sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_held_votes_are_counted_with_a_reason_and_that_is_undone(page: Page, ben: User) -> None:
    """community B83, B84, faults V1."""
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    for hold in ("", "", "address", "address", "network"):
        cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()), hold=hold)
    sign_in(page, ben)
    page.goto(f"/admin/polls/poll/{poll.pk}/change/")
    expect(page.locator(".field-held_text")).to_contain_text("한 주소에서 몰린 표: 2")
    page.get_by_text("표 집계·보류·제외").first.click()
    page.get_by_label("보류한 까닭").select_option("address")
    page.get_by_label("사유").fill("학교에서 다 함께 투표했습니다.")
    take_screenshot(page, "polls-decide")
    assert axe_violations(page) == []
    page.locator("form.ask button[type=submit]").click()
    expect(page.get_by_text("표 2개를 처리했습니다.")).to_be_visible()
    expect(page.locator(".field-results_text")).to_contain_text("찬성 4표")
    expect(page.locator(".field-decisions_text")).to_contain_text("학교에서 다 함께 투표했습니다.")
    take_screenshot(page, "polls-decided")
    page.set_viewport_size({"width": 390, "height": 844})
    take_screenshot(page, "polls-decided-phone")
    assert axe_violations(page) == []
    page.get_by_role("button", name="마지막 결정 되돌리기").click()
    expect(page.get_by_text("표 2개가 예전 상태입니다.")).to_be_visible()
    assert Vote.objects.on_hold().count() == 3


@pytest.fixture
def stuffed_poll() -> Poll:
    """Votes of three days, of which thirty came within two minutes; a rule has held ten of these."""
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    now = timezone.now()
    Poll.objects.filter(pk=poll.pk).update(opens_at=now - timedelta(days=3))
    burst_at = timezone.localtime(now - timedelta(hours=20)).replace(minute=14, second=0)
    for number in range(60):
        hold = "burst" if number >= 50 else ""
        side = "con" if number % 3 == 0 or number >= 30 else "pro"
        cast_vote(poll.pk, side=side, voter=Voter(browser=new_voter_id()), hold=hold)
        at = now - timedelta(hours=2 * number + 1)
        at = burst_at + timedelta(seconds=3 * (number - 30)) if number >= 30 else at
        Vote.objects.filter(pk=Vote.objects.latest("pk").pk).update(cast_at=at)
    return poll


def test_a_burst_is_found_in_the_timeline_taken_out_undone_and_exported(
    page: Page, ben: User, stuffed_poll: Poll
) -> None:
    """community B78, B83, B84."""
    poll = stuffed_poll
    assert poll.kept_tally() == {"pro": 20, "con": 30}
    page.set_viewport_size({"width": 1440, "height": 900})
    open_admin(page, ben)
    page.get_by_role("link", name=poll.question).last.click()
    expect(page.get_by_role("heading", name="시간별 표")).to_be_visible()
    expect(page.locator(".timeline-top .kept")).to_contain_text("50")
    take_screenshot(page, "polls-timeline")
    assert axe_violations(page) == []
    page.get_by_role("link", name="이때를 자세히").click()
    while page.get_by_role("link", name="이때를 자세히").count():
        page.get_by_role("link", name="이때를 자세히").click()
    rows = page.locator(".by-time tbody tr")
    expect(rows).to_have_count(2)
    take_screenshot(page, "polls-timeline-minutes")
    page.set_viewport_size({"width": 390, "height": 844})
    take_screenshot(page, "polls-timeline-minutes-phone")
    assert axe_violations(page) == []

    page.get_by_role("link", name="처리: 규칙에 걸리지 않은 표").click()
    expect(page.get_by_label("보류한 까닭")).to_have_value("none")
    page.get_by_label("사유").fill("2분 사이에 한꺼번에 들어왔습니다.")
    take_screenshot(page, "polls-timeline-decide-phone")
    page.locator("form.ask button[type=submit]").click()
    expect(page.get_by_text("표 20개를 처리했습니다.")).to_be_visible()
    expect(page.locator(".timeline-top .kept")).to_contain_text("30")
    assert poll.kept_tally() == poll.tally() == {"pro": 20, "con": 10}
    page.goto(f"/admin/polls/poll/{poll.pk}/timeline/")
    take_screenshot(page, "polls-timeline-phone")
    page.get_by_role("button", name="마지막 결정 되돌리기").click()
    expect(page.get_by_text("표 20개가 예전 상태입니다.")).to_be_visible()
    expect(page.locator(".timeline-top .kept")).to_contain_text("50")
    assert poll.kept_tally() == poll.tally() == {"pro": 20, "con": 30}
    entries = Entry.objects.filter(kind="polls.poll").order_by("pk")
    assert [entry.verb for entry in entries] == ["votes_voided", "votes_undone"]
    with page.expect_download() as download:
        page.get_by_role("link", name="시간별 표 내려받기").click()
    rows_of_file = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert rows_of_file[0].startswith("시각,")
    assert sum(int(line.rsplit(",", 1)[1]) for line in rows_of_file[1:]) == 60
