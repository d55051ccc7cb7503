"""Withdraw: the words go from everywhere, and a notice stands in their place."""

from django.db import transaction

from accounts.models import User
from articles.models import Article
from articles.syndication.feed_updates import append_feed_changes
from audit.actions import record_audit
from desk.actions.go_live import event_location
from desk.actions.locking import lock_article, lock_draft_or_trashed
from desk.actions.visibility import hide_media
from desk.errors import EditedElsewhere, NeverPublished, NoNotice, NotWithdrawn, Withdrawn
from desk.models import Draft, Release
from desk.permissions import may_restore, may_withdraw
from newsroom.db.expressions import database_now
from newsroom.errors import require
from newsroom.text.normalization import is_blank, normalize_text
from outbox.actions import publish_event


@transaction.atomic
def withdraw(article: Article, *, notice: str, by: User, version: int | None = None) -> Article:
    """Take the article away from readers, cancel what was waiting, leave a notice.

    `version` is that of the article's draft, if the caller decided on one.  Raises NoNotice,
    NeverPublished, Withdrawn (it already is), EditedElsewhere.
    """
    require(may_withdraw(by))
    if is_blank(notice):
        raise NoNotice
    check_version(article, version)
    article = lock_article(article.pk)
    if article.withdrawn_at:
        raise Withdrawn
    if article.first_published_at is None:
        raise NeverPublished
    now = database_now()
    for waiting in Release.objects.waiting().filter(article=article):
        waiting.settle(Release.State.CANCELLED, at=now)
        record_audit(waiting, verb="cancelled", by=by)
    places = event_location(article)
    if article.live_id:
        append_feed_changes([(article.section_id, article.first_published_at)])
    article.live = None
    article.withdrawn_at = now
    article.notice = normalize_text(notice)
    article.save(update_fields=["live", "withdrawn_at", "notice"])
    if hidden := hide_media(article):
        places["photos"] = hidden
    record_audit(article, verb="withdrew", by=by, notice=article.notice)
    publish_event("article.withdrawn", key=article.key(), at=now.isoformat(), **places)
    return article


def check_version(article: Article, version: int | None) -> None:
    """Raise EditedElsewhere where the article's draft is no longer the version decided on."""
    if version is not None:
        draft = Draft.objects.filter(article=article).first()
        if draft is None:
            raise EditedElsewhere
        lock_draft_or_trashed(draft, version=version)


@transaction.atomic
def restore(article: Article, *, by: User, version: int | None = None) -> Article:
    """Allow the article to be published again. Nothing is shown until somebody does.

    Raises NotWithdrawn, EditedElsewhere.
    """
    require(may_restore(by))
    check_version(article, version)
    article = lock_article(article.pk)
    if article.withdrawn_at is None:
        raise NotWithdrawn
    article.withdrawn_at = None
    article.notice = ""
    article.save(update_fields=["withdrawn_at", "notice"])
    record_audit(article, verb="restored", by=by)
    return article
