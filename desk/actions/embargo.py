"""The terms of a story: the embargo before which, and the time from which, no reader sees it.

A draft holds what editors wish; its article, once there is one, the same under its lock. An agency's
own embargo counts beside them, whatever was planned before it came.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from articles.models import Article
from articles.syndication.feed_updates import append_feed_changes
from audit.actions import record_audit
from desk.actions.locking import lock_article
from desk.errors import AlreadyOut, Embargoed, Expired, NoTimeLeft, PlannedOutside, TooLate
from desk.models import Draft, Release
from desk.permissions import may_publish
from newsroom.db.expressions import database_now, id_array
from newsroom.errors import require
from newsroom.http.change_token import renew_on_commit
from wire.models import Embargo

TERM_FIELDS = ("embargo_until", "expires_at")


@dataclass(frozen=True)
class EmbargoEnd:
    """When a story's embargo ends; `until` is None where nobody knows."""

    until: datetime | None

    def is_over(self, at: datetime) -> bool:
        return self.until is not None and self.until <= at

    def later(self, other: "EmbargoEnd | None") -> "EmbargoEnd":
        """The stricter of two."""
        if other is None or (other.until and self.until and other.until < self.until):
            return self
        return self if self.until is None else other


def embargo_ends(articles: Iterable[Article]) -> dict[int, EmbargoEnd]:
    """The end of the embargo of each article that has, or had, one, by its number: the later one of
    the desk's and the agency's, whose story the draft was begun from."""
    articles = list(articles)
    found = {
        article.pk: EmbargoEnd(article.embargo_until)
        for article in articles
        if article.embargo_until
    }
    story = "wire_version__story"
    begun = Draft.objects.filter(article__in=id_array(article.pk for article in articles))
    under = begun.filter(**{f"{story}__embargo__in": (Embargo.UNTIL, Embargo.OPEN)})
    for pk, until in under.values_list("article", f"{story}__embargo_until"):
        found[pk] = EmbargoEnd(until).later(found.get(pk))
    return found


def require_within_terms(article: Article, *, at: datetime) -> None:
    """Raise Embargoed or Expired where readers may not see the article at this time."""
    end = embargo_ends([article]).get(article.pk)
    if end and not end.is_over(at):
        raise Embargoed(end.until)
    if article.expires_at and at >= article.expires_at:
        raise Expired


def copy_terms(draft: Draft, article: Article) -> None:
    """Give a new article, held by the caller, the terms of its draft."""
    article.embargo_until, article.expires_at = draft.embargo_until, draft.expires_at
    article.save(update_fields=[*TERM_FIELDS])


def apply_terms(draft: Draft, *, by: User) -> None:
    """Let the terms that were just written into a held draft count for its article.

    Who may not publish may not move what readers see, or are to see, either (desk/field_rights.py asks
    before, field by field).  Raises NoTimeLeft,
    TooLate for an end that has passed, AlreadyOut for an embargo on what readers have, PlannedOutside
    where a plan that waits would break them.
    """
    embargo, expires = draft.embargo_until, draft.expires_at
    if embargo and expires and expires <= embargo:
        raise NoTimeLeft
    if draft.article_id is None:
        return
    article, now = lock_article(draft.article_id), database_now()
    waiting = Release.objects.waiting().filter(article=article).first()
    if waiting or article.live_id:
        require(may_publish(by))
    if expires and expires != article.expires_at and expires <= now:
        raise TooLate
    if article.live_id and embargo and embargo > (article.published_at or now):
        raise AlreadyOut
    if waiting and embargo and waiting.due_at < embargo:
        raise PlannedOutside(waiting.due_at)
    if waiting and expires and waiting.due_at >= expires:
        raise PlannedOutside(waiting.due_at)
    if article.live_id and not article.is_shown(now) and article.first_published_at:
        # Its time was over, nobody has taken it down yet, and now it has more.
        append_feed_changes([(article.section_id, article.first_published_at)])
    copy_terms(draft, article)
    renew_on_commit()  # a copy that was made before does not know its end
    record_audit(
        article,
        verb="set_terms",
        by=by,
        embargo_until=embargo.isoformat() if embargo else None,
        expires_at=expires.isoformat() if expires else None,
    )
