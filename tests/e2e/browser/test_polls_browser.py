"""A poll's page in the admin in a browser: held votes are counted with a reason, and that is undone."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from polls.actions import cast_vote
from polls.api.voter_cookie import new_voter_id
from polls.models import Vote
from polls.voter_key import Voter
from tests.e2e.browser.test_admin_browser import sign_in
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
