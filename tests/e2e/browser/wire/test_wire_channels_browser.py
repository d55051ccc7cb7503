"""Ways in of the wire and photos of a story in a real browser: fetch now, two widths, axe-core."""

import os
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Page, expect

from media.tasks import process_due_uploads
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page
from tests.support.formats.wire_copy import agency_copy
from tests.support.loopback.receivers import LOOPBACK_NETWORKS, HTTPReceiver
from wire.actions import insert_delivery, photos
from wire.actions.channels import fetch_due_channel, save_channel
from wire.actions.filing import file_delivery
from wire.actions.photos import fetch_due_picture
from wire.models import Channel, Source, Story
from wire.parsers.result import Media, ParsedDelivery, ParsedStory

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = ((1440, 900), (390, 844))


@pytest.fixture
def drop(settings: LazySettings, tmp_path: Path, receiver: HTTPReceiver) -> Path:
    """A watched folder, beside a feed that is refused."""
    settings.WIRE_FOLDERS_DIR = str(tmp_path)
    receiver.answer = 403
    yonhap, chief = Source.objects.get(slug="yonhap"), make.chief()
    for kind, address in (("feed", receiver.url), ("folder", "drop")):
        save_channel(Channel(source=yonhap, kind=kind, address=address), by=chief)
    (tmp_path / "drop").mkdir()
    while fetch_due_channel(timezone.now()):
        """Each once."""
    return tmp_path / "drop"


@pytest.fixture
def story(receiver: HTTPReceiver, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A story with a photo in the library and one that the agency no longer has."""
    monkeypatch.setattr(photos, "PRIVATE_NETWORKS", LOOPBACK_NETWORKS)
    receiver.answer = lambda request: (
        (200, {}, make.image_bytes()) if request.path.endswith("1.jpg") else 404
    )
    media = [
        Media(
            f"{receiver.url}/1.jpg",
            caption="다시 연 다리를 시민들이 건넌다.",
            credit="가상통신",
        ),
        Media(f"{receiver.url}/2.jpg", caption="공사 전의 다리", rights="재판매 및 DB 금지"),
    ]
    parsed = ParsedStory(
        headline="가상시, 다리를 다시 연다",
        identifier="urn:가상:다리",
        agency="가상통신",
        paragraphs=["가상시는 다리를 다시 연다고 밝혔다."],
        media=media,
    )
    source = Source.objects.get(slug="yonhap")
    delivery = insert_delivery(source, raw=b"{}", name="", content_type="", by=None)
    file_delivery(delivery, parsed=ParsedDelivery([parsed], "ninjs", "utf-8"), by=None)
    while fetch_due_picture(timezone.now()):
        """Each once."""
    process_due_uploads()
    return Story.objects.get()


def check_both_widths(page: Page, name: str) -> None:
    """The page is accessible and no wider than its window, at a desk's and at a phone's width."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/wways-{name}-{width}.png", full_page=True)
        assert (axe_violations(page), overflow) == ([], 0), (name, width)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_editor_sees_what_comes_in_and_fetches_it_now(
    page: Page, drop: Path, story: Story
) -> None:
    for number in range(2):
        (drop / f"{number}.txt").write_bytes(agency_copy(f"{number}번 소식"))
        (drop / f"{number}.txt.done").touch()
    page.set_default_timeout(60_000)
    sign_in(page, make.chief())
    page.goto("/admin/wire/channel/")
    expect(page.get_by_text("1번 잇달아 실패")).to_be_visible()
    check_both_widths(page, "list")
    page.get_by_role("link", name="drop", exact=True).click()
    page.get_by_role("button", name="지금 가져오기").click()
    expect(page.get_by_text("새 수신 2건, 이미 있는 것 0건")).to_be_visible()
    check_both_widths(page, "folder")
    page.goto("/admin/wire/channel/add/")
    check_both_widths(page, "add")
    page.goto(f"/admin/wire/story/{story.pk}/change/")
    expect(page.locator(".wire-pictures img")).to_be_visible()
    expect(page.locator("#pictures")).to_contain_text("HTTP 404")
    check_both_widths(page, "story")
    page.goto("/admin/wire/storyphoto/")
    check_both_widths(page, "pictures")
