"""Legal duties in a real browser: a claim from its receipt to the published correction, and an erasure."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.actions import put_on_legal_hold
from desk.actions.collaboration.section_roles import set_section_role
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support import make
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
expect.set_options(timeout=20_000)
WORD = "까마귀열쇠"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Fields and texts that reach beyond the page within its margins, where they are cut off.
CUT_OFF = """() => {
  const content = document.querySelector("#content");
  const edge = content.getBoundingClientRect().right - parseFloat(getComputedStyle(content).paddingRight);
  return [...document.querySelectorAll("#content input, #content select, #content textarea")]
    .filter((field) => field.getBoundingClientRect().right > edge).map((field) => field.name);
}"""


def press(page: Page, name: str) -> None:
    """Press a button of an object's page."""
    page.locator("#content .press", has_text=name).first.click()


def confirm(page: Page) -> None:
    """Press the button of the form on the page of a button."""
    page.locator("#content form [type=submit]").last.click()


def expect_fits_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate(CUT_OFF) == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def test_claim_from_its_receipt_to_the_correction(page: Page, ben: User, chief: User) -> None:
    article = make.live(headline="로봇, 문을 부수다", slug="로봇과-문")
    other = make.live(headline="무용단의 새 무대", section=make.section("문화"))
    set_section_role(ben, section=make.section(), role="editor", by=chief)
    hidden = make.claim(other, by=chief)
    now = timezone.localtime()
    page.set_default_timeout(60_000)
    sign_in(page, ben)
    page.goto("/admin/desk/claim/add/")
    page.locator("#id_article_address").fill(f"https://news.example.com/articles/{other.slug}/")
    page.locator("#id_kind").select_option(label="정정보도 청구")
    page.locator("#id_received_at").fill((now - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
    page.locator("#id_known_on").fill(f"{now - timedelta(days=1):%Y-%m-%d}")
    page.locator("#id_passage").fill("로봇이 문을 부쉈다.")
    page.locator("#id_wanted_text").fill("로봇은 열린 문을 지나갔으므로 바로잡습니다.")
    page.locator("#id_name").fill("김문지기")
    page.locator("input[name=_save]").click()
    expect(page.get_by_text("이 주소에는 발행된 기사가 없습니다.")).to_be_visible()
    expect_fits_phone(page)
    page.locator("#id_article_address").fill(f"http://localhost/articles/{article.slug}/?from=a")
    page.locator("input[name=_save]").click()
    expect(page.get_by_text("등록했습니다.")).to_be_visible()
    press(page, "수용")
    page.locator("#id_note").fill("같은 자리에 24시간")
    confirm(page)
    expect(page.get_by_text("수용했습니다.")).to_be_visible()
    press(page, "보도문 싣기")
    confirm(page)
    expect(page.get_by_text("실었습니다.")).to_be_visible()
    page.goto("/admin/desk/claim/")
    expect(page.get_by_text("게재 완료").first).to_be_visible()
    assert str(hidden) not in page.content()
    page.goto(f"/articles/{article.slug}/")
    expect(page.get_by_text("로봇은 열린 문을 지나갔으므로 바로잡습니다.").first).to_be_visible()


def test_erasure_leaves_no_word_of_the_story(page: Page, chief: User, ben: User) -> None:
    article = make.live(headline=f"{WORD} 이야기", slug="지울-기사", poll=make.poll_data())
    claim = make.claim(article, passage=WORD, reason=WORD)
    put_on_legal_hold(article, reason=f"{WORD} 사유", by=ben)
    page.set_default_timeout(60_000)
    sign_in(page, chief)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    press(page, "법에 따라 삭제")
    page.locator("#id_reference").fill("2026카합0000")
    page.locator("#id_reason").fill("법원 결정")
    page.locator("#id_slug").fill(article.slug)
    confirm(page)
    expect(page.get_by_text("삭제했습니다.")).to_be_visible()
    page.goto("/admin/audit/entry/")
    expect(page.get_by_text("(삭제됨)").first).to_be_visible()
    assert WORD not in page.content()
    page.goto(f"/admin/desk/claim/{claim.pk}/change/")
    expect(page.get_by_text("청구에 적은 내용도 지웠습니다.")).to_be_visible()
    assert WORD not in page.content()
    page.goto(f"/articles/{article.slug}/")
    assert WORD not in page.content()
