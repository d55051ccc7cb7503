"""A reader's notifications in a real browser: the bell, the list, preferences, one-click unsubscribe."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from comments.actions import hide_comment, post_comment
from comments.models import Notification
from comments.notifications.notify import notify_decision
from comments.notifications.preferences import read_preferences
from comments.notifications.unsubscribe_tokens import unsubscribe_url
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def sign_in(page: Page, user: User) -> None:
    page.goto("/account/")
    form = page.locator("[data-sign-in]")
    form.get_by_label("이메일").fill(user.email)
    form.get_by_label("비밀번호").fill(f"{user.name}-password-1")
    form.get_by_role("button", name="로그인").click()
    page.wait_for_url("**/me/")


def take_both_screenshots(page: Page, name: str) -> None:
    """Of a desktop and of a phone; the page is accessible in both."""
    for size, width in (("wide", 1440), ("narrow", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_violations(page) == []
        take_screenshot(page, f"notices-{name}-{size}")


def test_a_reader_sees_the_bell_reads_notifications_and_chooses_them(page: Page) -> None:
    chi, mo = make.person("chi", nickname="배부르니"), make.staff("mo", role="moderator")
    article = make.live()
    asked = post_comment(article, by=chi, text="로봇은 어느 문으로 나갔나요?")
    answer = post_comment(
        article,
        by=make.person("sanchaek", nickname="새벽 산책"),
        text="연구실 뒷문이었습니다. 복도 끝에 있는 회색 문이고, 손잡이가 왼쪽에 달려 있습니다.",
        parent=asked.pk,
    )
    other = post_comment(article, by=chi, text="그 문은 늘 잠겨 있지 않나요? 누가 열었을까요.")
    post_comment(article, by=make.reader("mal"), text="@배부르니님이 맞게 보셨어요.")
    hide_comment(other, by=mo, reason="모욕")
    other.refresh_from_db()
    notify_decision(other, message="다른 독자를 존중하는 말로 다시 써 주세요.")

    page.goto("/")
    bell = page.locator("[data-bell]")
    expect(bell).to_be_hidden()
    sign_in(page, chi)
    page.goto("/")
    expect(bell).to_have_accessible_name("알림, 읽지 않은 것 3건")
    take_both_screenshots(page, "bell")
    bell.click()
    rows = page.locator("[data-notifications] li")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("댓글 운영 원칙에 따라 가려졌습니다")
    expect(rows.first).to_contain_text("운영자가 남긴 말 다른 독자를 존중하는 말로")
    expect(rows.nth(1)).to_contain_text("mal님이 댓글에서 나를 불렀습니다")
    expect(rows.last).to_contain_text("새벽 산책님이 내 댓글에 답글을 남겼습니다")
    take_both_screenshots(page, "list")
    rows.first.get_by_role("button", name="읽음으로 표시").click()
    expect(bell).to_have_accessible_name("알림, 읽지 않은 것 2건")
    rows.last.get_by_role("link").click()
    expect(page.locator(f"#comment-{answer.pk}")).to_be_focused()
    take_screenshot(page, "notices-linked")
    page.goto("/me/notifications/")
    page.get_by_role("button", name="모두 읽음으로 표시").click()
    expect(bell).to_have_accessible_name("알림")
    assert not Notification.objects.of(chi.pk).unread().exists()
    take_both_screenshots(page, "read")

    page.goto("/me/")
    box = page.get_by_role("checkbox", name="내 댓글에 달린 답글: 메일")
    expect(box).to_be_checked()
    box.click()
    section = page.locator("[data-notification-preferences]")
    expect(section.locator("[data-says]")).to_have_text("저장했습니다.")
    expect(box).not_to_be_checked()
    take_both_screenshots(page, "preferences")
    assert not read_preferences(chi)["replies"]["mail"]

    page.context.clear_cookies()
    page.goto(urlsplit(unsubscribe_url(chi)).path)
    take_both_screenshots(page, "unsubscribe")
    page.get_by_role("button", name="메일 그만 받기").click()
    expect(page.get_by_role("status")).to_contain_text("이제 알림 메일을 보내지 않습니다")
    take_both_screenshots(page, "unsubscribed")
    assert not any(ways["mail"] for ways in read_preferences(chi).values())
