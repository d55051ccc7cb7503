"""Number of articles a month, for the sitemap index (articles/syndication/sitemap_months.py)."""

from django.db import models


class SitemapMonth(models.Model):
    """Count and last change of the articles first published in a month of the site's time zone.

    Counts the articles that the change feed has as live. Written by `articles.syndication.sitemap_months`
    only.
    """

    first_day = models.DateField(primary_key=True)
    stories = models.PositiveIntegerField()
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}: {self.stories}"
