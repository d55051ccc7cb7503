"""Models of the desk: drafts, releases and bundles, notices."""

from desk.models.drafts import Draft, DraftAuthor, DraftPick, DraftTag, Preview
from desk.models.notices import Notice
from desk.models.releases import Bundle, Heartbeat, Release

__all__ = [
    "Bundle",
    "Draft",
    "DraftAuthor",
    "DraftPick",
    "DraftTag",
    "Heartbeat",
    "Notice",
    "Preview",
    "Release",
]
