"""Elements of HTML by what the normalizer makes of them."""

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
# Blocks of which only their borders are kept: their text never joins what is beside them.
BORDERS = frozenset(
    (
        *("div", "section", "article", "aside", "header", "footer", "main", "nav", "address"),
        *("center", "form", "fieldset", "legend", "details", "summary", "hgroup", "search"),
        *("dialog", "dl", "dt", "dd", "body", "html", "thead", "tbody", "tfoot", "colgroup"),
        *("p", "marquee", "multicol"),
    )
)
LIST_ELEMENTS = frozenset(("ul", "ol", "menu", "dir"))
PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))
TEXT_BLOCKS = frozenset((*HEADINGS, *PREFORMATTED))
