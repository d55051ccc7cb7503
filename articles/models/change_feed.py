"""Rows of the change feed (last change of each article), and changes of the news feeds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.site import Section


class Change(models.Model):
    """The last public change of an article, and its position in the change feed.

    Written by `articles.syndication.change_feed` only, one sweep at a time, so that positions are
    committed in ascending order: a client that has read up to a position has missed nothing below it.
    Positions count publicly visible changes only, and so reveal nothing else.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published", _("published")
        UPDATED = "updated", _("updated")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="change")
    position = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.article_id} {self.kind}"


# Kinds that remove the text from the site: an article without a live edition has one of these.
REMOVED_KINDS = (Change.Kind.WITHDRAWN, Change.Kind.EXPIRED)


class FeedChange(models.Model):
    """A change of what a news feed shows: the feed of a section, or of the site if `section` is null.

    `first_published_at` is the feed position of the newest changed article, `at` the time within the
    transaction of the change, `settled_at` the final time, set after its commit.  Written by
    `articles.syndication.feed_updates` only.
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
