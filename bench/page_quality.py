"""Accessibility and quality of reader pages: axe-core and Lighthouse over every kind of page.

Starts the newsroom of ./run with its demo on loopback, opens each kind of page in Chromium, light and
dark, at 1280 and 360 px, and lets axe-core look for violations; then asks Lighthouse (mobile profile,
simulated throttling) for its four scores. Prints one Markdown table and the versions. Ends with 1 where
axe finds a violation or a score is below its limit. Its packages: `bench/npm/package-lock.json`.
"""

import argparse
import json
import os
import shutil
import sys
import urllib.request
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from bench.drivers.server import demo_newsroom
from scripts.errors import exit_with_message
from tests.support.browser import CHROMIUM_OPTIONS
from tests.support.contract.javascript import installed_packages, run_javascript
from tests.support.database_matrix import CHROMIUM_PROGRAMS

PACKAGES = Path(__file__).resolve().parent / "npm"
LIGHTHOUSE = "lighthouse/cli/index.js"
AXE = "axe-core/axe.min.js"
WIDTHS = (1280, 360)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Pages that are meant not to be found by search engines have no score for it.
NOINDEX_PAGES = {"account", "search", "search without a hit", "not found", "poll in a frame"}
MIN_SCORE = 0.95


class Quality(NamedTuple):
    """Result for one kind of page: axe-core violations, Lighthouse scores by category."""

    page: str
    violations: list[str]
    scores: dict[str, float]

    def is_poor(self) -> bool:
        counted = {name for name in self.scores if name != "seo" or self.page not in NOINDEX_PAGES}
        return bool(self.violations) or any(self.scores[name] < MIN_SCORE for name in counted)


def main() -> int:
    asked = arguments()
    program = next(filter(None, map(shutil.which, CHROMIUM_PROGRAMS)), None)
    if program is None:
        print("Chromium is not installed.", file=sys.stderr)
        return 2
    with exit_with_message(), demo_newsroom() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        found = [
            Quality(
                name,
                violations(browser, site + path),
                {} if asked.no_lighthouse or name == "not found" else scores(site + path, program),
            )
            for name, path in kinds_of_page(site).items()
        ]
        browser.close()
    print(table(found))
    return int(any(quality.is_poor() for quality in found))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.page_quality", description=__doc__)
    parser.add_argument("--no-lighthouse", action="store_true", help="axe-core alone")
    return parser.parse_args()


def kinds_of_page(site: str) -> dict[str, str]:
    """The path of one page of each kind, by name; those with most on them where there are several."""
    cards = fetch(f"{site}/api/v1/articles/?page_size=100")["results"]
    story = max(cards, key=lambda card: (card["counts"]["votes"] or 0, card["counts"]["comments"]))
    page = fetch(f"{site}/api/v1/articles/{quoted(story['slug'])}/")
    return {
        "front": "/",
        "article": f"/articles/{story['slug']}/",
        "list": "/articles/",
        "section": f"/sections/{page['section']['slug']}/",
        "author": f"/authors/{page['authors'][0]['slug']}/",
        "tag": f"/tags/{page['tags'][0]['slug']}/",
        "search": f"/search/?q={story['headline'].split()[0][:2]}",
        "search without a hit": "/search/?q=없는낱말",
        "account": "/account/",
        "poll in a frame": f"/polls/{page['poll']['id']}/embed/",
        "not found": "/articles/없는-기사/",
    }


def fetch(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)


def quoted(path: str) -> str:
    return urllib.request.quote(path)  # type: ignore[attr-defined,no-any-return]  # of urllib.parse


def violations(browser: Browser, address: str) -> list[str]:
    """Rules of axe-core that the page breaks, with the colour scheme and the width."""
    script = (installed_packages(PACKAGES) / AXE).read_text()
    found = []
    for scheme in SCHEMES:
        for width in WIDTHS:
            window = browser.new_context(
                locale="ko-KR",
                color_scheme=scheme,
                viewport={"width": width, "height": 900},
                bypass_csp=True,  # for the judge's own script
            )
            page = window.new_page()
            page.goto(address)
            page.evaluate(script)
            report = page.evaluate("axe.run()")
            found += [f"{rule['id']} ({scheme}, {width} px)" for rule in report["violations"]]
            window.close()
    return found


def scores(address: str, chromium: str) -> dict[str, float]:
    """Lighthouse's scores of a page, 0 to 1, by category."""
    output = run_javascript(
        LIGHTHOUSE,
        address,
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(CHROMIUM_OPTIONS)}",
        cwd=PACKAGES,
        folder=PACKAGES,
        CHROME_PATH=chromium,
        TMPDIR=os.environ.get("TMPDIR", "/tmp"),
    )
    report = json.loads(output[output.index("{") : output.rindex("}") + 1])
    return {name: report["categories"][name]["score"] for name in CATEGORIES}


def table(found: list[Quality]) -> str:
    """The Markdown table, and which versions judged."""
    lines = [f"| page | axe violations | {' | '.join(CATEGORIES)} |", "|---|---|" + "--:|" * 4]
    for quality in found:
        shown = [f"{quality.scores[name]:.2f}" if quality.scores else "" for name in CATEGORIES]
        lines.append(
            f"| {quality.page} | {', '.join(quality.violations) or 'none'} | {' | '.join(shown)} |"
        )
    versions = [f"{name} {version(name)}" for name in ("axe-core", "lighthouse")]
    return "\n".join([*lines, "", ", ".join(versions)])


def version(package: str) -> str:
    return str(
        json.loads((installed_packages(PACKAGES) / package / "package.json").read_text())["version"]
    )


if __name__ == "__main__":
    sys.exit(main())
