"""Two moderators at the moderation queue, by keyboard: decide, undo, collide, decide on many."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import edit_comment, post_comment
from comments.models import Comment, Decision, Report
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, collect_console_message, page, take_screenshot
from tests.support.moderation import established, held_comment, reported_comment

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/moderation/"
TEXTS = (
    "첫째: 이런 바1보 같은 로봇을 왜 만드나요.",
    "둘째: 바보라는 말밖에 안 나오네요.",
    "셋째: 문 하나 여는데 바보처럼 오래 걸리네.",
    "넷째: 바보상자 시절이 나았다고 하면 바보인가요.",
    "다섯째: 기자가 바보인 줄 알았습니다.",
)


def row(page: Page, text: str) -> Locator:
    return page.locator("#result_list tbody tr").filter(has_text=text)


def expect_panel(page: Page, text: str) -> None:
    """The comment is on the screen, with its buttons."""
    expect(page.locator("#panel .decided-text")).to_contain_text(text)


def look_at(page: Page, name: str) -> None:
    """Wide and narrow: no accessibility violations, nothing to scroll sideways."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        take_screenshot(page, f"queue-{name}-{width}")
        assert axe_violations(page, "#content") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})


def expect_quiet(page: Page) -> None:
    """No request of the screen is under way: the test reads from the database."""
    expect(page.locator("#moderation")).to_have_attribute("aria-busy", "false")


def decided(page: Page) -> Any:
    """Wait until the server has answered a decision, or its undoing."""
    return page.expect_response(lambda answer: answer.url.endswith("/decision/"))


def open_queue(page: Page, text: str) -> None:
    page.goto(QUEUE)
    expect(page.get_by_role("heading", name="댓글 심사함", level=1)).to_be_visible()
    expect_panel(page, text)


@pytest.fixture
def waiting(article: Article, chi: User, mal: User) -> list[Comment]:
    """Five held comments, one reported twice with a reply, one edited."""
    top = reported_comment(article, by=mal, reports=2, reason="hate")
    post_comment(article, by=chi, text="맞습니다. 저도 그렇게 봅니다.", parent=top.pk)
    others = [held_comment(article, by=mal, text=text) for text in TEXTS]
    edit_comment(others[4], by=mal, text=f"{TEXTS[4]} 아니면 말고요.")
    return [top, *others]


def test_two_moderators_at_one_queue(
    page: Page, chromium: Browser, live_server: Any, waiting: list[Comment], mo: User
) -> None:
    """community B31, B91, B92, B93, B97, B99."""
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, mo)
    open_queue(page, "계단 오르는 로봇")
    look_at(page, "list")
    hide_with_an_outcome(page, waiting[0])
    show_and_undo(page, waiting[1])
    complaints: list[str] = []
    chief = make.chief()
    window = chromium.new_context(base_url=live_server.url, locale="ko-KR")
    hers = window.new_page()
    hers.on("console", lambda message: collect_console_message(complaints, message))
    hers.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(hers, chief)
    collide(page, hers, waiting[1])
    decide_on_an_edited_one(page, waiting[5])
    decide_on_many(page, waiting[3:5])
    window.close()
    assert complaints == []


def hide_with_an_outcome(page: Page, comment: Comment) -> None:
    """A reported comment is hidden once it is said whether the reports were right."""
    page.keyboard.press("h")
    expect(page.locator("#reasons")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("#trouble")).to_contain_text("신고가 맞았는지 먼저")
    look_at(page, "reasons")
    with decided(page):
        page.keyboard.press("y")
        expect_panel(page, "첫째")
    expect(row(page, "계단 오르는")).to_have_count(0)
    expect_quiet(page)
    outcomes = set(Report.objects.filter(comment=comment).values_list("outcome", flat=True))
    assert outcomes == {"confirmed"}


