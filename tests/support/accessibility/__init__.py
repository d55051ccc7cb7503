"""axe-core in the browser of a test. Its package is locked in package-lock.json beside this file."""

from pathlib import Path
from typing import Any

from tests.support.contract.javascript import installed_packages

PACKAGE_FOLDER = Path(__file__).resolve().parent

# What else axe reports of each element, such as the rules that it passes, is neither made nor sent.
VIOLATIONS = """async within => {
    const options = { preload: false, resultTypes: ["violations"], selectors: false };
    const report = await axe.run(within || document, options);
    return report.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 300)}`);
}"""


def axe_violations(page: Any, within: str = "") -> list[str]:
    """The rules of axe-core that the page breaks, or the element of this selector, each with the first
    element that does.

    The script is evaluated by the debugger of the browser, which the page's Content-Security-Policy does
    not concern. Style sheets are not fetched again, which only a rule that is off needs
    (`css-orientation-lock`) and which would break that policy.
    """
    page.evaluate((installed_packages(PACKAGE_FOLDER) / "axe-core" / "axe.min.js").read_text())
    violations: list[str] = page.evaluate(VIOLATIONS, within)
    return violations
