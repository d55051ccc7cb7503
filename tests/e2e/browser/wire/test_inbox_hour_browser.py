"""An editor's hour at the wire inbox, by keyboard: what arrives, writing, a correction, a cancellation."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from desk.actions import edit
from desk.models import Draft
from tests.desk.agency.newsroom import CANCELLED, CORRECTED, TITLE, arrives
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot
from wire.actions import cancel_story
from wire.admin import stories
from wire.models import Story

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/wire/story/"
FIRST = (
    "가상시는 강변길을 다시 연다고 밝혔다.",
    "공사는 석 달 걸렸다.",
    "밤 열 시부터는 닫는다.",
    "자전거도 다닌다.",
)
SECOND = (
    "가상시는 강변길을 다음 달에 다시 연다고 밝혔다.",
    "공사는 넉 달 걸렸다.",
    "밤 열 시부터는 닫는다.",
    "개도 데려갈 수 있다.",
)


def look_at(page: Page, name: str, *, within: str = "#content") -> None:
    """Wide and narrow: no accessibility violations, nothing to scroll sideways."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        take_screenshot(page, f"inboxui-{name}-{width}")
        assert axe_violations(page, within) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})


def rows(page: Page) -> Locator:
    return page.locator("#result_list tbody tr")


def row(page: Page, headline: str) -> Locator:
    return rows(page).filter(has_text=headline).first


def expect_focus(page: Page, headline: str) -> None:
    expect(row(page, headline).locator("th a")).to_be_focused()


def show_list(page: Page, query: str = "") -> None:
    page.goto(f"{LIST}{query}")
    expect(page.get_by_role("heading", name="통신 기사함", level=1)).to_be_visible()
    page.evaluate("window.isSamePage = true")


def expect_story(page: Page, headline: str) -> None:
    """The page of the story is open, and its scripts have run: its keys work."""
    expect(page.get_by_role("heading", name=headline, level=1)).to_be_visible()
    page.wait_for_load_state("domcontentloaded")


def new_stories(page: Page) -> Locator:
    return page.locator("#inbox-live button")


def learn_the_keys(page: Page) -> None:
    """The dialog lists the keys and can switch them off; fields keep their letters."""
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="통신 기사함 단축키")
    expect(dialog).to_be_visible()
    look_at(page, "keys", within="#keys-dialog")
    dialog.get_by_label("이 브라우저에서 단축키 쓰기").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#result_list :focus")).to_have_count(0)
    page.get_by_role("button", name="단축키").click()
    dialog.get_by_label("이 브라우저에서 단축키 쓰기").check()
    dialog.get_by_role("button", name="닫기").click()
    expect(dialog).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#searchbar")).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.locator("#searchbar")).to_have_value("jk?")
    expect(dialog).to_be_hidden()
    page.locator("#searchbar").fill("")
    page.locator("#searchbar").blur()


def move_and_see_what_arrives(page: Page) -> None:
    """New stories wait behind a line; the focused row stays until somebody asks for them."""
    page.keyboard.press("j")
    expect_focus(page, "새 다리")
    page.keyboard.press("ArrowDown")
    expect_focus(page, TITLE)
    page.keyboard.press("k")
    expect_focus(page, "새 다리")
    arrives("도서관, 밤 열 시까지 연다", hour=11, body=("도서관이 늦게까지 연다.",))
    expect(new_stories(page)).to_have_text("새 기사 1건 보기")
    arrives("시장 골목에 지붕 생긴다", hour=11, body=("비를 맞지 않고 장을 본다.",))
    expect(new_stories(page)).to_have_text("새 기사 2건 보기")
    expect(rows(page)).to_have_count(2)
    expect_focus(page, "새 다리")
    look_at(page, "arrived")
    page.keyboard.press("n")
    expect(rows(page)).to_have_count(4)
    expect(rows(page).first.locator(".fresh")).to_have_text("새로")
    expect(rows(page).first.locator("th a")).to_be_focused()
    expect(new_stories(page)).to_be_hidden()
    assert page.evaluate("window.isSamePage")  # without a reload


