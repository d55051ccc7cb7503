"""axe-core in the browser of a test. Its package is locked in package-lock.json beside this file."""

from pathlib import Path
from typing import Any

from tests.support.contract.javascript import installed_packages

PACKAGE_FOLDER = Path(__file__).resolve().parent


def axe_violations(page: Any, within: str = "", *, preload: bool = True) -> list[str]:
    """The rules of axe-core that the page breaks, or the element of this selector, each with the first
    element that does.

    The script is evaluated by the debugger of the browser, which the page's Content-Security-Policy does
    not concern. To preload style sheets it copies those of the page, which the policy blocks where a script
    of the page has added one (the editor of the story form); `preload=False` leaves out the rule that needs
    them, `css-orientation-lock`.
    """
    page.evaluate((installed_packages(PACKAGE_FOLDER) / "axe-core" / "axe.min.js").read_text())
    report = page.evaluate(
        "([within, preload]) => axe.run(within || document, { preload })", [within, preload]
    )
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:300]}" for rule in report["violations"]]
