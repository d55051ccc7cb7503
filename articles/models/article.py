"""Article (a public address with a pointer to the live edition) and Edition (a frozen text)."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.models.editorial import EditorialText
from articles.models.identifiers import article_path, article_urn
from articles.models.querysets import ArticleQuerySet
from articles.models.site import Section
from media.models import Photo
from newsroom.db.expressions import IntegerLiteral
from polls.models import Poll

# URL prefix of uploaded photos inside a body; a partial index lists the few editions that contain one.
PHOTO_URL_PREFIX = "/media/photos/"
BODY_HAS_PHOTOS = Q(body_html__contains=PHOTO_URL_PREFIX)
# Attribute of a related box (articles/body_blocks.py); a partial index lists the editions that have one.
RELATED_BOX_MARK = 'data-related="'
BODY_HAS_RELATED_BOX = Q(body_html__contains=RELATED_BOX_MARK)
# Articles whose search index entry is not that of the live edition (or exists without a live edition).
NOT_INDEXED = ~Q(indexed_edition=Coalesce(F("live_id"), IntegerLiteral(0)))
# Public state of an article as one integer: id of the live edition, -1 if withdrawn, 0 if neither.
PUBLIC_STATE = Case(
    When(live__isnull=False, then=F("live_id")),
    When(withdrawn_at__isnull=False, then=IntegerLiteral(-1)),
    default=IntegerLiteral(0),
)
# Articles whose latest public state is not yet in the change feed.
NOT_IN_CHANGE_FEED = ~Q(change_feed_state=PUBLIC_STATE)


class CommentsMode(models.TextChoices):
    """Whether readers can comment on an article, and whether comments wait for a moderator."""

    OPEN = "open", _("open")
    HOLD = "hold", _("held until a moderator has seen them")
    CLOSED = "closed", _("closed")


class CorrectionKind(models.TextChoices):
    """Kind of a public correction note. The labels are those of the newsroom's forms.

    The only list of the kinds: the desk API, the admin and the reader pages take them from here.
    `Edition.correction_kind` has no choices, since an imported archive may bring others.
    """

    CORRECTION = "correction", _("correction (we were wrong)")
    CLARIFICATION = "clarification", _("clarification")
    UPDATE = "update", _("update")
    REBUTTAL = "rebuttal", _("reply of the person concerned")
    FOLLOW_UP = "follow_up", _("later news of the outcome")


class Article(models.Model):
    """A public address (slug) with a pointer (`live`) to the edition that readers see there.

    The columns below `live` are denormalised copies of that edition's references, written when the
    pointer moves, so that lists are filtered without joining editions.  Written by `desk.actions` only.
    """

    # Permanent identifier: independent of slug, section and text.
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
    social_photo = models.ForeignKey(
        Photo, models.PROTECT, null=True, editable=False, related_name="+"
    )
    poll = models.ForeignKey(Poll, models.PROTECT, null=True, editable=False, related_name="+")
    comments_mode = models.CharField(
        max_length=6, choices=CommentsMode, default=CommentsMode.OPEN, editable=False
    )
    # What readers see of the policy of the comments: `comments.actions.policy` writes it.
    comments_close_at = models.DateTimeField(null=True, editable=False)
    comments_slow_seconds = models.PositiveIntegerField(null=True, editable=False)
    corrections = models.JSONField(default=list, editable=False)
    first_published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    published_at = models.DateTimeField(_("last published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    notice = models.TextField(_("notice"), blank=True, editable=False)
    # Not public before `embargo_until` nor from `expires_at` on, whatever `live` says.
    embargo_until = models.DateTimeField(_("embargo until"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expiry"), null=True, editable=False)
    # Start of a legal hold: excluded from related and most-read lists.
    held_at = models.DateTimeField(_("on legal hold"), null=True, editable=False)
    # Id of the edition in the search index, 0 for none. Written by `articles.search.indexer` only.
    indexed_edition = models.BigIntegerField(default=0, db_default=0, editable=False)
    # PUBLIC_STATE as last published in the change feed. Written by `articles.syndication.change_feed` only.
    change_feed_state = models.BigIntegerField(default=0, db_default=0, editable=False)

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
            models.Index(
                fields=["comments_close_at"],
                condition=Q(live__isnull=False, comments_close_at__isnull=False),
                name="live_with_comments_until",
            ),
            models.Index(
                fields=["id"],
                condition=Q(first_published_at__isnull=True),
                name="never_published",
            ),
            models.Index(fields=["id"], condition=NOT_INDEXED, name="not_indexed_yet"),
            models.Index(
                fields=["id"], condition=NOT_IN_CHANGE_FEED, name="not_in_change_feed_yet"
            ),
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
        """Whether readers can open it at `now`: the rule of `ArticleQuerySet.live()` for a loaded row."""
        is_embargoed = self.embargo_until is not None and self.embargo_until > now
        is_expired = self.expires_at is not None and self.expires_at <= now
        return self.live_id is not None and not is_embargoed and not is_expired

    def urn(self) -> str:
        return article_urn(self.uid)

    def key(self) -> str:
        """Ordering key of the article's outbox events, independent of its slug."""
        return f"article-{self.pk}"

    def get_absolute_url(self) -> str:
        return article_path(self.slug)


class Edition(EditorialText):
    """An immutable version of an article's text, made by `desk.actions.freeze`.

    Texts are frozen, including those of the photos. Section, photo, poll, authors, tags and related
    articles are references (the last three as ordered lists of ids), resolved when the edition goes live
    and when it is read.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("edition"))
    slug = models.SlugField(max_length=120, allow_unicode=True)
    headline = models.CharField(_("headline"), max_length=200)
    summary = models.JSONField(_("summary"))
    body = models.TextField(_("body"))
    body_html = models.TextField()
    byline = models.CharField(_("byline"), max_length=300)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    lead_photo = models.ForeignKey(Photo, models.PROTECT, null=True, related_name="+")
    # Texts of the lead photo at the time: {"alt", "caption", "credit"}. Those in the library may change.
    lead_photo_text = models.JSONField(null=True)
    # Photo of share cards, where it is not the lead photo; and its texts at the time.
    social_photo = models.ForeignKey(Photo, models.PROTECT, null=True, related_name="+")
    social_photo_text = models.JSONField(null=True)
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
            models.Index(
                fields=["article"], condition=BODY_HAS_RELATED_BOX, name="editions_with_related_box"
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
