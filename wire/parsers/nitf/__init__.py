"""NITF 3.x (News Industry Text Format, IPTC): documents, and bodies inside NewsML-G2."""

from wire.parsers.nitf.body import body_content
from wire.parsers.nitf.parser import matches, parse

__all__ = ["body_content", "matches", "parse"]
