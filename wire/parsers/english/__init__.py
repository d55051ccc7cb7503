"""Parser of English agency text: `SEOUL, Nov. 27 (Yonhap) -- …` to `(END)`."""

from wire.parsers.english.parser import is_english_copy, parse

__all__ = ["is_english_copy", "parse"]
