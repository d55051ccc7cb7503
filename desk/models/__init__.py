"""Models of the desk: drafts, releases and bundles, notices."""

from desk.models.drafts import Draft, DraftAuthor, DraftPick, DraftTag, Preview
from desk.models.notices import Notice
from desk.models.releases import Bundle, Pulse, Release

__all__ = [
    "Bundle",
    "Draft",
    "DraftAuthor",
    "DraftPick",
    "DraftTag",
    "Notice",
    "Preview",
    "Pulse",
    "Release",
]
