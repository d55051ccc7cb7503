"""The newsroom of the screenshots, for the length of the run, and its pictures."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from scripts.serve import web_command
from scripts.settings import PROJECT_ROOT

EDITOR, PASSWORD = "editor@example.com", "newsroom-demo"
WORKER = [
    sys.executable,
    "-m",
    "celery",
    "--app",
    "newsroom",
    "--quiet",
    "worker",
    "--pool=threads",
]
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
DESK: ViewportSize = {"width": 1440, "height": 1000}
TALL: ViewportSize = {"width": 1440, "height": 1180}
READER: ViewportSize = {"width": 1000, "height": 1250}
READY_TIMEOUT_SECONDS = 60


def main(folder: str = "docs/pictures") -> None:
    """Take every picture into this folder."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    pictures = Path(folder)
    pictures.mkdir(parents=True, exist_ok=True)
    with newsroom() as (address, stories), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        take_article(browser, address, pictures)
        for language, suffix in (("ko", ""), ("en", "-en")):
            page = desk_page(browser, address, language)
            take_desk(page, stories, pictures, suffix=suffix)
            page.context.close()
        browser.close()


# -- the newsroom ----------------------------------------------------------------------------


@contextmanager
def newsroom() -> Iterator[tuple[str, dict[str, int]]]:
    """A newsroom with the demo and a day's work: its address, and the stories that are shown."""
    home = tempfile.mkdtemp(prefix="newsroom-pictures-")
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "NEWSROOM_DATA": home,
        "SECRET_KEY": secrets.token_hex(32),
        "SITE_URL": address,
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    manage(environment, "prepare", "--with-demo")
    code = "import scripts.screenshots.day"
    stories = json.loads(manage(environment, "shell", "-v0", "-c", code).splitlines()[-1])
    commands = [web_command("127.0.0.1", port), WORKER]
    processes = [
        subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment) for command in commands
    ]
    try:
        wait_until_ready(address)
        yield address, stories
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)
        shutil.rmtree(home)


def manage(environment: dict[str, str], *arguments: str) -> str:
    """The output of a management command. Raises CalledProcessError where it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def wait_until_ready(address: str) -> None:
    """Wait until the web server answers. Raises TimeoutError."""
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/health/live", timeout=2).close()  # noqa: S310 -- ours
        except OSError:
            if time.monotonic() > deadline:
                raise TimeoutError("the web server does not answer") from None
            time.sleep(0.2)
        else:
            return


# -- the pictures ----------------------------------------------------------------------------


def take_article(browser: Browser, address: str, pictures: Path) -> None:
    """The newest article with a poll, as readers see it."""
    page = browser.new_page(base_url=address, viewport=READER, locale="ko-KR")
    cards = page.request.get("/api/v1/articles/").json()["results"]
    with_poll = [card for card in cards if card["counts"]["votes"]] or cards
    page.goto(f"/articles/{with_poll[0]['slug']}/")
    take(page, pictures / "article.png")
    page.context.close()


def desk_page(browser: Browser, address: str, language: str) -> Page:
    """A window of the editor, signed in, in this language."""
    page = browser.new_page(
        base_url=address, viewport=DESK, locale="ko-KR", timezone_id="Asia/Seoul"
    )
    page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page.goto("/admin/")
    page.fill("#id_username", EDITOR)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_selector(".desk-home")
    return page


def take_desk(page: Page, stories: dict[str, int], pictures: Path, *, suffix: str) -> None:
    """Desk home, calendar, list of stories, a story and a comparison, as an editor sees them."""
    page.set_viewport_size(TALL)
    page.goto("/admin/")
    take(page, pictures / f"today{suffix}.png")
    page.goto("/admin/calendar/?view=week")
    take(page, pictures / f"calendar{suffix}.png")
    page.set_viewport_size(DESK)
    if not suffix:
        page.goto("/admin/desk/draft/")
        take(page, pictures / "stories.png")
    page.goto(f"/admin/desk/draft/{stories['planned']}/change/")
    page.wait_for_selector(".ProseMirror[contenteditable=true]")
    take(page, pictures / f"admin{suffix}.png")
    page.goto(f"/admin/desk/draft/{stories['changed']}/versions/diff/?from=1&to=3")
    take(page, pictures / f"versions{suffix}.png")


def take(page: Page, picture: Path) -> None:
    page.wait_for_load_state("networkidle")  # photos and the editor come in after the page
    page.wait_for_timeout(500)
    page.screenshot(path=str(picture))
    print(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
