"""Models of the desk: drafts, releases and bundles, previews, notices, claims."""

from desk.models.claims import Claim, Claimant
from desk.models.drafts import Draft, DraftAuthor, DraftPick, DraftTag
from desk.models.erasures import Erasure
from desk.models.notices import Notice
from desk.models.previews import Preview
from desk.models.releases import Bundle, Heartbeat, Release

__all__ = [
    "Bundle",
    "Claim",
    "Claimant",
    "Draft",
    "DraftAuthor",
    "DraftPick",
    "DraftTag",
    "Erasure",
    "Heartbeat",
    "Notice",
    "Preview",
    "Release",
]
