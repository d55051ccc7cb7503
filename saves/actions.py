"""Actions on saved articles. Private, so without audit entries."""

from collections import Counter

from django.db import transaction
from django.db.models import F

from accounts.actions import lock_reader
from accounts.models import User
from articles.models import Article, ArticleCounts
from saves.models import Save


@transaction.atomic
def save_article(article: Article, *, by: User) -> None:
    """Save an article to the reader's list. Idempotent."""
    reader = lock_reader(by)
    _save, is_new = Save.objects.get_or_create(reader=reader, article=article)
    change_save_count(article.pk, int(is_new))


@transaction.atomic
def unsave_article(article: Article, *, by: User) -> bool:
    """Remove an article from the reader's list; returns whether it was there."""
    deleted, _by_model = Save.objects.filter(reader=by, article=article).delete()
    change_save_count(article.pk, -deleted)
    return bool(deleted)


@transaction.atomic
def erase_saves(reader: User) -> int:
    """Delete the saves of a reader whose account is closed; returns how many."""
    own = Save.objects.select_for_update().filter(reader=reader)
    saves_by_article = Counter(own.values_list("article", flat=True))
    deleted, _by_model = Save.objects.filter(reader=reader).delete()
    for article_id in sorted(saves_by_article):
        change_save_count(article_id, -saves_by_article[article_id])
    return deleted


def change_save_count(article_id: int, change: int) -> None:
    """Add to the save count of an article. Last in a transaction: all writers contend for this row."""
    if change:
        ArticleCounts.objects.filter(article=article_id).update(saves=F("saves") + change)
