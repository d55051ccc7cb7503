"""axe-core in the browser of a test. Its package is locked in package-lock.json beside this file."""

from pathlib import Path
from typing import Any

from tests.support.contract.javascript import installed_packages

PACKAGE_FOLDER = Path(__file__).resolve().parent


def axe_violations(page: Any, within: str = "") -> list[str]:
    """The rules of axe-core that the page breaks, or the element of this selector, each with the first
    element that does. Of an element its styles are not loaded again, which a policy may forbid.

    The script is evaluated by the debugger of the browser, which the page's Content-Security-Policy does
    not concern.
    """
    page.evaluate((installed_packages(PACKAGE_FOLDER) / "axe-core" / "axe.min.js").read_text())
    run = f"axe.run({within!r}, {{preload: false}})" if within else "axe.run()"
    report = page.evaluate(run)
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:300]}" for rule in report["violations"]]
