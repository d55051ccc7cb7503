"""Model of saved articles."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Article


class Save(models.Model):
    """An article saved to the private list of a reader."""

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


def saved_cards(reader: User) -> QuerySet[Article, Any]:
    """The live articles saved by a reader, as cards with `saved_at` and `save_number` (id of the save)."""
    own_save = FilteredRelation("saves", condition=Q(saves__reader=reader))
    articles = Article.objects.live().annotate(own_save=own_save).filter(own_save__isnull=False)
    columns = {"save_number": F("own_save__pk"), "saved_at": F("own_save__saved_at")}
    return articles.as_cards().annotate(**columns)
