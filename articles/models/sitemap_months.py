"""How many stories each month has, for the index of the sitemaps
(articles/syndication/sitemap_months.py)."""

from django.db import models


class Month(models.Model):
    """The stories first published in a month of the paper's calendar that the change feed has told of as
    live, and when the last of them was published anew. Written by
    `articles.syndication.sitemap_months` alone."""

    first_day = models.DateField(primary_key=True)
    stories = models.PositiveIntegerField()
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}: {self.stories}"
