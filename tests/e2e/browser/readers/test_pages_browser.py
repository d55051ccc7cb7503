"""Reader pages in a real browser: accounts, votes, comments, saves."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actions import suspend
from accounts.models import User
from articles.models import Article, ArticleCounts
from comments.actions import delete_comment, post_comment
from polls.actions import close_poll
from polls.models import Poll, Vote
from tests.support import make
from tests.support.browser import chromium, page, tick_statements

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

EMAIL, PASSWORD = "new.reader@example.com", "a-long-enough-word-7"


def sign_in(page: Page, user: User) -> None:
    """Sign in as a reader whose address is confirmed."""
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    page.goto("/account/")
    form = page.locator("[data-sign-in]")
    form.get_by_label("이메일").fill(user.email)
    form.get_by_label("비밀번호").fill(f"{user.name}-password-1")
    form.get_by_role("button", name="로그인").click()
    page.wait_for_url("**/me/")


def with_poll(**over: object) -> Article:
    return make.live(poll=make.poll_data(**over))


def test_a_reader_signs_up_and_out_and_in_again(page: Page) -> None:
    page.goto("/account/?next=/articles/")
    form = page.locator("[data-sign-up]")
    form.get_by_label("이메일").fill(EMAIL)
    form.get_by_label("비밀번호").fill(PASSWORD)
    tick_statements(form)
    form.get_by_role("button", name="가입하기").click()
    page.wait_for_url(re.compile(r"//[^/]+/articles/$"))
    assert User.objects.get(email=EMAIL).nickname
    page.goto("/account/")
    expect(page.get_by_text(EMAIL)).to_be_visible()
    page.get_by_role("button", name="로그아웃").click()
    sign_in_form = page.locator("[data-sign-in]")
    sign_in_form.get_by_label("이메일").fill(EMAIL)
    sign_in_form.get_by_label("비밀번호").fill(PASSWORD)
    sign_in_form.get_by_role("button", name="로그인").click()
    page.wait_for_url("**/me/")


def test_wrong_password_shows_an_error(page: Page) -> None:
    make.reader("chi")
    page.goto("/account/")
    form = page.locator("[data-sign-in]")
    form.get_by_label("이메일").fill("chi@example.com")
    form.get_by_label("비밀번호").fill("not-the-password")
    form.get_by_role("button", name="로그인").click()
    expect(form.get_by_role("alert")).to_contain_text("비밀번호")


@pytest.mark.parametrize(
    "elsewhere", ["//example.invalid/", "/\\example.invalid", "https://a.invalid"]
)
def test_sign_in_does_not_redirect_to_another_site(page: Page, elsewhere: str) -> None:
    user = make.reader("chi")
    page.goto(f"/account/?next={elsewhere}")
    form = page.locator("[data-sign-in]")
    form.get_by_label("이메일").fill(user.email)
    form.get_by_label("비밀번호").fill("chi-password-1")
    form.get_by_role("button", name="로그인").click()
    page.wait_for_url("**/me/")
    expect(page).not_to_have_url(re.compile("invalid"))


def test_password_is_reset_by_email(page: Page) -> None:
    make.reader("chi")
    page.goto("/account/password/")
    page.get_by_label("이메일").fill("chi@example.com")
    page.get_by_role("button", name="메일 보내기").click()
    expect(page.get_by_role("alert")).to_contain_text("메일이 도착합니다")
    (letter,) = mail.outbox
    (link,) = re.findall(r"/account/password/\S+/", str(letter.body))
    page.goto(link)
    page.get_by_label("새 비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="비밀번호 바꾸기").click()
    expect(page.get_by_role("alert")).to_contain_text("바꾸었습니다")
    assert User.objects.get(email="chi@example.com").check_password(PASSWORD)


def test_email_address_is_confirmed_by_email(page: Page) -> None:
    page.goto("/account/")
    form = page.locator("[data-sign-up]")
    form.get_by_label("이메일").fill(EMAIL)
    form.get_by_label("비밀번호").fill(PASSWORD)
    tick_statements(form)
    form.get_by_role("button", name="가입하기").click()
    page.wait_for_url("**/me/")
    (letter,) = mail.outbox
    (link,) = re.findall(r"/account/verify/\S+/", str(letter.body))
    page.goto(link)
    page.get_by_role("button", name="확인").click()
    expect(page.get_by_role("alert")).to_contain_text("확인되었습니다")
    assert EmailAddress.objects.get(email=EMAIL).verified


def test_a_reader_without_an_account_votes_and_changes_the_vote(page: Page) -> None:
    page.goto(with_poll().get_absolute_url())
    page.get_by_role("button", name="찬에 투표").click()
    expect(page.get_by_role("button", name="내 선택: 찬")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-total]")).to_have_text("1")
    page.get_by_role("button", name="반에 투표").click()
    expect(page.get_by_role("button", name="내 선택: 반")).to_be_visible()
    expect(page.locator('[data-share="con"]')).to_have_text("100")
    expect(page.locator("[data-total]")).to_have_text("1")
    assert list(Vote.objects.values_list("side", flat=True)) == ["con"]
    page.reload()
    expect(page.get_by_role("button", name="내 선택: 반")).to_be_visible()


def test_a_held_vote_is_counted_after_the_browser_has_worked_for_it(
    page: Page, settings: Any
) -> None:
    """community B84."""
    settings.VOTE_ADDRESS_CEILINGS = ((0, 3600),)
    settings.VOTE_PROOF_BITS = 8
    page.goto(with_poll().get_absolute_url())
    page.get_by_role("button", name="찬에 투표").click()
    expect(page.get_by_role("button", name="내 선택: 찬")).to_be_visible()
    # The challenge counts as many as the ceiling: none.
    expect(page.locator("[data-poll-says]")).to_have_text(
        "표를 받았습니다. 확인을 마치면 집계합니다."
    )
    expect(page.locator("[data-total]")).to_have_text("0")
    settings.VOTE_ADDRESS_CEILINGS = ()
    page.reload()
    page.get_by_role("button", name="내 선택: 찬").click()
    expect(page.locator("[data-total]")).to_have_text("1")
    assert Vote.objects.get().state == "counted"


def test_hidden_poll_results_appear_after_voting(page: Page) -> None:
    page.goto(with_poll(results="after_vote").get_absolute_url())
    expect(page.locator("[data-results]")).to_be_hidden()
    page.get_by_role("button", name="반에 투표").click()
    expect(page.locator("[data-results]")).to_be_visible()
    page.reload()
    expect(page.locator("[data-results]")).to_be_visible()


def test_closed_poll_takes_no_votes(page: Page) -> None:
    article = with_poll()
    Poll.objects.update(
        opens_at=timezone.now() - timedelta(days=2), closes_at=timezone.now() - timedelta(days=1)
    )
    page.goto(article.get_absolute_url())
    expect(page.get_by_text("투표가 끝났습니다.")).to_be_visible()
    expect(page.get_by_role("button", name="찬에 투표")).to_have_count(0)


def test_vote_after_the_poll_closed_shows_an_error(page: Page) -> None:
    article = with_poll()
    page.goto(article.get_absolute_url())
    close_poll(Poll.objects.get(), by=make.ben())
    page.get_by_role("button", name="찬에 투표").click()
    expect(page.locator("[data-poll-says]")).to_have_class("notice bad")
    expect(page.get_by_role("button", name="내 선택: 찬")).to_have_count(0)


def test_reader_comments_replies_and_deletes_the_comment(page: Page) -> None:
    article = make.live()
    post_comment(article, by=make.reader("mal"), text="첫 댓글입니다")
    sign_in(page, make.reader("chi"))
    page.goto(article.get_absolute_url())
    thread = page.locator("[data-thread]")
    first = thread.locator(".comment").filter(has_text="첫 댓글입니다").first
    expect(first.get_by_role("button", name="삭제")).to_be_hidden()
    page.get_by_label("댓글 쓰기").fill("<b>굵은</b> 댓글 & 인사")
    page.get_by_role("button", name="등록").click()
    mine = thread.locator(".comment").filter(has_text="<b>굵은</b> 댓글 & 인사")
    expect(mine).to_contain_text("chi")
    expect(page.locator("h2 [data-count=comments]")).to_have_text("2")
    first.get_by_role("button", name="답글").click()
    page.get_by_label("답글 쓰기").fill("답글입니다")
    page.locator(".reply-form").get_by_role("button", name="등록").click()
    expect(first.locator("> .replies")).to_contain_text("답글입니다")
    expect(page.locator(".reply-form")).to_have_count(0)
    page.reload()
    page.once("dialog", lambda dialog: dialog.accept())
    mine.get_by_role("button", name="삭제").click()
    expect(mine).to_have_count(0)
    expect(page.locator("h2 [data-count=comments]")).to_have_text("2")
    assert ArticleCounts.objects.get(article=article).comments == 2


def test_invalid_comment_shows_an_error(page: Page) -> None:
    article = make.live()
    chi = make.reader("chi")
    sign_in(page, chi)
    page.goto(article.get_absolute_url())
    expect(page.get_by_label("댓글 쓰기")).to_be_visible()
    suspend(chi, until=timezone.now() + timedelta(days=1), reason="도배", by=make.ben())
    page.get_by_label("댓글 쓰기").fill("또 왔습니다")
    page.get_by_role("button", name="등록").click()
    expect(page.locator("#comment-says")).to_contain_text("도배")


def test_anonymous_commenter_is_sent_to_sign_in_and_back(page: Page) -> None:
    article = make.live(slug="댓글-기사")
    make.reader("chi")
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="로그인하고 댓글 쓰기").click()
    form = page.locator("[data-sign-in]")
    form.get_by_label("이메일").fill("chi@example.com")
    form.get_by_label("비밀번호").fill("chi-password-1")
    form.get_by_role("button", name="로그인").click()
    page.wait_for_url("**/#comments")
    expect(page.get_by_label("댓글 쓰기")).to_be_visible()


def test_hidden_and_deleted_comments_leave_a_placeholder(page: Page) -> None:
    article = make.live()
    chi = make.reader("chi")
    first = post_comment(article, by=chi, text="지울 댓글")
    post_comment(article, by=make.reader("mal"), text="그 아래 답글", parent=first.pk)
    delete_comment(first, by=chi)
    page.goto(article.get_absolute_url())
    place = page.locator(f"#comment-{first.pk}")
    expect(place).to_contain_text("삭제된 댓글입니다.")
    expect(place).to_contain_text("그 아래 답글")
    expect(place).not_to_contain_text("지울 댓글")


def test_saved_article_is_listed_on_my_page(page: Page) -> None:
    article = make.live(headline="다시 읽을 기사")
    sign_in(page, make.reader("chi"))
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="저장하기").click()
    expect(page.get_by_role("button", name="저장함")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-count=saves]")).to_have_text("1")
    page.goto("/me/")
    page.get_by_role("link", name="다시 읽을 기사").click()
    page.get_by_role("button", name="저장함").click()
    expect(page.get_by_role("button", name="저장하기")).to_be_visible()
    page.goto("/me/")
    expect(page.get_by_text("아직 저장한 기사가 없습니다.")).to_be_visible()


def test_saving_anonymously_leads_to_sign_in(page: Page) -> None:
    page.goto(make.live().get_absolute_url())
    page.get_by_role("button", name="저장하기").click()
    page.wait_for_url("**/account/**")
    expect(page.get_by_role("button", name="로그인", exact=True)).to_be_visible()


def test_reader_changes_the_nickname(page: Page) -> None:
    make.reader("mal")
    sign_in(page, make.reader("chi"))
    field = page.get_by_label("댓글에 보이는 별명")
    expect(field).to_have_value("chi")
    field.fill("mal")
    page.get_by_role("button", name="바꾸기").click()
    expect(page.locator("[data-nickname] [data-says]")).to_have_class("notice bad")
    field.fill("새벽산책")
    page.get_by_role("button", name="바꾸기").click()
    expect(page.get_by_text("별명을 바꾸었습니다.")).to_be_visible()
    assert User.objects.get(email="chi@example.com").nickname == "새벽산책"


def test_mascots_and_photo_are_loaded(page: Page) -> None:
    article = make.live(poll=make.poll_data(), lead_photo=make.photo())
    page.goto(article.get_absolute_url())
    page.wait_for_load_state("networkidle")
    broken = (
        "[...document.images].filter(i => i.loading !== 'lazy' && !i.naturalWidth).map(i => i.src)"
    )
    assert page.evaluate(broken) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_have_no_horizontal_overflow(page: Page, width: int) -> None:
    article = make.live(
        headline="아주긴낱말이붙어있는제목" * 8,
        poll=make.poll_data(question="띄어쓰지않은질문" * 12),
        lead_photo=make.photo(),
    )
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/", article.get_absolute_url(), "/articles/", "/account/", "/none/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
