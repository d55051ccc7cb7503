"""Models of the desk: drafts and their versions, releases and bundles, previews, notices."""

from desk.models.drafts import Draft, DraftAuthor, DraftPick, DraftTag
from desk.models.notices import Notice
from desk.models.previews import Preview
from desk.models.releases import Bundle, Heartbeat, Release
from desk.models.versions import DraftVersion, VersionMark

__all__ = [
    "Bundle",
    "Draft",
    "DraftAuthor",
    "DraftPick",
    "DraftTag",
    "DraftVersion",
    "Heartbeat",
    "Notice",
    "Preview",
    "Release",
    "VersionMark",
]
