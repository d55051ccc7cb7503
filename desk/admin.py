"""The desk in the admin; each page has a file of its own."""

from desk.admin_articles import ArticleAdmin
from desk.admin_bundles import BundleAdmin
from desk.admin_drafts import DraftAdmin
from desk.admin_notices import NoticeAdmin
from desk.admin_releases import ReleaseAdmin

__all__ = ["ArticleAdmin", "BundleAdmin", "DraftAdmin", "NoticeAdmin", "ReleaseAdmin"]
