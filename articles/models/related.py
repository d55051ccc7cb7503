"""Related articles found by similarity, and positions of sweeps in the change feed."""

from django.db import models

from articles.models.article import Article


class RelatedArticle(models.Model):
    """A candidate for an article's related list, found by similarity (articles/related/linking.py).

    Shown after the editors' picks, highest score first. A row says nothing of visibility: every read
    filters by `ArticleQuerySet.live()`.
    """

    # No database constraint, as in Pick: its check would block concurrent publications.
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="related_articles", db_constraint=False
    )
    related = models.ForeignKey(
        Article, models.CASCADE, related_name="related_from", db_constraint=False
    )
    score = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "related"], name="a_related_article_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} – {self.related_id}: {self.score}"


class SweepCursor(models.Model):
    """Position up to which a periodic sweep (by name) has worked.

    For related articles the last `Change.position` processed, for the popularity ranking the Unix time
    of the hour it was made in. Locked while the sweep runs, so that one runs at a time.
    """

    name = models.CharField(primary_key=True, max_length=40)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.position}"
