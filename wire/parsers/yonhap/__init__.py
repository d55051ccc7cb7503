"""Parser of Yonhap plain text: `parse(text)` gives a `ParsedStory`.

lines.py splits the text, header.py, captions.py, boilerplate.py and embargo_lines.py recognise single
lines, parser.py puts them together.
"""

from wire.parsers.yonhap.parser import parse

__all__ = ["parse"]
