"""What happens to saved articles. Private: the audit log does not hear of them."""

from collections import Counter

from django.db import transaction
from django.db.models import F

from accounts.actions import hold_reader
from accounts.models import User
from articles.models import Article, ArticleCounts
from saves.models import Save


@transaction.atomic
def keep(article: Article, *, by: User) -> None:
    """Put the article on the reader's list. Doing it twice changes nothing."""
    reader = hold_reader(by)
    _save, is_new = Save.objects.get_or_create(reader=reader, article=article)
    count(article.pk, int(is_new))


@transaction.atomic
def drop(article: Article, *, by: User) -> bool:
    """Take the article off the reader's list, and say whether it was there."""
    gone, _kinds = Save.objects.filter(reader=by, article=article).delete()
    count(article.pk, -gone)
    return bool(gone)


@transaction.atomic
def forget(reader: User) -> int:
    """Empty the list of a reader who leaves. How many articles were on it."""
    mine = Save.objects.select_for_update().filter(reader=reader)
    kept = Counter(mine.values_list("article", flat=True))
    gone, _kinds = Save.objects.filter(reader=reader).delete()
    for article_id in sorted(kept):
        count(article_id, -kept[article_id])
    return gone


def count(article_id: int, by_how_many: int) -> None:
    """Change the kept count by as many rows as changed. The last thing in a transaction."""
    if by_how_many:
        ArticleCounts.objects.filter(article=article_id).update(saves=F("saves") + by_how_many)
