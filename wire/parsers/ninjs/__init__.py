"""ninjs 1.x to 3.x (News in JSON, IPTC)."""

from wire.parsers.ninjs.parser import matches, parse

__all__ = ["matches", "parse"]
