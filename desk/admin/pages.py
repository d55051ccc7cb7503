"""Registers the desk's admin pages (imported by `newsroom.admin.apps.load_admin_pages`)."""

from desk.admin.articles import ArticleAdmin
from desk.admin.bundles import BundleAdmin
from desk.admin.claims import ClaimAdmin
from desk.admin.inbox.stories import InboxAdmin
from desk.admin.notices import NoticeAdmin
from desk.admin.photos import LibraryAdmin
from desk.admin.releases import ReleaseAdmin
from desk.admin.section_roles import SectionRoleAdmin
from desk.admin.story.drafts import DraftAdmin

__all__ = [
    "ArticleAdmin",
    "BundleAdmin",
    "ClaimAdmin",
    "DraftAdmin",
    "InboxAdmin",
    "LibraryAdmin",
    "NoticeAdmin",
    "ReleaseAdmin",
    "SectionRoleAdmin",
]
