"""Sets of HTML elements, by how the normalizer treats them."""

import re
from collections import Counter

from desk.html_normalizer.nodes import HEADINGS

# Gone with what is in them: it is no text, or text that no reader was meant to see.
REMOVED = frozenset(
    (
        *("script", "style", "template", "noscript", "title", "head", "meta", "link", "base"),
        *(
            "iframe",
            "frame",
            "frameset",
            "noframes",
            "object",
            "embed",
            "applet",
            "param",
            "noembed",
        ),
        *("audio", "video", "source", "track", "svg", "math", "canvas", "map", "area"),
        *("input", "button", "select", "option", "optgroup", "datalist", "textarea"),
        *("progress", "meter", "output", "portal", "bgsound"),
    )
)
# Parts of the above, and what tells a browser about the page: not worth a word.
UNNAMED = frozenset(
    ("head", "meta", "title", "base", "source", "track", "param", "option", "optgroup")
)
# Elements of which only the boundaries are kept: their text never joins that of their neighbours.
BORDERS = frozenset(
    (
        *("div", "section", "article", "aside", "header", "footer", "main", "nav", "address"),
        *("center", "form", "fieldset", "legend", "details", "summary", "hgroup", "search"),
        *("dialog", "dl", "dt", "dd", "body", "html", "thead", "tbody", "tfoot", "colgroup"),
        *("p", "marquee", "multicol"),
    )
)
# Those that a parser opens again in every block until they are closed (HTML, section 13.2.4.3).
FORMATTING = re.compile(
    r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
FORMATTING_TAG = re.compile(FORMATTING.pattern + "[^>]*>?", re.IGNORECASE)
# Open formatting elements times tags: more than any text has.
MAX_REOPENED = 1_000_000
LIST_ELEMENTS = frozenset(("ul", "ol", "menu", "dir"))
PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))
TEXT_BLOCKS = frozenset((*HEADINGS, *PREFORMATTED))
CONTAINERS = frozenset(
    ("li", "table", "caption", "tr", "td", "th", "blockquote", "figure", "figcaption")
)
BLOCKS = BORDERS | TEXT_BLOCKS | LIST_ELEMENTS | CONTAINERS


def reopened(html: str) -> int:
    """Upper bound of the elements that a parser makes of formatting elements that are never closed."""
    still_open: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for match in FORMATTING.finditer(html):
        name = match[2].lower()
        still_open[name] = max(still_open[name] + (-1 if match[1] else 1), 0)
        most[name] = max(most[name], still_open[name])
    return sum(most.values()) * html.count("<")
