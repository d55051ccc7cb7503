"""Limits of the markup of a body, checked before the sanitizer runs. Pure.

The sanitizer's time grows with the square of the nesting depth, and each element or `&` costs some
microseconds: 15,000 nested list items took 2.4 s.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.errors import TooMuchMarkup

MAX_DEPTH = 64
MAX_MARKUP_CHARS = 10_000  # of < and & together
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Elements whose end tag is optional: the next one of the kind ends it (HTML, 13.1.2.4).
END_IMPLIED = {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option"}


def markup_problem(html: str) -> str | Promise | None:
    """A sentence on what exceeds the limits; None where the markup is within them."""
    if html.count("<") + html.count("&") > MAX_MARKUP_CHARS:
        return _("The text holds more markup than a story can have. Paste it without formatting.")
    if is_deeper(html, MAX_DEPTH):
        return _(
            "Elements are nested more than %(depth)s deep. Paste the text without formatting."
        ) % {"depth": MAX_DEPTH}
    return None


def require_bounded_markup(html: str) -> None:
    """Raises TooMuchMarkup."""
    if problem := markup_problem(html):
        raise TooMuchMarkup(problem)


def is_deeper(html: str, max_depth: int) -> bool:
    """Whether more than `max_depth` elements are nested anywhere."""
    opened: list[str] = []
    for match in TAG.finditer(html):
        closes, name = match[1], match[2].lower()
        if closes:
            if name in opened:
                while opened.pop() != name:
                    pass
        elif name not in VOID:
            if name in END_IMPLIED and opened and opened[-1] == name:
                opened.pop()
            opened.append(name)
            if len(opened) > max_depth:
                return True
    return False