def show_and_undo(page: Page, comment: Comment) -> None:
    """The next comment is there at once; undoing brings the former one back to its place."""
    expect(page.locator("#panel mark")).to_have_text("바1보")
    with decided(page):
        page.keyboard.press("s")
        expect_panel(page, "둘째")
    expect(page.locator("#undo")).to_be_visible()
    with decided(page):
        page.keyboard.press("u")
    expect_panel(page, "첫째")
    expect(page.locator("#result_list tbody tr").first).to_contain_text("첫째")
    expect_quiet(page)
    verbs = Entry.objects.filter(kind="comments.comment", subject=str(comment.pk)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["posted", "showed", "moderation_undone"]


def collide(page: Page, hers: Page, comment: Comment) -> None:
    """Who decides is seen, can be overruled by the chief, and a decision is named as a colleague's."""
    hers.goto(f"{QUEUE}{comment.pk}/")
    expect_panel(hers, "첫째")
    expect(hers.locator(".lease-notice")).to_contain_text("mo 님이 이 댓글을 보고 있습니다")
    take_screenshot(hers, "queue-leased")
    hers.keyboard.press("s")
    expect(hers.locator("#trouble")).to_contain_text("mo 님이 이 댓글을 보고 있습니다")
    row(hers, "첫째").locator("th a").click()
    expect_panel(hers, "첫째")
    hers.get_by_role("button", name="넘겨받기").click()
    expect(hers.locator(".lease-notice")).to_have_count(0)
    with decided(hers):
        hers.keyboard.press("s")
    page.keyboard.press("h")
    page.keyboard.press("2")
    expect(page.locator("#trouble")).to_contain_text("chief 님이")
    expect(page.locator("#trouble")).to_contain_text("이미 결정했습니다: 보임")
    expect_quiet(page)
    expect_quiet(hers)
    assert Decision.objects.in_force().filter(comment=comment).count() == 1


def decide_on_an_edited_one(page: Page, comment: Comment) -> None:
    """A decision on former words is refused and shows the new ones, on demand: not under the hand."""
    row(page, "다섯째").locator("th a").click()
    expect_panel(page, "아니면 말고요")
    expect(page.locator("#panel details").first).to_contain_text("고치기 전 글")
    look_at(page, "edited")
    expect_quiet(page)
    author = User.objects.get(comments=comment)
    edit_comment(Comment.objects.get(pk=comment.pk), by=author, text="다섯째: 바보 대신 고운 말.")
    page.keyboard.press("s")
    expect(page.locator("#trouble")).to_contain_text("그사이 독자가 댓글을 고쳤습니다")
    expect(row(page, "다섯째").locator(".outcome")).to_contain_text("그사이 독자가")
    expect(page.locator("#panel .decided-text")).not_to_contain_text("다섯째")
    row(page, "다섯째").locator("th a").click()
    expect_panel(page, "고운 말")
    assert Comment.objects.get(pk=comment.pk).state == "held"


def decide_on_many(page: Page, comments: list[Comment]) -> None:
    """Selected comments are hidden together, each with a result; undone together; hidden by keys."""
    for text in ("셋째", "넷째"):
        row(page, text).get_by_role("checkbox").check()
    expect(page.locator("#bulk .count")).to_have_text("2개 선택")
    take_screenshot(page, "queue-bulk")
    page.locator("#bulk").get_by_role("button", name="가리기").click()
    page.keyboard.press("3")
    expect(page.locator("#said")).to_contain_text("2개 결정, 0개 제외")
    expect_quiet(page)
    states = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    assert set(states.values_list("state", flat=True)) == {"hidden"}
    page.keyboard.press("u")
    for text in ("셋째", "넷째"):
        row(page, text).get_by_role("checkbox").check()
    expect_quiet(page)
    assert set(states.values_list("state", flat=True)) == {"held"}
    note = page.get_by_label("관리자끼리 보는 메모")
    page.keyboard.press("Shift+H")
    note.press("Escape")
    expect(page.locator("#reasons")).to_be_hidden()
    page.keyboard.press("Shift+H")
    note.fill("되풀이")
    note.press("Enter")
    page.keyboard.press("3")
    expect(page.locator("#said")).to_contain_text("2개 결정, 0개 제외")
    expect_quiet(page)
    decisions = Decision.objects.in_force().filter(comment__in=comments)
    assert list(decisions.values_list("reason", flat=True)) == ["되풀이", "되풀이"]


def test_a_moderator_is_told_of_an_unknown_reporter_only_by_reason(
    page: Page, article: Article, mal: User, mo: User
) -> None:
    """community B55: the screen in English has neither name nor address of who has reported."""
    reported_comment(article, by=mal, reports=1)
    sign_in(page, mo)
    page.context.set_extra_http_headers({"Accept-Language": "en"})
    name = "django_language"
    page.context.add_cookies([{"name": name, "value": "en", "domain": "localhost", "path": "/"}])
    page.goto(QUEUE)
    expect_panel(page, "계단 오르는 로봇")
    look_at(page, "english")
    reporter = established("reporter0")
    assert reporter.nickname not in page.content()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys of the moderation queue")).to_be_visible()
