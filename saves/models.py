"""What readers keep to read again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

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
        indexes = [models.Index(fields=["reader", "-saved_at", "-id"], name="saves_newest_first")]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.article_id}"
