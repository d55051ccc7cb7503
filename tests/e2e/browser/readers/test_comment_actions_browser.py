"""Reactions to comments and reports of them on the page of an article."""

import pytest
from playwright.sync_api import Page, expect

from comments.actions import post_comment, set_thread_policy
from comments.models import Reaction, Report
from tests.e2e.browser.readers.test_pages_browser import sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reader_reacts_and_reports_on_the_page(page: Page) -> None:
    """community B53, B55: who is signed out is led to the sign-in page; own comments have neither."""
    article, chi = make.live(headline="시험용 로봇, 동네 도서관에 가다"), make.reader("chi")
    theirs = post_comment(article, by=make.reader("mal"), text="주소를 여기 적어 두겠습니다.")
    own = post_comment(article, by=chi, text="저는 잘 읽었습니다.")
    page.goto(article.get_absolute_url())
    page.locator(f"#comment-{theirs.pk}").get_by_role("button", name="신고").click()
    page.wait_for_url("**/account/**")
    sign_in(page, chi)
    page.goto(article.get_absolute_url())
    item, mine = page.locator(f"#comment-{theirs.pk}"), page.locator(f"#comment-{own.pk}")
    like, dislike = item.locator("[data-react=like]"), item.locator("[data-react=dislike]")
    expect(mine.locator("[data-react=like]")).to_be_disabled()
    expect(mine.get_by_role("button", name="신고")).to_be_hidden()
    like.click()
    expect(like).to_have_text("공감 1")
    dislike.click()
    expect(dislike).to_have_text("비공감 1")
    expect(like).to_have_text("공감 0")
    page.reload()
    expect(dislike).to_have_attribute("aria-pressed", "true")
    dislike.click()
    expect(dislike).to_have_attribute("aria-pressed", "false")
    assert not Reaction.objects.exists()
    item.get_by_role("button", name="신고").click()
    page.get_by_label("어떤 점이 문제인가요?").select_option("personal_data")
    page.get_by_label("운영자에게 덧붙이는 말").fill("남의 집 주소입니다.")
    assert axe_violations(page) == []
    item.locator(".report-form").get_by_role("button", name="신고").click()
    expect(item.get_by_role("button", name="신고함")).to_be_disabled()
    expect(page.locator("[data-thread-says]")).to_contain_text("글쓴이에게 알리지 않습니다")
    report = Report.objects.get()
    assert (report.comment_id, report.reason, report.note, report.reader_id) == (
        *(theirs.pk, "personal_data", "남의 집 주소입니다.", chi.pk),
    )
    set_thread_policy(article, by=make.staff("mo", role="moderator"), mode="closed")
    page.reload()
    expect(like).to_be_disabled()
    expect(item.get_by_role("button", name="신고")).to_be_enabled()
