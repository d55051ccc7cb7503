"""Benchmark of the moderation queue: a moderator decides on so many comments by keyboard (`--items 100`).

Starts the newsroom of ./run with its demo on loopback, fills the queue (bench/load/moderation.py) and
decides in Chromium: show, or hide with reason and outcome. Prints the time from the key that decides until
the next comment is on the screen, and until the server has answered the decision: median, p95, longest.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

from playwright.sync_api import Page, sync_playwright

from bench.drivers.server import demo_newsroom
from scripts.errors import exit_with_message
from scripts.settings import PROJECT_ROOT
from tests.support.browser import CHROMIUM_OPTIONS
from tests.support.database_matrix import CHROMIUM_PROGRAMS

IS_NEXT = "before => document.querySelector('#panel .panel')?.dataset.id !== before"
IS_READY = "() => Boolean(document.querySelector('#panel .panel'))"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.moderation", description=__doc__)
    parser.add_argument("--items", type=int, default=100, help="(default 100)")
    items = parser.parse_args().items
    program = next(filter(None, map(shutil.which, CHROMIUM_PROGRAMS)), None)
    if program is None:
        print("Chromium is not installed.", file=sys.stderr)
        return 2
    with exit_with_message(), demo_newsroom() as site, sync_playwright() as playwright:
        name, _equals, value = fill_queue(items).partition("=")
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        window = browser.new_context(base_url=site, locale="ko-KR")
        window.add_cookies([{"name": name, "value": value, "url": site}])
        page = window.new_page()
        page.goto("/admin/moderation/")
        times = [decide(page) for _ in range(items)]
        browser.close()
    report("next comment on the screen", [shown for shown, _answered in times])
    report("decision answered", [answered for _shown, answered in times])
    return 0


def fill_queue(items: int) -> str:
    """Fill the queue of the newsroom that runs; the session cookie of a moderator."""
    load = [sys.executable, "-m", "bench.load.moderation", str(items)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    done = subprocess.run(
        load, cwd=PROJECT_ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip().splitlines()[-1]


def decide(page: Page) -> tuple[float, float]:
    """Decide on the comment on the screen; seconds until the next one is there, and until the answer."""
    page.wait_for_function(IS_READY)
    panel = page.locator("#panel .panel")
    before, reports = panel.get_attribute("data-id"), panel.get_attribute("data-reports")
    keys = ["s"] if reports == "0" else ["h", "y", "1"]
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_response(lambda answer: answer.url.endswith("/decision/")) as answer:
        started = time.perf_counter()
        page.keyboard.press(keys[-1])
        page.wait_for_function(IS_NEXT, arg=before)
        shown = time.perf_counter() - started
    if not answer.value.ok:
        raise SystemExit(f"The decision was refused: {answer.value.text()}")
    return shown, time.perf_counter() - started


def report(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95) - 1]
    median = statistics.median(ordered)
    print(f"{what}: median {median:.3f} s, p95 {p95:.3f} s, longest {ordered[-1]:.3f} s")


if __name__ == "__main__":
    sys.exit(main())
