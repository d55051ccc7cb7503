"""Screenshots of the running demo for the README: `python -m scripts.screenshots [ADDRESS] [FOLDER]`.

Needs the newsroom of ./run with its demo, Chromium, and a font with Hangul.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

EDITOR, PASSWORD = "editor@example.com", "newsroom-demo"
DESK: ViewportSize = {"width": 1280, "height": 900}
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


def main(address: str = "http://127.0.0.1:8000", folder: str = "docs/pictures") -> None:
    """Take the screenshots of an article, the dashboard, a story and the list of stories."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    pictures = Path(folder)
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        page = browser.new_page(base_url=address, viewport=DESK)
        take_article(page, pictures)
        take_desk(page, pictures)
        browser.close()


def take_article(page: Page, pictures: Path) -> None:
    """The newest article with a poll, as readers see it."""
    cards = page.request.get("/api/v1/articles/").json()["results"]
    with_poll = [card for card in cards if card["counts"]["votes"]] or cards
    page.set_viewport_size({"width": 1000, "height": 1250})
    page.goto(f"/articles/{with_poll[0]['slug']}/")
    take(page, pictures / "article.png")
    page.set_viewport_size(DESK)


def take_desk(page: Page, pictures: Path) -> None:
    """Dashboard, list of stories and a story, as an editor sees them."""
    page.goto("/admin/")
    page.fill("#id_username", EDITOR)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_selector(".desk-home")
    take(page, pictures / "today.png")
    page.goto("/admin/desk/draft/")
    take(page, pictures / "stories.png")
    page.goto("/admin/desk/draft/?standing=planned")
    page.click("#result_list tbody th a")
    page.wait_for_selector(".prose-editor")
    take(page, pictures / "admin.png")


def take(page: Page, picture: Path) -> None:
    page.wait_for_timeout(1000)  # photos and the editor come in after the page
    page.screenshot(path=str(picture))
    print(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
