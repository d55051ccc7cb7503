"""HTML normalizer: pasted or imported HTML as the semantic HTML that the rich-text editor shows.

`normalize_html` is pure, idempotent and takes time linear in the input. It is no sanitizer: what it
returns still goes through nh3 (`desk.rendering`).
"""

from newsroom.text.html_normalizer.attributes import LINK_SCHEMES
from newsroom.text.html_normalizer.blocks import (
    NormalizedHTML,
    normalize_blocks,
    normalize_html,
    parse_blocks,
)

__all__ = ["LINK_SCHEMES", "NormalizedHTML", "normalize_blocks", "normalize_html", "parse_blocks"]
