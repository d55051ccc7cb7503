"""The thread of an article in a browser: pins, badge, slow mode, the places of removed comments."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from articles.models import Article
from comments.actions import (
    delete_comment,
    erase_comments,
    hide_comment,
    pin_comment,
    post_comment,
    set_thread_policy,
)
from comments.models import Comment
from tests.e2e.browser.readers.test_pages_browser import sign_in
from tests.support import make
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def thread_of_every_kind(mo: User) -> Article:
    """An article in slow mode with a pinned comment of staff, one of a reader, and three empty places."""
    article = make.live(headline="시험용 로봇, 동네 도서관에 가다")
    chi, mal, sol = make.reader("새벽산책"), make.reader("mal"), make.reader("sol")
    texts = ("지운 글", "가린 글", "탈퇴한 글")
    for text, writer in zip(texts, (chi, chi, mal), strict=True):
        top = post_comment(article, by=writer, text=text)
        post_comment(article, by=sol, text=f"{text}에 남은 답글입니다.", parent=top.pk)
    deleted, hidden, _erased = Comment.objects.filter(parent=None).order_by("pk")
    delete_comment(deleted, by=chi)
    hide_comment(hidden, by=mo, reason="시험")
    erase_comments(mal)
    notice = post_comment(article, by=mo, text="궁금한 점은 답글로 남겨 주세요. 기자가 답합니다.")
    pin_comment(notice, by=mo)
    post_comment(article, by=chi, text="우리 동네 도서관에도 왔으면 좋겠어요.")
    set_thread_policy(article, by=mo, slow_mode_seconds=90)
    return article


def test_thread_shows_pins_badge_slow_mode_and_why_comments_are_gone(page: Page, mo: User) -> None:
    article = thread_of_every_kind(mo)
    sign_in(page, make.reader("chi"))
    page.goto(article.get_absolute_url())
    pinned = page.locator(".thread > .comment").first
    expect(pinned).to_contain_text("고정")
    expect(pinned.locator("> .comment-head .badge:not(.pin)")).to_be_visible()
    for words in ("삭제된 댓글입니다.", "운영 원칙에 따라 가린", "탈퇴한 회원의"):
        expect(page.locator(".thread")).to_contain_text(words)
    expect(page.locator("#slow-mode")).to_contain_text("90초에 하나씩")
    form = page.get_by_label("댓글 쓰기")
    form.fill("처음 쓰는 글입니다.")
    page.get_by_role("button", name="등록").click()
    expect(page.locator("#comment-says")).to_contain_text("올렸")
    expect(page.locator(".thread > .comment").nth(0)).to_contain_text("궁금한 점은")
    expect(page.locator(".thread > .comment").nth(1)).to_contain_text("처음 쓰는 글입니다.")
    form.fill("바로 또 쓰는 글입니다.")
    page.get_by_role("button", name="등록").click()
    expect(page.locator("#comment-says")).to_contain_text("초 뒤에 다시 쓸 수 있습니다")
