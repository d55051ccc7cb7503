"""Models of the desk: drafts, releases and bundles, previews, notices, section roles, presence, remarks."""

from desk.models.drafts import Draft, DraftAuthor, DraftPick, DraftTag
from desk.models.notices import Notice
from desk.models.presence import DraftPresence
from desk.models.previews import Preview
from desk.models.releases import Bundle, Heartbeat, Release
from desk.models.remarks import Remark
from desk.models.section_roles import SectionRole

__all__ = [
    "Bundle",
    "Draft",
    "DraftAuthor",
    "DraftPick",
    "DraftPresence",
    "DraftTag",
    "Heartbeat",
    "Notice",
    "Preview",
    "Release",
    "Remark",
    "SectionRole",
]
