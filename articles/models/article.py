"""What readers can know: addresses, and the frozen words they point at."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.models.querysets import ArticleQuerySet
from articles.models.site import Section
from media.models import Photo
from newsroom.db.literals import IntegerLiteral
from polls.models import Poll

# Where our photos are found in a body. An index knows the few editions whose bodies show some.
PHOTO_URL_PREFIX = "/media/photos/"
BODY_HAS_PHOTOS = Q(body_html__contains=PHOTO_URL_PREFIX)
# Articles of which search knows another edition than readers see, or one where they see none.
NOT_INDEXED = ~Q(indexed=Coalesce(F("live_id"), IntegerLiteral(0)))
# What readers may know of an article in one number: its edition, -1 where it was withdrawn, else 0.
PUBLIC_STATE = Case(
    When(live__isnull=False, then=F("live_id")),
    When(withdrawn_at__isnull=False, then=IntegerLiteral(-1)),
    default=IntegerLiteral(0),
)
# Articles of which the change feed says another thing than readers may know.
NOT_IN_CHANGE_FEED = ~Q(told=PUBLIC_STATE)


class CommentsMode(models.TextChoices):
    OPEN = "open", _("open")
    HOLD = "hold", _("held until a moderator has seen them")
    CLOSED = "closed", _("closed")


class Article(models.Model):
    """A public address, and a pointer to the edition readers see there.

    The columns below `live` are copies of that edition's references, made when the pointer moves, so
    that lists can be filtered without reading editions.  Written by `desk.actions` alone.
    """

    # Its permanent identifier, which no change of its address, section or words touches.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address"), unique=True, max_length=120, allow_unicode=True)
    live = models.OneToOneField(
        "Edition", models.PROTECT, null=True, editable=False, related_name="+"
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, editable=False, related_name="articles"
    )
    lead_photo = models.ForeignKey(
        Photo, models.PROTECT, null=True, editable=False, related_name="+"
    )
    poll = models.ForeignKey(Poll, models.PROTECT, null=True, editable=False, related_name="+")
    comments_mode = models.CharField(
        max_length=6, choices=CommentsMode, default=CommentsMode.OPEN, editable=False
    )
    corrections = models.JSONField(default=list, editable=False)
    first_published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    published_at = models.DateTimeField(_("last published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    notice = models.TextField(_("notice"), blank=True, editable=False)
    # Its terms: no reader before the one, none from the other on, whatever the pointer says.
    embargo_until = models.DateTimeField(_("embargo until"), null=True, editable=False)
    expires_at = models.DateTimeField(_("comes down"), null=True, editable=False)
    # Since when it is recommended nowhere: beside no other story, in no list of the most read.
    held_at = models.DateTimeField(_("on legal hold"), null=True, editable=False)
    # The edition that search has taken in, 0 for none. Written by `articles.search.indexer` alone.
    indexed = models.BigIntegerField(default=0, db_default=0, editable=False)
    # What the change feed said last, as in KNOWN. Written by `articles.syndication.change_feed` alone.
    told = models.BigIntegerField(default=0, db_default=0, editable=False)

    # What as_cards() and as_pages() read beside the columns (articles/models/querysets.py).
    author_rows: list[dict[str, Any]]
    tag_rows: list[dict[str, Any]]
    side_rows: list[dict[str, Any]]
    vote_count: int
    pick_count: int
    pick: int | None
    tip_address: str | None
    paper: str | None
    rights: str | None

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(
                fields=["-first_published_at", "-id"],
                condition=Q(live__isnull=False),
                name="live_newest",
            ),
            models.Index(
                fields=["section", "-first_published_at", "-id"],
                condition=Q(live__isnull=False),
                name="live_by_section",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(live__isnull=False, expires_at__isnull=False),
                name="live_until",
            ),
            models.Index(fields=["id"], condition=NOT_INDEXED, name="not_indexed_yet"),
            models.Index(fields=["id"], condition=NOT_IN_CHANGE_FEED, name="not_told_yet"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(live__isnull=True) | Q(withdrawn_at__isnull=True),
                name="withdrawn_is_not_live",
            ),
            models.CheckConstraint(
                condition=Q(live__isnull=True)
                | Q(first_published_at__isnull=False, published_at__isnull=False),
                name="live_has_its_times",
            ),
            models.CheckConstraint(
                condition=Q(live__isnull=True)
                | Q(embargo_until__isnull=True)
                | Q(published_at__gte=F("embargo_until")),
                name="live_is_past_its_embargo",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def is_shown(self, now: datetime) -> bool:
        """Whether readers can open it: `ArticleQuerySet.live()`, asked of one that was read already."""
        early = self.embargo_until is not None and self.embargo_until > now
        over = self.expires_at is not None and self.expires_at <= now
        return self.live_id is not None and not early and not over

    def urn(self) -> str:
        """Its permanent identifier as a URI (`urn:uuid:`, RFC 9562), the same in feeds, ninjs, the change
        feed, webhooks and the archive, whatever its address and the site's are."""
        return str(self.uid.urn)

    def key(self) -> str:
        """What its events are ordered by, whatever its address is at the time."""
        return f"article-{self.pk}"

    def get_absolute_url(self) -> str:
        return f"/articles/{self.slug}/"


class Edition(models.Model):
    """The text of an article as it was frozen once. Never changed afterwards.

    Words are frozen, those of the photos too; section, photo, poll, authors, tags and picks are
    references (the last three as lists of ids in order) that are resolved when the edition is shown and
    when it is read.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("edition"))
    slug = models.SlugField(max_length=120, allow_unicode=True)
    headline = models.CharField(_("headline"), max_length=200)
    deck = models.CharField(_("deck"), max_length=300, blank=True)
    summary = models.JSONField(_("summary"))
    body = models.TextField(_("body"))
    body_html = models.TextField()
    byline = models.CharField(_("byline"), max_length=300)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    lead_photo = models.ForeignKey(Photo, models.PROTECT, null=True, related_name="+")
    # What was said of the lead photo then: {"alt", "caption", "credit"}; the library's words may change.
    lead_photo_text = models.JSONField(null=True)
    poll = models.ForeignKey(Poll, models.PROTECT, null=True, related_name="+")
    author_ids = models.JSONField(default=list)
    tag_ids = models.JSONField(default=list)
    related_ids = models.JSONField(default=list)
    source_name = models.CharField(max_length=120, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    source_credit = models.CharField(max_length=200, blank=True)
    ai_kind = models.CharField(max_length=20, blank=True)
    ai_note = models.CharField(max_length=300, blank=True)
    comments_mode = models.CharField(max_length=6, choices=CommentsMode, default=CommentsMode.OPEN)
    correction_kind = models.CharField(max_length=20, blank=True)
    correction_note = models.TextField(blank=True)
    frozen_at = models.DateTimeField(_("frozen"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="edition_number_once_per_article"
            ),
        ]
        indexes = [
            models.Index(
                fields=["article"], condition=BODY_HAS_PHOTOS, name="editions_with_photos"
            ),
        ]

    def __str__(self) -> str:
        return _("%(headline)s (edition %(number)d)") % {
            "headline": self.headline,
            "number": self.number,
        }

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An edition is never changed; freeze a new one.")
        super().save(**kwargs)
