"""Elements of the input: how the normalizer treats each, and inline CSS as semantic marks.

`font-weight: 700` is <strong>, `font-weight: normal` on <b> is nothing.
"""

import re
from collections import Counter

from newsroom.text.html_normalizer.nodes import (
    CODE,
    EM,
    HEADINGS,
    SMALL,
    STRIKE,
    STRONG,
    SUB,
    SUP,
    UNDERLINE,
)

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
MARKS_OF_TAGS = {
    "b": STRONG,
    "strong": STRONG,
    "dt": STRONG,
    "summary": STRONG,
    "i": EM,
    "em": EM,
    "cite": EM,
    "var": EM,
    "dfn": EM,
    "s": STRIKE,
    "strike": STRIKE,
    "del": STRIKE,
    "u": UNDERLINE,
    "small": SMALL,
    "sub": SUB,
    "sup": SUP,
    "code": CODE,
    "kbd": CODE,
    "samp": CODE,
    "tt": CODE,
}
LIST_LEVEL = re.compile(r"\blevel([1-9])")
BOLD_FROM = 600
OBLIQUE = ("italic", "oblique")


def reopened(html: str) -> int:
    """Upper bound of the elements that a parser makes of formatting elements that are never closed."""
    still_open: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for match in FORMATTING.finditer(html):
        name = match[2].lower()
        still_open[name] = max(still_open[name] + (-1 if match[1] else 1), 0)
        most[name] = max(most[name], still_open[name])
    return sum(most.values()) * html.count("<")


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute, names and values in lower case."""
    values = {}
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            values[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return values


def with_tag(marks: int, tag: str) -> int:
    """The marks inside an element of this name."""
    return marks | MARKS_OF_TAGS.get(tag, 0)


def with_style(marks: int, css: dict[str, str], *, tag: str, in_link: bool) -> int:
    """The marks inside an element with these declarations.

    A heading is bold by itself, a link underlined: neither is emphasis.
    """
    weight = css.get("font-weight", "")
    if weight and not tag.startswith("h"):
        marks = switch(marks, STRONG, on=is_bold(weight), off=is_regular(weight))
    posture = css.get("font-style", "")
    marks = switch(marks, EM, on=posture.startswith(OBLIQUE), off=posture == "normal")
    line = f"{css.get('text-decoration', '')} {css.get('text-decoration-line', '')}"
    marks = switch(marks, STRIKE, on="line-through" in line, off=False)
    underlined = "underline" in line and not in_link
    marks = switch(marks, UNDERLINE, on=underlined, off=tag == "u" and "none" in line)
    raised = css.get("vertical-align", "")
    marks = switch(marks, SUB, on=raised == "sub", off=False)
    return switch(marks, SUP, on=raised == "super", off=False)


def switch(marks: int, mark: int, *, on: bool, off: bool) -> int:
    return marks | mark if on else marks & ~mark if off else marks


def is_bold(weight: str) -> bool:
    return weight in {"bold", "bolder"} or (weight_number(weight) or 0) >= BOLD_FROM


def is_regular(weight: str) -> bool:
    number = weight_number(weight)
    return weight in {"normal", "lighter"} or (number is not None and number < BOLD_FROM)


def weight_number(weight: str) -> int | None:
    return int(weight) if weight.isascii() and weight.isdecimal() and len(weight) < 5 else None


def list_level(css: dict[str, str]) -> int:
    """How deep Word says this list item is, from 1; 0 where it is none. `mso-list:l0 level2 lfo1`."""
    match = LIST_LEVEL.search(css.get("mso-list", ""))
    return int(match[1]) if match else 0


def heading_of(tag: str, attributes: dict[str, str]) -> str:
    """The heading (`h1` to `h6`) that an element is; empty for none.

    Paragraphs are one by ARIA (`role="heading"`), by Word's outline level, and as Word's title.
    """
    if tag in HEADINGS:
        return tag
    if tag not in {"p", "div"}:
        return ""
    level = declarations(attributes.get("style", "")).get("mso-outline-level", "")
    if attributes.get("role") == "heading":
        level = attributes.get("aria-level") or "2"
    elif not level and "MsoTitle" in attributes.get("class", "").split():
        level = "1"
    return f"h{level}" if f"h{level}" in HEADINGS else ""