def filter_and_open(page: Page) -> None:
    """What arrives is offered only where it matches the search."""
    page.keyboard.press("/")
    page.keyboard.type("강변길")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(1)
    arrives("버스 노선 바뀐다", hour=12, body=("버스가 돌아간다.",))
    arrives("밤길 걷기 모임 생긴다", hour=12, body=("모임은 강변길에서 만난다.",))
    expect(new_stories(page)).to_have_text("새 기사 1건 보기")
    page.keyboard.press("n")
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("j")
    expect_focus(page, TITLE)
    page.keyboard.press("Enter")
    expect_story(page, TITLE)
    page.keyboard.press("d")
    expect(page.locator(".keys-words")).to_have_text("여기서는 이 단축키로 할 일이 없습니다.")
    page.keyboard.press("k")
    expect_story(page, "밤길 걷기")
    page.keyboard.press("j")
    expect_story(page, TITLE)


def write_from_it_and_be_asked(page: Page, ben: User) -> None:
    page.keyboard.press("w")
    expect(page.locator(".messagelist")).to_contain_text("원고를 시작했습니다")
    show_list(page)
    expect(row(page, TITLE).locator(".field-first_draft")).to_contain_text(str(ben))
    expect(row(page, TITLE).locator(".field-first_draft a")).to_be_visible()
    row(page, TITLE).locator("th a").focus()
    page.keyboard.press("w")
    expect(page.get_by_role("link", name="먼저 쓴 원고 열기")).to_be_visible()
    assert Draft.objects.count() == 1


def read_the_correction(page: Page) -> None:
    """The row changes where it is; the story stands beside the draft, with the words that differ."""
    show_list(page)
    row(page, TITLE).locator("th a").focus()
    arrives(CORRECTED, hour=13, body=SECOND)
    expect(row(page, TITLE).locator(".field-version")).to_have_text("2")
    expect(new_stories(page)).to_have_text("바뀐 기사 1건")
    expect_focus(page, TITLE)
    page.keyboard.press("n")
    expect(rows(page).first).to_contain_text(TITLE)
    page.keyboard.press("Enter")
    side = page.locator("#side-by-side")
    expect(side).to_contain_text("통신사 기사문 2")
    expect(side).to_contain_text("넉 달 걸렸다")
    expect(side).to_contain_text("석 달 걸렸다")
    look_at(page, "story")
    page.keyboard.press("d")
    expect(page.locator("ins", has_text="다음 달에")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".diff-row:focus")).to_have_count(1)
    look_at(page, "diff")
    page.keyboard.press("u")
    expect(page.locator("#story-takings")).to_contain_text("통신사의 새 본문 있음")


def take_over_a_paragraph(page: Page, ben: User) -> None:
    draft = Draft.objects.get()
    edit(draft, by=ben, body=draft.body.replace("강변길을 다시", "강변길을 드디어 다시"))
    page.get_by_role("link", name="바뀐 대목 보고 가져오기").click()
    expect(page.locator(".own-words")).to_contain_text("드디어 다시")
    expect(page.get_by_role("button", name="우리 문단 대신")).to_be_visible()
    expect(page.get_by_role("button", name="이 문단 가져오기").first).to_be_visible()
    look_at(page, "take-over")
    changed = page.locator(".take-row", has=page.locator("button[value='text-1']"))
    changed.get_by_role("button").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("새 버전으로 저장했습니다")
    expect(page.locator(".take-row.taken")).to_have_count(1)
    draft = Draft.objects.get()
    assert "넉 달" in draft.body
    assert "드디어 다시" in draft.body
    look_at(page, "taken")
    page.get_by_role("button", name="기사문 2까지 반영했음으로 표시").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text(
        "최신 기사문까지 반영했음으로 표시했습니다"
    )
    assert Draft.objects.get().wire_version != draft.wire_version


def see_the_cancellation(page: Page) -> None:
    show_list(page)
    row(page, TITLE).locator("th a").focus()
    arrives(CANCELLED, hour=15)
    expect(row(page, TITLE).locator(".chip.gone")).to_be_visible()
    expect_focus(page, TITLE)
    look_at(page, "cancelled")
    assert page.evaluate("window.isSamePage")
    page.keyboard.press("Enter")
    expect_story(page, TITLE)
    expect(page.locator("#content .chip.gone").first).to_be_visible()
    page.keyboard.press("w")
    expect(page.locator(".keys-words")).to_have_text("여기서는 이 단축키로 할 일이 없습니다.")
    assert Draft.objects.count() == 1


