"""Withdraw an article from readers, with a notice in its place; restore it."""

from django.db import transaction

from accounts.models import User
from articles.models import Article
from articles.syndication.feed_updates import append_feed_changes
from audit.actions import record_audit
from desk.actions.article_events import event_location
from desk.actions.locking import lock_article, lock_draft_or_trashed
from desk.actions.visibility import hide_media
from desk.errors import EditedElsewhere, NeverPublished, NoNotice, NotWithdrawn, Withdrawn
from desk.legal_errors import AlreadyErased
from desk.models import Draft, Erasure, Release
from desk.permissions import may_restore, may_withdraw
from newsroom.db.expressions import database_now
from newsroom.errors import require
from newsroom.text.normalization import is_blank, normalize_text
from outbox.actions import publish_event


@transaction.atomic
def withdraw(article: Article, *, notice: str, by: User, version: int | None = None) -> Article:
    """Withdraw the article: readers get 410 with the notice.

    1. Ask for the permission; lock the draft, at the `version` decided on, and the article.
    2. Cancel its scheduled release.
    3. Clear `Article.live`, and record the change for the feeds it was in.
    4. Make photos and polls private that nothing else public uses.
    5. Publish `article.withdrawn`, with the places where the article was found before.

    Raises NoNotice, NeverPublished, Withdrawn (it already is), EditedElsewhere.
    """
    require(may_withdraw(by))
    if is_blank(notice):
        raise NoNotice
    require_version(article, version)
    article = lock_article(article.pk)
    if article.withdrawn_at:
        raise Withdrawn
    if article.first_published_at is None:
        raise NeverPublished
    withdraw_locked(article, notice=normalize_text(notice), by=by)
    return article


def withdraw_locked(article: Article, *, notice: str, by: User) -> None:
    """Withdraw an article that the caller holds and that readers have had: steps 2 to 5 of `withdraw`."""
    now = database_now()
    for release in Release.objects.waiting().filter(article=article):
        release.settle(Release.State.CANCELLED, at=now)
        record_audit(release, verb="cancelled", by=by)
    location = event_location(article)
    if article.live_id and article.first_published_at:
        append_feed_changes([(article.section_id, article.first_published_at)])
    article.live = None
    article.withdrawn_at = now
    article.notice = notice
    article.save(update_fields=["live", "withdrawn_at", "notice"])
    if photo_keys := hide_media(article):
        location["photos"] = photo_keys
    record_audit(article, verb="withdrew", by=by, notice=article.notice)
    publish_event("article.withdrawn", key=article.key(), at=now.isoformat(), **location)


def require_version(article: Article, version: int | None) -> None:
    """Lock the article's draft; raise EditedElsewhere where it is not at the version decided on."""
    if version is not None:
        draft = Draft.objects.filter(article=article).first()
        if draft is None:
            raise EditedElsewhere
        lock_draft_or_trashed(draft, version=version)


@transaction.atomic
def restore(article: Article, *, by: User, version: int | None = None) -> Article:
    """Allow a withdrawn article to be published again; readers see nothing of it before that.

    Raises NotWithdrawn, AlreadyErased, EditedElsewhere.
    """
    require(may_restore(by))
    require_version(article, version)
    article = lock_article(article.pk)
    if article.withdrawn_at is None:
        raise NotWithdrawn
    if Erasure.objects.filter(article=article).exists():
        raise AlreadyErased
    article.withdrawn_at = None
    article.notice = ""
    article.save(update_fields=["withdrawn_at", "notice"])
    record_audit(article, verb="restored", by=by)
    return article
