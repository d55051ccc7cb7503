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
from newsroom.db.expressions import database_now, id_array
from newsroom.errors import require
from newsroom.http.change_token import renew_on_commit
from wire.models import Embargo

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
    story = "wire_version__story"
    drafts = Draft.objects.filter(article__in=id_array(article.pk for article in articles))
    embargoed = drafts.filter(**{f"{story}__embargo__in": (Embargo.UNTIL, Embargo.OPEN)})
    for pk, until in embargoed.values_list("article", f"{story}__embargo_until"):
        ends[pk] = EmbargoEnd(until).stricter(ends.get(pk))
    return ends


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
