"""Rows that belong to an article: bylines, tags, picks, boxed articles, counts, former slugs, photo uses,
appearances."""

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
    """A row that lists are filtered by, with the article's publication time denormalised.

    So the newest articles of an author or a tag are read from one index in its order, without the others.
    """

    first_published_at = models.DateTimeField(db_default=Now())

    class Meta(OrderedRow.Meta):
        abstract = True


class Byline(ListedByDate):
    """An author of the live edition, in the order of the byline."""

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
    """A tag of the live edition."""

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
    """A related article that the editors picked for another. Shown only while it is live itself."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="picks")
    # No database constraint: its check at the commit waits for a publication of the other article, which
    # may wait for a photo of this one (a deadlock). No article is ever deleted.
    related = models.ForeignKey(
        Article, models.CASCADE, related_name="picked_by", db_constraint=False
    )

    class Meta(OrderedRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "related"], name="a_pick_stands_once")
        ]

    def __str__(self) -> str:
        return str(self.related_id)


class BoxedArticle(models.Model):
    """An article in a related box of another's live edition. Shown only while it is live itself.

    Readers get the box by its text (articles/body_blocks.py); the row says whose page changes with it. By
    the permanent identifier, since an imported box may name an article that is imported later.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    related_uid = models.UUIDField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "related_uid"], name="a_boxed_article_stands_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.related_uid)


class ArticleCounts(models.Model):
    """Denormalised counts of an article; a row of their own, so that the article row is rarely written."""

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
    """A slug under which an article was public before. Redirects to the article permanently."""

    slug = models.SlugField(unique=True, max_length=120, allow_unicode=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="former_slugs")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.slug


class PhotoUse(models.Model):
    """Use of a photo by the live edition of an article. A photo without such a row is private."""

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
        """Headline of the last edition of `article` that was ever public, as a subquery."""
        rows = self.filter(article=article).order_by("-pk")
        return models.Subquery(rows.values("edition__headline")[:1])


class Appearance(models.Model):
    """First publication of an edition: a line of the public change history of an article."""

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
