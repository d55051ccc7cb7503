"""A reader's identity in a real browser: the code that confirms an address, nicknames for moderators."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.actions import change_nickname
from accounts.models import User
from comments.models import Comment
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot, tick_statements

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def test_a_reader_is_told_to_confirm_the_address_does_so_by_code_and_comments(page: Page) -> None:
    article = make.live()
    page.goto(f"/account/?next={article.get_absolute_url()}")
    form = page.locator("[data-sign-up]")
    form.get_by_label("이메일").fill("new.reader@example.com")
    form.get_by_label("비밀번호").fill("a-long-enough-word-7")
    tick_statements(form)
    form.get_by_role("button", name="가입하기").click()
    page.wait_for_url("**/articles/**")
    comment = page.locator("[data-form] textarea")
    comment.fill("잘 읽었습니다")
    page.get_by_role("button", name="등록").click()
    expect(page.locator("#comment-says")).to_contain_text("이메일 주소를 확인")

    page.goto("/me/")
    page.get_by_role("button", name="코드 받기").click()
    code = page.get_by_label("메일로 받은 여섯 자리")
    expect(code).to_be_focused()
    code.fill("000000")
    page.get_by_role("button", name="확인", exact=True).click()
    expect(page.locator("[data-confirm-code] [data-says]")).to_contain_text("코드가 틀렸거나")
    assert axe_violations(page) == []
    take_screenshot(page, "identity-confirm")
    page.set_viewport_size({"width": 390, "height": 844})
    take_screenshot(page, "identity-confirm-narrow")
    (digits,) = re.findall(r"^(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    code.fill(f"{digits[:3]} {digits[3:]}")
    page.get_by_role("button", name="확인", exact=True).click()
    expect(page.locator("[data-page-says]")).to_contain_text("확인")
    expect(page.locator("[data-unconfirmed]")).to_be_hidden()

    page.goto(article.get_absolute_url())
    comment.fill("잘 읽었습니다")
    page.get_by_role("button", name="등록").click()
    expect(page.locator(".comment")).to_contain_text("잘 읽었습니다")
    assert Comment.objects.get().author == User.objects.get(email="new.reader@example.com")


def test_a_moderator_sees_a_new_nickname_and_resets_it(page: Page) -> None:
    mo, chi = make.staff("mo", role="moderator"), make.reader("chi")
    change_nickname(chi, nickname="이상한별명")
    page.goto("/admin/login/")
    page.get_by_label("이메일").fill(mo.email)
    page.get_by_label("비밀번호").fill("mo-password-1")
    page.get_by_role("button", name="로그인").click()
    page.goto("/admin/accounts/nicknamechange/")
    expect(page.locator("#result_list")).to_contain_text("이상한별명")
    assert axe_violations(page) == []
    take_screenshot(page, "identity-nicknames")
    page.get_by_role("link", name="이상한별명").click()
    page.get_by_role("button", name="별명 초기화").or_(
        page.get_by_role("link", name="별명 초기화")
    ).click()
    take_screenshot(page, "identity-reset")
    page.get_by_role("button", name="별명 초기화").click()
    expect(page.locator(".messagelist")).to_contain_text("임의의 별명")
    assert User.objects.get(pk=chi.pk).nickname.startswith("독자")
