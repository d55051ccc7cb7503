"""IPTC 7901 and ANPA 1312: text with control characters, as teleprinters sent it."""

from wire.parsers.iptc7901.parser import matches, parse

__all__ = ["matches", "parse"]
