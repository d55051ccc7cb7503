"""What changed last: of each article that readers have seen (the lines of the public change feed), and
of what the feeds show."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.site import Section


class Change(models.Model):
    """The latest thing readers may know of an article, and its place among those of all articles.

    Written by `articles.syndication.change_feed` alone, one sweep after the other, so that places
    are committed in
    their order: who has read up to a place has missed nothing below it.  They count what readers have
    seen, and nothing else.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published", _("published")
        UPDATED = "updated", _("updated")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="change")
    place = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.place}: {self.article_id} {self.kind}"


# What has taken the words away. An address without words has one of these.
REMOVED_KINDS = (Change.Kind.WITHDRAWN, Change.Kind.EXPIRED)


class FeedChange(models.Model):
    """That what a feed shows was changed: the feed of a section, or of the site where there is none.

    `first_published_at` is the place in the feed, that of the newest story that was changed; `at` the
    time in the transaction of the change, `settled_at` the one that counts after its commit.  Written by
    `articles.syndication.feed_updates` alone.
    """

    section = models.ForeignKey(Section, models.CASCADE, null=True, related_name="+")
    first_published_at = models.DateTimeField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(settled_at__isnull=True), name="feed_not_settled"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section_id} {self.at}"
