"""How many stories each month has, for the index of the sitemaps (articles/months.py)."""

from django.db import models


class Month(models.Model):
    """The stories that readers can open and that were first published in a month of the paper's calendar,
    and when the last of them was published anew."""

    first_day = models.DateField(primary_key=True)
    stories = models.PositiveIntegerField()
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}: {self.stories}"
