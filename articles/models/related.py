"""Stories that belong together, found by what they say (articles/related/linking.py)."""

from django.db import models

from articles.models.article import Article


class Neighbour(models.Model):
    """That a story is near another: candidates to stand beside it, behind what editors picked.

    The nearer, the higher the score; it says nothing of who may see them, every read asks that itself.
    """

    # Not checked by the database, as Pick: the check would wait for whoever publishes.
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="neighbours", db_constraint=False
    )
    related = models.ForeignKey(
        Article, models.CASCADE, related_name="neighbour_of", db_constraint=False
    )
    score = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "related"], name="a_neighbour_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} – {self.related_id}: {self.score}"


class Reached(models.Model):
    """How far in the change feed somebody of ours has followed it."""

    name = models.CharField(primary_key=True, max_length=40)
    place = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.place}"
