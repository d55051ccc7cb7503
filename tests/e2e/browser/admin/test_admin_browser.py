"""Admin in a real browser: writing, uploading, scheduling, withdrawing, moderating."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from desk.models import Draft, Release
from media.models import Photo
from media.tasks import process_due_uploads as process_uploads
from tests.support import make
from tests.support.browser import chromium, page
from tests.support.loopback.processes import wait_until

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


# The scripts of the form take what is in it shortly after it was loaded as read.
FORM_IS_READ = """() => {
  const [navigation] = performance.getEntriesByType("navigation");
  return performance.now() > navigation.domContentLoadedEventEnd + 800;
}"""


def sign_in(page: Page, user: User) -> None:
    """Give the browser a session of this user; the form is for `sign_in_by_form`. No page is opened."""
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(user)
    key = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": key, "domain": "localhost", "path": "/"}])


def open_admin(page: Page, user: User) -> None:
    """Open the first page of the admin with a session of this user."""
    sign_in(page, user)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="오늘", level=1)).to_be_visible()


def sign_in_by_form(page: Page, user: User) -> None:
    page.goto("/admin/")
    page.get_by_label("e-mail").or_(page.get_by_label("이메일")).fill(user.email)
    page.get_by_label("비밀번호").fill(f"{user.email.split('@')[0]}-password-1")
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("heading", name="오늘", level=1)).to_be_visible()


def body_editor(page: Page) -> Any:
    return page.locator(".ProseMirror[contenteditable=true]")


def wait_for_form(page: Page) -> None:
    """Wait until the story form has its editor and its scripts listen."""
    expect(body_editor(page)).to_be_visible()
    wait_until(lambda: bool(page.evaluate(FORM_IS_READ)), within=20)


def pick_autocomplete(page: Page, label: str, name: str) -> None:
    """Search in an autocomplete field, and pick the first result."""
    page.locator(f".field-{label} .select2-search__field").fill(name)
    page.locator(".select2-results__option", has_text=name).first.click()


def open_story(page: Page, headline: str) -> None:
    """Open the form of the only story with this headline."""
    page.goto(f"/admin/desk/draft/{Draft.objects.get(headline=headline).pk}/change/")


def collapsed_group(page: Page, group: str) -> Any:
    """The summary of a collapsed fieldset."""
    return page.locator("fieldset details summary", has_text=group)


def test_editor_fills_in_a_story_and_publishes_it(
    page: Page, ben: User, client: Client, tmp_path: Path
) -> None:
    make.section()
    for name in ("한빛", "서윤"):
        make.author(name)
    picture = tmp_path / "robot.jpg"
    picture.write_bytes(make.image_bytes())
    open_admin(page, ben)
    page.get_by_role("link", name="새 원고 쓰기").click()
    page.locator("#id_headline").fill("로봇, 계단을 오르다")
    for n, words in enumerate(("하나를 올랐다", "둘을 올랐다", "셋에서 멈췄다"), start=1):
        page.get_by_label(f"요약 {n}").fill(words)
    expect(page.locator(".field-headline .counter")).to_have_text("11 / 200")
    body_editor(page).click()
    page.keyboard.type("계단은 ")
    page.get_by_role("button", name="굵게").click()
    page.keyboard.type("열두 개")
    page.get_by_role("button", name="굵게").click()
    page.keyboard.type("였습니다.")
    page.locator("#id_section").select_option("산업")
    pick_autocomplete(page, "authors", "서윤")
    pick_autocomplete(page, "authors", "한빛")
    page.locator("#id_tags").fill("로봇, 계단")
    upload_lead_photo(page, picture)
    expect(page.locator("#id_photo_alt")).to_have_value(
        "계단 앞의 로봇"
    )  # the library's, to begin with
    page.locator("#id_photo_caption").fill("처음 오른 계단")
    collapsed_group(page, "부키와 모키").click()
    page.locator("#id_poll_question").fill("로봇이 먼저 타도 될까?")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="지금 발행").click()
    expect(page.get_by_text("발행했습니다. 1판이 공개 중입니다.")).to_be_visible()
    article_data = client.get(f"/api/v1/articles/{Article.objects.get().slug}/").json()
    assert article_data["body_html"] == "<p>계단은 <strong>열두 개</strong>였습니다.</p>"
    assert article_data["summary"] == ["하나를 올랐다", "둘을 올랐다", "셋에서 멈췄다"]
    assert [author["name"] for author in article_data["authors"]] == ["서윤", "한빛"]
    assert [tag["name"] for tag in article_data["tags"]] == ["로봇", "계단"]
    assert article_data["lead_photo"]["alt"] == "계단 앞의 로봇"
    assert article_data["lead_photo"]["caption"] == "처음 오른 계단"
    assert article_data["poll"]["question"] == "로봇이 먼저 타도 될까?"


def upload_lead_photo(page: Page, picture: Path) -> None:
    with page.expect_popup() as opened:
        page.get_by_role("button", name="사진 고르기·올리기").click()
    library = opened.value
    library.get_by_text("새 사진 올리기").click()
    library.get_by_label("사진 파일").set_input_files(picture)
    library.get_by_label("대체 텍스트").fill("계단 앞의 로봇")
    library.get_by_role("button", name="올리기", exact=True).click()
    uploaded = library.locator(".pick", has_text="계단 앞의 로봇")
    expect(uploaded).to_be_disabled()
    expect(uploaded).to_contain_text("처리 중")
    process_uploads()
    expect(uploaded.locator("img")).to_have_js_property("naturalWidth", 480, timeout=30_000)
    uploaded.click()
    expect(page.locator(".field-lead_photo .photo-words")).to_have_text("계단 앞의 로봇")


def test_photo_library_shows_upload_when_ready_or_its_failure(
    page: Page, ben: User, tmp_path: Path
) -> None:
    sign_in(page, ben)
    whole = make.image_bytes(size=(1200, 800))
    for name, raw in (("whole.jpg", whole), ("half.jpg", whole[:-400])):
        (tmp_path / name).write_bytes(raw)
        page.goto("/admin/media/photo/add/")
        page.locator("#id_file").set_input_files(tmp_path / name)
        page.locator("#id_alt").fill(name)
        page.get_by_role("button", name="저장", exact=True).click()
    waiting = page.locator("tr .photo-status.processing")
    expect(waiting).to_have_count(2)
    process_uploads()
    rows = page.locator("#result_list tr")
    shown = rows.filter(has_text="whole.jpg").locator("img.thumb")
    expect(shown).to_have_js_property("naturalWidth", 480, timeout=30_000)
    expect(rows.filter(has_text="half.jpg")).to_contain_text("온전한 JPEG", timeout=30_000)


def test_photo_in_the_body_is_shown_before_and_after_publication(
    page: Page, ben: User, client: Client
) -> None:
    photo = make.photo(alt="복도의 로봇")
    story = make.draft(headline="복도의 로봇 이야기")
    sign_in(page, ben)
    open_story(page, story.headline)
    body_editor(page).click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="사진", exact=True).click()
    opened.value.locator(".pick", has_text="복도의 로봇").click()
    image = body_editor(page).locator("img")
    expect(image).to_have_js_property("complete", True)
    expect(image).not_to_have_js_property("naturalWidth", 0)
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    assert f'src="/media/photos/{photo.key}/' in Draft.objects.get().body
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="지금 발행").click()
    expect(page.get_by_text("1판이 공개 중입니다.")).to_be_visible()
    assert Photo.objects.get().public
    assert photo.key in client.get(f"/api/v1/articles/{Article.objects.get().slug}/").text


def test_story_is_scheduled_changed_and_replaced(page: Page, ben: User) -> None:
    story = make.draft(headline="밤에 나갈 이야기")
    at = timezone.localtime() + timedelta(hours=3)
    sign_in(page, ben)
    page.goto("/admin/desk/draft/")
    page.get_by_role("link", name=story.headline).click()
    page.locator(".ask-row summary", has_text="예약").click()
    page.get_by_label("나갈 시각").fill(at.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="예약", exact=True).click()
    expect(page.get_by_text("1판이", exact=False).first).to_be_visible()
    page.get_by_label("부제").fill("뒤늦게 고친 부제")
    page.get_by_role("button", name="예약판 교체").click()
    expect(page.locator(".messagelist")).to_contain_text("2판이")
    assert Release.objects.get().edition.deck == "뒤늦게 고친 부제"


def test_article_is_withdrawn_after_confirmation(page: Page, ben: User, client: Client) -> None:
    article = make.live(headline="잘못 나간 이야기")
    sign_in(page, ben)
    open_story(page, "잘못 나간 이야기")
    page.get_by_role("link", name="기사 내리기").click()
    assert Article.objects.live().exists()
    page.get_by_label("독자에게 남길 안내문").fill("사실과 달라 내립니다.")
    page.get_by_role("button", name="기사 내리기").click()
    expect(page.get_by_text("기사를 내렸습니다.")).to_be_visible()
    expect(page.locator(".state blockquote")).to_have_text("사실과 달라 내립니다.")
    assert client.get(f"/api/v1/articles/{article.slug}/").status_code == 410


def test_enter_key_saves_and_never_publishes(page: Page, ben: User) -> None:
    make.draft(headline="엔터를 누른 이야기")
    sign_in(page, ben)
    open_story(page, "엔터를 누른 이야기")
    page.get_by_label("부제").fill("엔터로 저장한 부제")
    page.keyboard.press("Enter")
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    assert not Article.objects.exists()


def test_leaving_with_unsaved_changes_asks_for_confirmation(page: Page, ben: User) -> None:
    make.draft(headline="저장하지 않은 이야기")
    page.route("**/autosave/", lambda route: route.abort())
    sign_in(page, ben)
    open_story(page, "저장하지 않은 이야기")
    wait_for_form(page)
    page.get_by_label("부제").press_sequentially("사라질 뻔한 부제")
    expect(page.locator(".unsaved")).to_have_text("저장하지 않은 내용이 있습니다.")
    dialog_types: list[str] = []

    def response(dialog: Dialog) -> None:
        dialog_types.append(dialog.type)
        dialog.accept()

    page.on("dialog", response)
    page.goto("/admin/")
    assert dialog_types == ["beforeunload"]


def test_leaving_an_unchanged_story_asks_nothing(page: Page, ben: User) -> None:
    make.draft(headline="들여다본 이야기")
    sign_in(page, ben)
    open_story(page, "들여다본 이야기")
    wait_for_form(page)
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("바뀐 것이 없습니다.")).to_be_visible()


def test_comment_is_moderated_in_the_list(page: Page, mo: User, chi: User) -> None:
    comment = Comment.objects.create(
        article=make.live(), author=chi, text="기다리는 댓글", state="held"
    )
    open_admin(page, mo)
    page.get_by_role("link", name="댓글", exact=True).first.click()
    page.get_by_role("button", name="보이기").click()
    expect(page.get_by_text("독자에게 보입니다.")).to_be_visible()
    comment.refresh_from_db()
    assert comment.state == "visible"


def test_new_staff_account_is_created_and_signs_in(page: Page, chief: User) -> None:
    sign_in_by_form(page, chief)
    page.goto("/admin/accounts/user/add/")
    page.get_by_label("이메일").fill("new@example.com")
    page.get_by_label("이름").fill("새 기자")
    page.get_by_label("기자", exact=True).check()
    page.get_by_label("비밀번호").fill("new-password-1")
    page.locator("[name=_save]").click()
    page.get_by_role("button", name="로그아웃").click()
    sign_in_by_form(page, User.objects.get(email="new@example.com"))
    expect(page.get_by_role("link", name="새 원고 쓰기")).to_be_visible()
