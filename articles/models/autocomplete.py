"""Autocomplete suggestions: words, and the articles they occur in (articles/search/autocomplete.py)."""

from django.db import models

from articles.models.article import Article


class SuggestedWord(models.Model):
    """A word of headlines, a tag or a section name, with the two keys it is found by as a prefix.

    `spelling` encodes its letters one after the other, `leads` the first letter of each syllable, both in
    a-y and digits (articles/search/prefix_keys.py), so that every database sorts them alike.  `stories`
    is the number of articles with the word; whether any of them is live is checked when suggesting.
    """

    word = models.CharField(max_length=40, unique=True)
    spelling = models.CharField(max_length=400, db_index=True)
    leads = models.CharField(max_length=100, db_index=True)
    stories = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class SuggestedBy(models.Model):
    """Many-to-many row: an article that has a suggested word."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="suggests")
    word = models.ForeignKey(SuggestedWord, models.CASCADE, related_name="suggested_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "word"], name="a_story_suggests_a_word_once")
        ]

    def __str__(self) -> str:
        return str(self.word_id)
