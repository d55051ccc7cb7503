"""Words suggested while a reader types, and the stories that have them
(articles/search/autocomplete.py)."""

from django.db import models

from articles.models.article import Article


class SuggestedWord(models.Model):
    """A word of headlines, a tag or a section, and the two ways in which it is found by its beginning.

    `spelling` are its letters one after the other, `leads` the first letter of each syllable, both in
    a-y and digits (articles/search/prefix_keys.py), so that every database orders them alike.  `stories` is
    how many stories have it; what is shown is asked of the stories themselves.
    """

    word = models.CharField(max_length=40, unique=True)
    spelling = models.CharField(max_length=400, db_index=True)
    leads = models.CharField(max_length=100, db_index=True)
    stories = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class SuggestedBy(models.Model):
    """A story that has the word."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="suggests")
    word = models.ForeignKey(SuggestedWord, models.CASCADE, related_name="suggested_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "word"], name="a_story_suggests_a_word_once")
        ]

    def __str__(self) -> str:
        return str(self.word_id)