def test_an_editors_hour_at_the_inbox(
    page: Page, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "POLL_SECONDS", 1)
    page.set_viewport_size({"width": 1440, "height": 900})
    arrives(TITLE, body=FIRST)
    arrives("[속보] 시장, 새 다리 계획 밝혀", hour=10, body=("새 다리는 내년에 놓는다.",))
    sign_in(page, ben)
    show_list(page)
    look_at(page, "list")
    learn_the_keys(page)
    move_and_see_what_arrives(page)
    filter_and_open(page)
    write_from_it_and_be_asked(page, ben)
    read_the_correction(page)
    take_over_a_paragraph(page, ben)
    see_the_cancellation(page)
    draft = Draft.objects.get()
    assert draft.created_by == ben
    assert draft.wire_version is not None
    assert draft.wire_version.story.status == Story.Status.CANCELLED


FIRST_HEADLINES = (
    "가로수 심는다",
    "우체국 옮긴다",
    "수영장 고친다",
    "장터 열린다",
    "시계탑 멈춘다",
)
LATER_HEADLINES = (
    "빵집 늘어난다",
    "철길 걷어낸다",
    "연못 얼어붙는다",
    "학교 문 연다",
    "다리 칠한다",
)


def send(headlines: tuple[str, ...], *, first_hour: int) -> None:
    for hour, headline in enumerate(headlines, first_hour):
        arrives(headline, hour=hour, body=(f"{headline}고 가상시가 밝혔다.",))


def expect_rows(page: Page, *headlines: str) -> None:
    expect(rows(page).locator("th a")).to_have_text(list(headlines))


def test_pages_of_a_busy_list_lose_no_story(
    page: Page, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A story leaves the filter, "Newer" leads back to a live list, and more than a page arrives."""
    monkeypatch.setattr(stories, "POLL_SECONDS", 1)
    monkeypatch.setattr(stories.StoryAdmin, "list_per_page", 3)
    page.set_viewport_size({"width": 1440, "height": 900})
    send(FIRST_HEADLINES, first_hour=1)
    sign_in(page, ben)
    show_list(page, "?status__exact=usable")
    expect_rows(page, *FIRST_HEADLINES[:1:-1])
    cancel_story(
        arrives(FIRST_HEADLINES[3], hour=4, body=(f"{FIRST_HEADLINES[3]}고 가상시가 밝혔다.",)),
        reason="시험",
        by=ben,
    )
    expect(row(page, FIRST_HEADLINES[3]).locator(".fresh")).to_have_text("목록에서 빠짐")
    expect(new_stories(page)).to_have_text("목록에서 빠진 기사 1건")
    look_at(page, "left", within="#changelist-form")
    page.keyboard.press("n")
    expect_rows(page, FIRST_HEADLINES[4], FIRST_HEADLINES[2], FIRST_HEADLINES[1])

    page.locator(".newer-older [rel=next]").click()
    expect_rows(page, FIRST_HEADLINES[0])
    page.locator(".newer-older [rel=prev]").click()
    expect_rows(page, FIRST_HEADLINES[4], FIRST_HEADLINES[2], FIRST_HEADLINES[1])
    send(LATER_HEADLINES[:1], first_hour=6)
    expect(new_stories(page)).to_have_text("새 기사 1건 보기")
    page.keyboard.press("n")
    expect_rows(
        page, LATER_HEADLINES[0], FIRST_HEADLINES[4], FIRST_HEADLINES[2], FIRST_HEADLINES[1]
    )

    send(LATER_HEADLINES[1:], first_hour=7)
    expect(new_stories(page)).to_have_text("새 기사 3건 이상 보기")
    page.keyboard.press("n")
    expect_rows(page, *LATER_HEADLINES[:1:-1])
    page.locator(".newer-older [rel=next]").click()
    expect_rows(page, LATER_HEADLINES[1], LATER_HEADLINES[0], FIRST_HEADLINES[4])
