"""NewsML-G2 (IPTC): news items, packages, and messages with several of them."""

from wire.parsers.newsml_g2.parser import matches, parse

__all__ = ["matches", "parse"]
