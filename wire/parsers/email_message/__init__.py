"""E-mail (RFC 5322, MIME): the story in its text or HTML part, or in an attached file of a known format."""

from wire.parsers.email_message.parser import matches, parse
from wire.parsers.email_message.parts import read_attachment

__all__ = ["matches", "parse", "read_attachment"]
