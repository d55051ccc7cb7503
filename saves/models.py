"""What readers keep to read again."""

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Article


class Save(models.Model):
    """One article on one reader's private list."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saves")
    article = models.ForeignKey(Article, models.CASCADE, related_name="saves")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("saved article")
        verbose_name_plural = _("saved articles")
        constraints = [
            models.UniqueConstraint(fields=["reader", "article"], name="one_save_per_article")
        ]
        indexes = [models.Index(fields=["reader", "-id"], name="saves_newest_first")]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.article_id}"


def saved_cards(reader: User) -> QuerySet[Article]:
    """The live articles on a reader's list as cards, each with `saved_at` and its `save_number`."""
    kept = FilteredRelation("saves", condition=Q(saves__reader=reader))
    articles = Article.objects.live().annotate(kept=kept).filter(kept__isnull=False)
    return articles.annotate(save_number=F("kept__pk"), saved_at=F("kept__saved_at")).as_cards()
