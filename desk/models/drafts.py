"""Draft: the working copy of a story, with its ordered authors, tags and related articles."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Author, CommentsMode, Section, Tag
from articles.models.editorial import EditorialText
from desk.models.querysets import UNKNOWN_PHOTO, DraftQuerySet, has_content, missing_photos
from media.models import Photo
from media.representation import photo_text_of_use
from newsroom.text.normalization import is_blank
from polls.models import Poll
from wire.models import Version as WireVersion

# An edit lock ends when its holder has not been active for this long.
LOCK_IDLE_TIMEOUT = timedelta(minutes=10)


class Draft(EditorialText):
    """The working copy of a story, which editors change. Readers have no access to it."""

    # What `desk.rendering.sanitize_body` removed from the HTML that was set last. Not stored.
    dropped: Sequence[str] = ()

    class Stage(models.TextChoices):
        WRITING = "writing", _("being written")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")

    class AIUse(models.TextChoices):
        ASSISTED = "assisted", _("made with the help of AI")
        GENERATED = "generated", _("made by AI")
        SUMMARY = "summary", _("the summary is made by AI")

    article = models.OneToOneField(Article, models.PROTECT, null=True, related_name="+")
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    summary_1 = models.CharField(_("summary, first line"), max_length=120, blank=True)
    summary_2 = models.CharField(_("summary, second line"), max_length=120, blank=True)
    summary_3 = models.CharField(_("summary, third line"), max_length=120, blank=True)
    body = models.TextField(_("body"), blank=True)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("section")
    )
    authors = models.ManyToManyField(
        Author, through="DraftAuthor", related_name="+", verbose_name=_("authors")
    )
    tags = models.ManyToManyField(Tag, through="DraftTag", related_name="+", verbose_name=_("tags"))
    related = models.ManyToManyField(
        Article, through="DraftPick", related_name="+", verbose_name=_("related articles")
    )
    slug = models.SlugField(_("address"), max_length=120, blank=True, allow_unicode=True)
    lead_photo = models.ForeignKey(
        Photo, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead photo")
    )
    # {"alt", "caption", "credit"} of the lead photo for this story; the photo library's for the rest.
    lead_photo_text = models.JSONField(_("text of the lead photo"), default=dict, editable=False)
    social_photo = models.ForeignKey(
        Photo,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo for sharing"),
    )
    poll = models.ForeignKey(
        Poll, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("poll")
    )
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_credit = models.CharField(_("credit of the source"), max_length=200, blank=True)
    ai_kind = models.CharField(_("use of AI"), max_length=20, blank=True, choices=AIUse)
    ai_note = models.CharField(_("note on the use of AI"), max_length=300, blank=True)
    comments_mode = models.CharField(
        _("comments"), max_length=6, choices=CommentsMode, default=CommentsMode.OPEN
    )
    notes = models.TextField(_("notes for the desk"), blank=True)
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    expires_at = models.DateTimeField(_("comes down"), null=True, blank=True)
    # {guarded field: id of the person who set it}; see desk/field_rights.py.
    field_setters = models.JSONField(default=dict, editable=False)
    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage, default=Stage.WRITING, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    wire_version = models.ForeignKey(
        WireVersion, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    # The section with a four-eyes rule that the draft has left without an approval (desk/approval.py).
    moved_from = models.ForeignKey(
        Section, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # The photo texts that were approved (desk/approval.py); None without an approval, or without photos.
    approved_photo_text = models.JSONField(null=True, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    # The edit lock: who alone may change the draft, since when, and when they were last active.
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    locked_at = models.DateTimeField(null=True, editable=False)
    lock_active_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    trashed_at = models.DateTimeField(_("trashed"), null=True, editable=False)
    # Idempotency key of the form with which the draft was created: sent twice, it creates one draft.
    form_token = models.UUIDField(null=True, editable=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-changed_at", "-pk"]
        permissions = [
            ("approve_draft", "Can approve stories and send them back"),
            ("publish_draft", "Can publish, schedule and swap stories"),
            ("withdraw_draft", "Can withdraw articles"),
            ("restore_draft", "Can restore withdrawn articles"),
        ]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="drafts_newest_change"),
            models.Index(fields=["created_by", "-changed_at", "-id"], name="drafts_begun_by"),
            models.Index(fields=["changed_by", "-changed_at", "-id"], name="drafts_changed_by"),
            models.Index(fields=["section", "-changed_at", "-id"], name="drafts_of_a_section"),
            models.Index(fields=["stage", "-changed_at", "-id"], name="drafts_at_a_stage"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="drafts_coming_down",
            ),
            models.Index(
                fields=["embargo_until"],
                condition=models.Q(embargo_until__isnull=False),
                name="drafts_under_embargo",
            ),
            models.Index(
                fields=["assigned_to", "due_at"],
                condition=models.Q(assigned_to__isnull=False),
                name="drafts_by_assignee",
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="drafts_by_due_time",
            ),
            models.Index(
                fields=["-changed_at", "-id"],
                condition=models.Q(trashed_at__isnull=False),
                name="drafts_in_the_trash",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "form_token"],
                condition=models.Q(form_token__isnull=False),
                name="one_draft_per_person_and_form",
            )
        ]

    def __str__(self) -> str:
        return self.headline or _now("(no headline)")

    @property
    def summary(self) -> list[str]:
        """The three summary lines."""
        return [self.summary_1, self.summary_2, self.summary_3]

    def is_locked(self, now: datetime) -> bool:
        """Whether the edit lock is held at this time."""
        is_active = bool(self.lock_active_at and self.lock_active_at > now - LOCK_IDLE_TIMEOUT)
        return self.locked_by_id is not None and is_active

    def is_locked_against(self, person_id: int, now: datetime) -> bool:
        """Whether the edit lock is held at this time, and by another person than this."""
        return self.locked_by_id != person_id and self.is_locked(now)

    def problems(
        self,
        *,
        has_byline: bool | None = None,
        photos_without_files: Iterable[Mapping[str, str]] | None = None,
    ) -> list[str]:
        """What is missing before this draft can be frozen, in the active language; empty when it can be.

        Lists that have read `has_byline` and `photos_without_files` ({"state", "alt"} of each) with the
        draft pass them, which saves two queries for each.
        """
        missing = []
        if is_blank(self.headline):
            missing.append(_now("a headline"))
        if any(is_blank(line) for line in self.summary):
            missing.append(_now("three summary lines"))
        if not has_content(self.body):
            missing.append(_now("a body"))
        if self.section_id is None:
            missing.append(_now("a section"))
        if not (
            DraftAuthor.objects.filter(draft=self).exists() if has_byline is None else has_byline
        ):
            missing.append(_now("a byline"))
        if self.lead_photo and is_blank(
            photo_text_of_use(self.lead_photo, self.lead_photo_text)["alt"]
        ):
            missing.append(_now("an alternative text of the photo"))
        if photos_without_files is None:
            photos_without_files = missing_photos(
                self.body, lead=self.lead_photo_id, social=self.social_photo_id
            )
        return missing + [photo_problem(photo) for photo in photos_without_files]


def photo_problem(photo: Mapping[str, str]) -> str:
    """What is missing because of a photo without files: its files, or another photo."""
    if photo["state"] == Photo.State.PROCESSING:
        sentence = _now("the files of the photo “%(alt)s”, which is still being processed")
    elif photo["state"] == UNKNOWN_PHOTO:
        sentence = _now("a photo in place of “%(alt)s”, which is not in the photo library")
    else:
        sentence = _now("a photo in place of “%(alt)s”, which could not be read")
    return sentence % {"alt": photo["alt"]}


class DraftRow(models.Model):
    """A row of an ordered list that belongs to a draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class DraftAuthor(DraftRow):
    author = models.ForeignKey(Author, models.PROTECT, related_name="+", verbose_name=_("author"))

    class Meta(DraftRow.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [
            models.UniqueConstraint(fields=["draft", "author"], name="an_author_once_per_draft")
        ]

    def __str__(self) -> str:
        return str(self.author)


class DraftTag(DraftRow):
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+", verbose_name=_("tag"))

    class Meta(DraftRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["draft", "tag"], name="a_tag_once_per_draft")
        ]

    def __str__(self) -> str:
        return str(self.tag)


class DraftPick(DraftRow):
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="+", verbose_name=_("article")
    )

    class Meta(DraftRow.Meta):
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")
        constraints = [
            models.UniqueConstraint(fields=["draft", "article"], name="a_pick_once_per_draft")
        ]

    def __str__(self) -> str:
        return str(self.article)
