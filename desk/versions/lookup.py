"""Sides of a comparison: a version of a draft by its number, or the live edition."""

from typing import NamedTuple

from articles.models import Edition
from desk.errors.versions import NoSuchVersion, NothingLive
from desk.models import Draft, DraftVersion
from desk.versions.content import Content, content_of_edition

LIVE = "live"


class Side(NamedTuple):
    """A content to compare, and the version or the edition that it is of."""

    content: Content
    version: DraftVersion | None = None
    edition: Edition | None = None


def side_of(draft: Draft, name: str) -> Side:
    """The side of this name: `live`, a number, or "" for the newest version.

    Raises NoSuchVersion, NothingLive.
    """
    if name == LIVE:
        edition = Edition.objects.filter(pk=(draft.article and draft.article.live_id) or 0)
        if live := edition.select_related("section", "poll", "lead_photo", "social_photo").first():
            return Side(content_of_edition(live), edition=live)
        raise NothingLive
    versions = DraftVersion.objects.filter(draft=draft).select_related("saved_by").newest_first()
    if name:
        is_number = name.isdecimal() and len(name) < 10
        versions = versions.filter(number=int(name) if is_number else 0)
    if version := versions.first():
        return Side(version.content, version=version)
    raise NoSuchVersion
