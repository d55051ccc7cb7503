"""Nicknames: normalization, look-alikes (confusables), names that are kept for the newsroom. Pure."""

from accounts.nicknames.reserved import is_lookalike, is_reserved
from accounts.nicknames.rules import (
    contains_link,
    is_invalid_nickname,
    normalize_nickname,
    random_nickname,
)
from accounts.nicknames.skeleton import former_skeleton, retired_nickname_key, skeleton

__all__ = [
    "contains_link",
    "former_skeleton",
    "is_invalid_nickname",
    "is_lookalike",
    "is_reserved",
    "normalize_nickname",
    "random_nickname",
    "retired_nickname_key",
    "skeleton",
]
