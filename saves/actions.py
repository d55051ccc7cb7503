"""What happens to saved articles. Private: the audit log does not hear of them."""

from collections import Counter

from django.db import transaction
from django.db.models import F

from accounts.actions import lock_reader
from accounts.models import User
from articles.models import Article, ArticleCounts
from saves.models import Save


@transaction.atomic
def save_article(article: Article, *, by: User) -> None:
    """Put the article on the reader's list. Doing it twice changes nothing."""
    reader = lock_reader(by)
    _save, is_new = Save.objects.get_or_create(reader=reader, article=article)
    change_save_count(article.pk, int(is_new))


@transaction.atomic
def unsave_article(article: Article, *, by: User) -> bool:
    """Take the article off the reader's list, and say whether it was there."""
    gone, _kinds = Save.objects.filter(reader=by, article=article).delete()
    change_save_count(article.pk, -gone)
    return bool(gone)


@transaction.atomic
def erase_saves(reader: User) -> int:
    """Empty the list of a reader who leaves. How many articles were on it."""
    mine = Save.objects.select_for_update().filter(reader=reader)
    kept = Counter(mine.values_list("article", flat=True))
    gone, _kinds = Save.objects.filter(reader=reader).delete()
    for article_id in sorted(kept):
        change_save_count(article_id, -kept[article_id])
    return gone


def change_save_count(article_id: int, change: int) -> None:
    """Change the kept count by as many rows as changed. The last thing in a transaction."""
    if change:
        ArticleCounts.objects.filter(article=article_id).update(saves=F("saves") + change)
