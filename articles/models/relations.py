"""Rows beside an article: who signs, its tags and picks, its counts, where and when it was seen."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Edition
from articles.models.site import Author, Tag
from media.models import Photo


class OrderedRow(models.Model):
    """A row of an ordered list that belongs to an article."""

    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]


class ListedByDate(OrderedRow):
    """A row by which lists are filtered. It says itself when the article was first published, so that
    the newest of a shelf are read off its index and the others not looked at."""

    # The default is for the version before this column, which may still run while this one begins.
    first_published_at = models.DateTimeField(db_default=Now())

    class Meta(OrderedRow.Meta):
        abstract = True


class Byline(ListedByDate):
    """An author of what readers see."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, related_name="bylines")

    class Meta(ListedByDate.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="an_author_signs_once")
        ]
        indexes = [
            models.Index(
                fields=["author", "-first_published_at", "-article"], name="newest_of_an_author"
            )
        ]

    def __str__(self) -> str:
        return str(self.author_id)


class Tagging(ListedByDate):
    """A tag of what readers see."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="taggings")

    class Meta(ListedByDate.Meta):
        constraints = [models.UniqueConstraint(fields=["article", "tag"], name="a_tag_stands_once")]
        indexes = [
            models.Index(fields=["tag", "-first_published_at", "-article"], name="newest_of_a_tag")
        ]

    def __str__(self) -> str:
        return str(self.tag_id)


class Pick(OrderedRow):
    """An article that the editors set beside another. Shown only while it is live itself."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="picks")
    # Not checked by the database: the check, at the commit, waits for whoever publishes the other
    # story, who may wait for a photo of this one. No article is ever deleted.
    related = models.ForeignKey(
        Article, models.CASCADE, related_name="picked_beside", db_constraint=False
    )

    class Meta(OrderedRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "related"], name="a_pick_stands_once")
        ]

    def __str__(self) -> str:
        return str(self.related_id)


class ArticleCounts(models.Model):
    """What readers did with an article, beside it so that its own row stays cold."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="counts")
    comments = models.PositiveIntegerField(default=0)
    saves = models.PositiveIntegerField(default=0)
    views = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("counts")
        verbose_name_plural = _("counts")

    def __str__(self) -> str:
        return str(self.article_id)


class FormerSlug(models.Model):
    """An address an article had while readers could open it. It leads to the article for ever."""

    slug = models.SlugField(unique=True, max_length=120, allow_unicode=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="former_slugs")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.slug


class PhotoUse(models.Model):
    """That an article readers see shows a photo. A photo without such a row is private."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "photo"], name="a_photo_use_stands_once")
        ]

    def __str__(self) -> str:
        return str(self.photo_id)


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    def last_headline(self, article: models.F) -> models.Subquery:
        """What the newest edition that readers ever had of an article was called, live or not."""
        rows = self.filter(article=article).order_by("-pk")
        return models.Subquery(rows.values("edition__headline")[:1])


class Appearance(models.Model):
    """That readers saw an edition from a moment on: a line of the public change history."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="appearances")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition"], name="an_edition_appears_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} no. {self.edition_id}"
