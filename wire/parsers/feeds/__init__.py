"""RSS 0.9x, 1.0 and 2.0, and Atom, read by feedparser: each entry is a story."""

from wire.parsers.feeds.parser import matches, parse

__all__ = ["matches", "parse"]
