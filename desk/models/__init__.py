"""Models of the desk: drafts and their versions, releases and bundles, previews, notices, claims, section
roles, presence, remarks, kept addresses, link checks, suggestions."""

from desk.models.claims import Claim, Claimant
from desk.models.drafts import Draft, DraftAuthor, DraftPick, DraftTag
from desk.models.erasures import Erasure
from desk.models.kept_addresses import KeptAddress
from desk.models.link_checks import LinkCheck, LinkCheckRequest
from desk.models.notices import Notice
from desk.models.presence import DraftPresence
from desk.models.previews import Preview
from desk.models.releases import Bundle, Heartbeat, Release
from desk.models.remarks import Remark
from desk.models.section_roles import SectionRole
from desk.models.suggestions import Suggestion
from desk.models.versions import DraftVersion, VersionMark
from desk.models.wire_holds import WireHold

__all__ = [
    "Bundle",
    "Claim",
    "Claimant",
    "Draft",
    "DraftAuthor",
    "DraftPick",
    "DraftPresence",
    "DraftTag",
    "DraftVersion",
    "Erasure",
    "Heartbeat",
    "KeptAddress",
    "LinkCheck",
    "LinkCheckRequest",
    "Notice",
    "Preview",
    "Release",
    "Remark",
    "SectionRole",
    "Suggestion",
    "VersionMark",
    "WireHold",
]
