"""Terms of a story: `embargo_until`, before which, and `expires_at`, from which no reader sees it.

The fields are edited on the draft and copied to its article, under the lock of both. An agency's own
embargo holds as well, from the moment it arrives, whatever was scheduled before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from articles.models import Article
from articles.syndication.feed_updates import append_feed_changes
from audit.actions import record_audit
from desk.actions.agency.rights import require_expiry_within_copy
from desk.actions.locking import lock_article
from desk.errors import AlreadyOut, Embargoed, Expired, NoTimeLeft, PlannedOutside, TooLate
from desk.models import Draft, Release
from desk.section_rights import may_publish_draft
from newsroom.db.expressions import IdArray, database_now
from newsroom.errors import require
from newsroom.http.change_token import renew_on_commit
from wire.models import Embargo, Story, Version

TERM_FIELDS = ("embargo_until", "expires_at")


@dataclass(frozen=True)
class EmbargoEnd:
    """When the embargo of a story ends; `until` is None where the agency names no end."""

    until: datetime | None

    def is_over(self, at: datetime) -> bool:
        return self.until is not None and self.until <= at

    def stricter(self, other: "EmbargoEnd | None") -> "EmbargoEnd":
        """The later of two ends; an unknown one is later than any."""
        if other is None or (other.until and self.until and other.until < self.until):
            return self
        return self if self.until is None else other


def embargo_ends(articles: Iterable[Article]) -> dict[int, EmbargoEnd]:
    """{article id: end of its embargo}, of those that have or had one: the later end of the desk's embargo
    and of the agency's, for drafts that were started from an agency story."""
    articles = list(articles)
    ends = {
        article.pk: EmbargoEnd(article.embargo_until)
        for article in articles
        if article.embargo_until
    }
    for pk, until in agency_embargoes(article.pk for article in articles):
        ends[pk] = EmbargoEnd(until).stricter(ends.get(pk))
    return ends


def agency_embargoes(article_ids: Iterable[int]) -> list[tuple[int, datetime | None]]:
    """(article id, end, None where it is open) of those whose draft was started from a story that the
    agency has embargoed. One query where none was started from agency copy."""
    drafts = Draft.objects.filter(
        article__in_array=IdArray(article_ids), wire_version__isnull=False
    )
    used = list(drafts.values_list("article_id", "wire_version_id"))
    if not used:
        return []
    versions = Version.objects.filter(pk__in_array=IdArray(version for _pk, version in used))
    story_ids = dict(versions.values_list("pk", "story_id"))
    stories = Story.objects.filter(
        pk__in_array=IdArray(story_ids.values()), embargo__in=(Embargo.UNTIL, Embargo.OPEN)
    )
    ends = dict(stories.values_list("pk", "embargo_until"))
    return [(pk, ends[story_ids[version]]) for pk, version in used if story_ids[version] in ends]


def require_within_terms(article: Article, *, at: datetime) -> None:
    """Raise Embargoed or Expired where readers may not see the article at this time."""
    end = embargo_ends([article]).get(article.pk)
    if end and not end.is_over(at):
        raise Embargoed(end.until)
    if article.expires_at and at >= article.expires_at:
        raise Expired


def copy_terms(draft: Draft, article: Article) -> None:
    """Copy the terms of a draft to its article, which the caller holds."""
    article.embargo_until, article.expires_at = draft.embargo_until, draft.expires_at
    article.save(update_fields=[*TERM_FIELDS])


def apply_terms(draft: Draft, *, by: User) -> None:
    """Apply the terms that were just written into a locked draft to its article, at once.

    It takes the permission to publish where the article is live or scheduled (desk/field_rights.py has
    checked before, field by field).

    Raises CopyExpiresSooner for an expiry after that of the agency copy, NoTimeLeft where the article would
    expire under embargo, TooLate for an expiry that has passed,
    AlreadyOut for an embargo on a live article, PlannedOutside where a scheduled release would break them.
    """
    embargo, expires = draft.embargo_until, draft.expires_at
    require_expiry_within_copy(draft)
    if embargo and expires and expires <= embargo:
        raise NoTimeLeft
    if draft.article_id is None:
        return
    article, now = lock_article(draft.article_id), database_now()
    waiting = Release.objects.waiting().filter(article=article).first()
    if waiting or article.live_id:
        require(may_publish_draft(by, draft))
    if expires and expires != article.expires_at and expires <= now:
        raise TooLate
    if article.live_id and embargo and embargo > (article.published_at or now):
        raise AlreadyOut
    if waiting and embargo and waiting.due_at < embargo:
        raise PlannedOutside(waiting.due_at)
    if waiting and expires and waiting.due_at >= expires:
        raise PlannedOutside(waiting.due_at)
    if article.live_id and not article.is_shown(now) and article.first_published_at:
        # It had expired, was not taken down yet, and is shown again from now on.
        append_feed_changes([(article.section_id, article.first_published_at)])
    copy_terms(draft, article)
    renew_on_commit()  # cached responses do not know the new expiry
    record_audit(
        article,
        verb="set_terms",
        by=by,
        embargo_until=embargo.isoformat() if embargo else None,
        expires_at=expires.isoformat() if expires else None,
    )
