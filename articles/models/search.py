"""Search index rows: the indexed text of each article (articles/search/indexer.py)."""

from django.db import models

from articles.models.article import Article


class SearchRow(models.Model):
    """The indexed plain text of an article, and the edition it was made from.

    The n-grams are where each database looks them up best: on PostgreSQL in the column `words` (tsvector
    with a GIN index), on SQLite in the FTS5 table `articles_searchwords` (migration 0003).  `sort_key`
    orders rows by first publication: hundredths of a second, and in the low bits the article id, so that
    no two are equal (articles/search/documents.py).
    """

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="search_row"
    )
    edition_id = models.BigIntegerField()
    sort_key = models.BigIntegerField(unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.article_id)
