"""axe-core in the browser of a test. Its package is locked in package-lock.json beside this file."""

from pathlib import Path
from typing import Any

from tests.support.contract.javascript import installed_packages

PACKAGE_FOLDER = Path(__file__).resolve().parent


def axe_violations(page: Any, within: str = "") -> list[str]:
    """The rules of axe-core that the page breaks, or the element of this selector, each with the first
    element that does.

    The script is evaluated by the debugger of the browser, which the page's Content-Security-Policy does
    not concern. Style sheets are not fetched again, which only a rule that is off needs
    (`css-orientation-lock`) and which would break that policy.
    """
    page.evaluate((installed_packages(PACKAGE_FOLDER) / "axe-core" / "axe.min.js").read_text())
    report = page.evaluate("within => axe.run(within || document, { preload: false })", within)
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:300]}" for rule in report["violations"]]
