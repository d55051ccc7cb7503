"""Plain text of a draft's body: paragraphs without captions, tables and boxes; and subheads."""

from selectolax.lexbor import LexborHTMLParser

from newsroom.text.normalization import normalize_line

TEXT_SELECTOR = "p, li"
SUBHEAD_SELECTOR = "h2, h3"
# Blocks whose words are not the story's own text: captions, boxes, embeds, tables.
LEFT_OUT = frozenset({"figure", "aside", "table", "figcaption"})


def paragraphs_of(body: str) -> list[str]:
    """The words of each paragraph and list item of stored HTML, in order; empty ones left out."""
    if not body:
        return []
    tree = LexborHTMLParser(body, is_fragment=True)
    texts = (
        " ".join(node.text(separator="").split())
        for node in tree.css(TEXT_SELECTOR)
        if not is_left_out(node) and not (node.tag == "li" and node.css_first("p"))
    )
    return [text for text in texts if text]


def subheads_of(body: str) -> set[str]:
    """The texts of the subheads of stored HTML, each on a line."""
    tree = LexborHTMLParser(body, is_fragment=True)
    return {normalize_line(node.text(separator="")) for node in tree.css(SUBHEAD_SELECTOR)}


def is_left_out(node: object) -> bool:
    """Whether a node stands in a block that is left out."""
    parent = getattr(node, "parent", None)
    while parent is not None:
        if parent.tag in LEFT_OUT:
            return True
        parent = parent.parent
    return False
