"""Sanctions, appeals and blocks on request in a browser: reader, outsider and moderator."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actions import sanction
from accounts.models import User
from comments.actions import hide_comment, post_comment
from comments.models import Appeal, BlockRequest, Comment
from tests.e2e.browser.admin.test_admin_browser import sign_in as sign_in_to_admin
from tests.e2e.browser.readers.test_pages_browser import sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def shoot(page: Page, name: str) -> None:
    """Both sizes of a page, for people to look at; and what axe finds."""
    for size, label in ((PHONE, "390"), (DESKTOP, "1440")):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict for mypy
        take_screenshot(page, f"sanctions-{name}-{label}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], (name, label, width)
    assert axe_violations(page) == []


def request_block(page: Page, comment: Comment) -> None:
    """An outsider requests that a comment be blocked."""
    page.goto(f"/comments/{comment.pk}/block-request/")
    expect(page.get_by_text("홍길동 010-0000-0000")).to_be_visible()
    page.get_by_label("이름").fill("홍길동")
    page.get_by_label("이메일").fill("hong@example.com")
    page.get_by_label("침해된 권리").select_option("privacy")
    page.get_by_label("무엇이 어떻게").fill("제 전화번호가 적혀 있습니다.")
    page.get_by_label("본인이거나").check()
    shoot(page, "request")
    page.get_by_role("button", name="요청 보내기").click()
    expect(page.get_by_text("요청을 접수했습니다. 접수 번호:")).to_be_visible()


def answer(page: Page, button: str, label: str, text: str) -> None:
    """Press a button of an admin page and send its form."""
    page.get_by_text(button).first.click()
    page.get_by_label(label).fill(text)
    page.locator("form.ask button[type=submit]").click()


def block_as_moderator(page: Page, chi: User, mo: User) -> None:
    """A moderator blocks the comment and looks at the page of its writer."""
    sign_in_to_admin(page, mo)
    page.goto("/admin/comments/blockrequest/")
    shoot(page, "requests")
    page.goto(f"/admin/comments/blockrequest/{BlockRequest.objects.get().pk}/change/")
    shoot(page, "block")
    answer(page, "30일 동안 임시조치", "덧붙이는 말", "소명을 확인했습니다.")
    expect(page.get_by_text("임시조치했습니다.")).to_be_visible()
    page.goto(f"/admin/accounts/user/{chi.pk}/change/")
    shoot(page, "reader")
    page.goto(f"/admin/accounts/user/{chi.pk}/press/suspend/")
    shoot(page, "form")
    page.context.clear_cookies()


def appeal_as_reader(page: Page, chi: User) -> None:
    """The reader appeals against a sanction and a hidden comment, and objects to the block."""
    sign_in(page, chi)
    question = "결정이 왜 잘못됐나요?"
    mute = page.locator("[data-sanctions] li").filter(has_text="여러 번 경고했습니다.")
    mute.get_by_role("button", name="이의 제기").click()
    page.get_by_label(question).fill("경고를 한 번만 받았습니다.")
    shoot(page, "appeal")
    page.get_by_role("button", name="보내기").click()
    expect(mute.get_by_text("이의 제기: 답변 대기")).to_be_visible()
    page.get_by_role("button", name="임시조치에 이의 제기").click()
    page.get_by_label("댓글을 왜 다시").fill("제 번호입니다.")
    page.get_by_role("button", name="보내기").click()
    expect(page.get_by_text("이의를 접수했습니다.")).to_be_visible()
    row = page.locator("[data-said] li").filter(has_text="가려질 댓글입니다")
    row.get_by_role("button", name="이의 제기").click()
    page.get_by_label(question).fill("욕이 아닙니다.")
    page.get_by_role("button", name="보내기").click()
    expect(row.get_by_text("이의 제기: 답변 대기")).to_be_visible()
    assert Appeal.objects.count() == 2
    shoot(page, "me")
    page.context.clear_cookies()


def test_a_reader_appeals_and_objects_and_an_outsider_requests_a_block(
    page: Page, chi: User, mo: User
) -> None:
    """community B98."""
    article = make.live()
    hidden = post_comment(article, by=chi, text="가려질 댓글입니다")
    comment = post_comment(article, by=chi, text="홍길동 010-0000-0000 입니다")
    hide_comment(hidden, by=mo, reason="욕설")
    week = timezone.now() + timedelta(days=7)
    sanction(chi, kind="warn", until=None, reason="말을 가려 써 주세요.", by=mo)
    sanction(chi, kind="mute", until=week, reason="여러 번 경고했습니다.", by=mo)
    request_block(page, comment)
    block_as_moderator(page, chi, mo)
    page.goto(article.get_absolute_url())
    page.locator("#comments").scroll_into_view_if_needed()
    expect(page.get_by_text("임시조치된 댓글입니다")).to_be_visible()
    shoot(page, "notice")
    appeal_as_reader(page, chi)
    sign_in_to_admin(page, make.ben())
    page.goto("/admin/comments/appeal/")
    shoot(page, "appeals")
    page.get_by_role("link", name=f"댓글 {hidden.pk}").click()
    shoot(page, "one-appeal")
    answer(page, "받아들여 되돌리기", "답변", "다시 보니 규칙 위반이 아닙니다.")
    expect(page.get_by_text("결정을 되돌렸습니다.")).to_be_visible()
    page.goto("/admin/moderation-statistics/")
    expect(page.get_by_role("cell", name="1 (100 %)")).to_be_visible()
    shoot(page, "statistics")
