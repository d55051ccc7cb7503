"""Legal hold: an article stays readable at its address and is recommended nowhere.

Spreading a passage further that was found to be wrong makes liable for more than the passage
(정보통신망법 §44의10): neither popular lists nor related articles link to it.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.actions import record_audit
from desk.actions.article_events import event_location
from desk.actions.locking import lock_article, lock_draft_of_article
from desk.errors import NeverPublished, NotOnHold, OnHold
from desk.permissions import may_withdraw
from desk.section_rights import may_withdraw_draft
from newsroom.errors import require
from outbox.actions import publish_event


@transaction.atomic
def put_on_legal_hold(article: Article, *, reason: str, by: User) -> Article:
    """Recommend the article nowhere from now on; `reason` goes to the audit log alone.

    Raises NeverPublished, OnHold (it already is).
    """
    require(may_withdraw(by))
    lock_draft_of_article(article.pk, by=by, may=may_withdraw_draft)
    article = lock_article(article.pk)
    if article.first_published_at is None:
        raise NeverPublished
    if article.held_at:
        raise OnHold
    article.held_at = timezone.now()
    save_hold(article, verb="put_on_hold", by=by, reason=reason)
    return article


@transaction.atomic
def end_legal_hold(article: Article, *, by: User) -> Article:
    """Let the article be recommended again. Raises NotOnHold."""
    require(may_withdraw(by))
    lock_draft_of_article(article.pk, by=by, may=may_withdraw_draft)
    article = lock_article(article.pk)
    if article.held_at is None:
        raise NotOnHold
    article.held_at = None
    save_hold(article, verb="ended_hold", by=by)
    return article


def save_hold(article: Article, *, verb: str, by: User, **details: str) -> None:
    """Save `held_at`, and publish an event so that caches of pages that link to the article are purged."""
    article.save(update_fields=["held_at"])
    record_audit(article, verb=verb, by=by, **details)
    if article.live_id:
        publish_event(
            "article.recommended" if article.held_at is None else "article.held",
            key=article.key(),
            **event_location(article),
        )
