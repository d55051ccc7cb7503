"""Chromium fixtures (Playwright): errors and warnings on the console fail the test."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.support.database_matrix import CHROMIUM_PROGRAMS

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What the browser itself writes for an answer that is not 2xx; scripts deal with those.
EXPECTED_CONSOLE_TEXT = "Failed to load resource"
OPEN_REQUESTS_TIMEOUT_SECONDS = 60
WAIT_MS = 20_000  # a browser beside other tests on a small machine
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread. Django takes that for asynchronous code, and would
    # hand it a database connection of its own, beside the one that the tests clean up.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    own = {connection.alias: connection for connection in connections.all()}
    program = next(filter(None, map(shutil.which, CHROMIUM_PROGRAMS)))
    with sync_playwright() as playwright:
        for alias, connection in own.items():
            connections[alias] = connection
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A fresh browser window in Korean; addresses are paths of the site."""
    window = chromium.new_context(
        base_url=live_server.url, locale="ko-KR", viewport={"width": 1280, "height": 900}
    )
    window.set_default_timeout(WAIT_MS)
    page = window.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: collect_console_message(complaints, message))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with wait_for_open_requests():
        yield page
        window.close()
    assert complaints == [], complaints


@contextmanager
def wait_for_open_requests() -> Iterator[None]:
    """Wait at the end of the block until all requests are finished.

    What a window requested as it closed must not reach the next test's database."""
    open_requests = list[int]()

    def begin(**_: Any) -> None:
        open_requests.append(1)

    def end(**_: Any) -> None:
        open_requests.append(-1)

    request_started.connect(begin)
    request_finished.connect(end)
    try:
        yield
        idle_polls, deadline = 0, time.monotonic() + OPEN_REQUESTS_TIMEOUT_SECONDS
        while idle_polls < 3:
            time.sleep(0.01)
            idle_polls = idle_polls + 1 if sum(open_requests) <= 0 else 0
            assert time.monotonic() < deadline, "the server never answered"
    finally:
        request_started.disconnect(begin)
        request_finished.disconnect(end)


def collect_console_message(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"} and EXPECTED_CONSOLE_TEXT not in message.text:
        complaints.append(message.text)


def tick_statements(form: Locator) -> None:
    """Tick what a sign-up has to state."""
    for label in ("만 14세 이상", "이용약관에 동의", "개인정보 수집·이용에 동의"):
        form.get_by_label(label).check()


def take_screenshot(page: Page, name: str) -> None:
    """A picture of the whole page in the folder that SCREENSHOTS names, for looking at; without it none."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
