"""A reader's hour in a browser: vote, comment, be held and hidden, appeal, ignore, export, leave."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import IgnoredReader, User
from articles.models import Article
from comments.actions import Choice, decide_comment, post_comment, show_comment
from comments.actions.appeals import grant_appeal
from comments.models import Appeal, Comment, Decision
from pages.account_data import close_due_accounts
from polls.models import Vote
from tests.e2e.browser.readers.test_pages_browser import sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
TEXT = "문을 열고 나간 로봇이 돌아올 때는 벨을 눌렀는지 궁금합니다."
ANSWER = "다시 읽어 보니 규칙에 어긋나지 않습니다."


def look_at(page: Page, name: str) -> None:
    """Both widths: no accessibility violations, nothing to scroll sideways."""
    for size, ending in ((WIDE, ""), (NARROW, "-narrow")):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a typed dict of Playwright's
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        take_screenshot(page, f"hour-{name}{ending}")


def open_thread(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.locator("#comments").scroll_into_view_if_needed()


def own_comment(page: Page) -> Locator:
    """The comment on My page."""
    page.goto("/me/")
    row = page.locator("[data-said] li").filter(has_text=TEXT)
    expect(row.get_by_role("link", name="말을 남긴 기사")).to_be_visible()
    return row


def test_a_readers_hour(page: Page, chi: User, mo: User, tmp_path: Path) -> None:
    """community B51, B67, B68, B72, B98."""
    article = make.live(headline="말을 남긴 기사", poll=make.poll_data(), comments_mode="hold")
    sign_in(page, chi)
    page.on("dialog", lambda dialog: dialog.accept())
    vote_and_change_the_vote(page, article)
    comment_and_be_held(page)
    appeal_against_the_decision(page, chi, mo)
    read_the_answer(page)
    ignore_a_reader(page, article, mo)
    export(page, tmp_path / "me.json")
    leave(page)
    assert not User.objects.filter(email="chi@example.com").exists()
    assert list(Vote.objects.values_list("side", flat=True)) == ["con"]


def vote_and_change_the_vote(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="찬에 투표").click()
    expect(page.get_by_role("button", name="내 선택: 찬")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="반에 투표").click()
    expect(page.get_by_role("button", name="내 선택: 반")).to_be_visible()
    expect(page.locator("[data-total]")).to_have_text("1")
    assert list(Vote.objects.values_list("side", flat=True)) == ["con"]


def comment_and_be_held(page: Page) -> None:
    """A held comment is not shown, and its author is informed."""
    page.get_by_label("댓글 쓰기").fill(TEXT)
    page.get_by_role("button", name="등록").click()
    expect(page.get_by_text("운영자가 확인한 뒤 보입니다")).to_be_visible()
    expect(page.locator(".comment")).to_have_count(0)
    expect(own_comment(page)).to_contain_text("운영자 확인 중")


def appeal_against_the_decision(page: Page, chi: User, mo: User) -> None:
    """The reason of a moderator is on My page, where the reader appeals."""
    comment = Comment.objects.get(author=chi)
    choice = Choice(kind=Decision.Kind.HIDE, reason_code="abuse")
    message = decide_comment(comment, choice=choice, by=mo).message
    assert message
    row = own_comment(page)
    expect(row).to_contain_text(message)
    row.get_by_role("button", name="이의 제기").click()
    page.get_by_label("결정이 왜 잘못됐나요?").fill("궁금해서 물었을 뿐입니다.")
    look_at(page, "appeal")
    page.get_by_role("button", name="보내기").click()
    expect(row.get_by_text("이의 제기: 답변 대기")).to_be_visible()


def read_the_answer(page: Page) -> None:
    """The decision on the appeal is a notification, which leads to the comment."""
    grant_appeal(Appeal.objects.get(), answer=ANSWER, by=make.ben())
    page.goto("/")
    bell = page.locator("[data-bell]")
    expect(bell).to_have_accessible_name("알림, 읽지 않은 것 1건")
    bell.click()
    answered = page.locator("[data-notifications] li")
    expect(answered).to_have_count(1)
    expect(answered).to_contain_text(ANSWER)
    answered.get_by_role("link").click()
    expect(page.locator(f"#comment-{Comment.objects.get().pk}")).to_be_focused()
    expect(page.locator("[data-thread]")).to_contain_text(TEXT)


def ignore_a_reader(page: Page, article: Article, mo: User) -> None:
    """Comments of an ignored reader are folded for this reader alone, and can be shown."""
    mal = make.reader("mal")
    trolling = post_comment(article, by=mal, text="시비를 거는 댓글")
    show_comment(trolling, by=mo)
    open_thread(page, article)
    comment = page.locator(f"#comment-{trolling.pk}")
    comment.get_by_role("button", name="차단").click()
    expect(comment.locator("[data-folded]")).to_be_visible()
    expect(comment.get_by_text("시비를 거는 댓글")).to_be_hidden()
    open_thread(page, article)
    expect(comment.locator("[data-folded]")).to_be_visible()
    expect(page.locator("h2 [data-count=comments]")).to_have_text("2")
    look_at(page, "folded")
    comment.get_by_role("button", name="보기").click()
    expect(comment.get_by_text("시비를 거는 댓글")).to_be_visible()
    page.goto("/me/")
    expect(page.locator("[data-ignored]")).to_contain_text("mal")
    look_at(page, "my-page")
    page.get_by_role("button", name="차단 풀기").click()
    expect(page.locator("[data-no-ignored]")).to_be_visible()
    assert not IgnoredReader.objects.exists()


def export(page: Page, file: Path) -> None:
    """The export has what the reader did in this hour, and nothing of others."""
    with page.expect_download() as download:
        page.get_by_role("link", name="내 정보 모두 내려받기").click()
    download.value.save_as(file)
    data = json.loads(file.read_text("utf-8"))
    assert [comment["text"] for comment in data["comments"]] == [TEXT]
    assert [vote["side"] for vote in data["votes"]] == ["con"]
    assert [appeal["answer"] for appeal in data["appeals"]] == [ANSWER]
    assert "시비를 거는" not in file.read_text("utf-8")


def leave(page: Page) -> None:
    """The account is closed when its days are over."""
    page.get_by_label("탈퇴하겠습니다.").check()
    page.get_by_role("button", name="탈퇴하기").click()
    expect(page.locator("[data-closing]")).to_be_visible()
    assert close_due_accounts(timezone.now() + timedelta(days=8)) == 1
    page.goto("/me/")
    expect(page.get_by_role("main").get_by_role("link", name="로그인")).to_be_visible()
