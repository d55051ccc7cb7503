"""Models of the desk: drafts, releases and bundles, previews, notices."""

from desk.models.drafts import Draft, DraftAuthor, DraftPick, DraftTag
from desk.models.notices import Notice
from desk.models.previews import Preview
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
