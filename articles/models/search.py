"""What search knows of an article: the words readers see, and their grams (articles/search/indexer.py)."""

from django.db import models

from articles.models.article import Article


class SearchRow(models.Model):
    """The words of an article as search found them last, for the edition they were taken from.

    The grams are where each database looks them up best: on PostgreSQL the column `words` with its GIN
    index, on SQLite the table `articles_searchwords` (migration 0008).  `place` orders the rows by first
    publication: hundredths of a second, and below them the article's number, so that no two are equal.
    """

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="searched"
    )
    edition_id = models.BigIntegerField()
    place = models.BigIntegerField(unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.article_id)
