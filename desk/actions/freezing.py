"""Freeze: from a draft to an edition, words that never change again."""

from typing import TypedDict

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article, ArticleCounts, Edition
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from articles.slugs import make_slug
from audit.actions import record_audit
from desk.actions.drafts import authors_of, is_slug_taken
from desk.actions.embargo import copy_terms
from desk.actions.locking import lock_article, lock_draft
from desk.errors import NotApproved, NothingToCorrect, NotReady, PhotoTextChanged, SlugTaken
from desk.models import Draft, DraftPick, DraftTag
from desk.permissions import may_publish
from desk.rendering import render_body
from media.representation import photo_text_of_use
from newsroom.errors import require


class Correction(TypedDict):
    """What was wrong, for readers: `kind` one of correction, clarification, update, rebuttal."""

    kind: str
    note: str


@transaction.atomic
def freeze(
    draft: Draft, *, by: User, version: int | None = None, correction: Correction | None = None
) -> Edition:
    """Make an edition of the draft as it stands. Readers do not see it yet.

    Raises NotReady with what is missing, NotApproved where four eyes are on, NothingToCorrect for a
    correction before the first publication, SlugTaken, EditedElsewhere.
    """
    require(may_publish(by))
    draft = lock_draft(draft, version=version)
    if problems := draft.problems():
        raise NotReady(problems)
    if settings.FOUR_EYES and draft.stage != Draft.Stage.APPROVED:
        raise NotApproved
    if settings.FOUR_EYES and says_other_than_approved(draft):
        raise PhotoTextChanged
    article = lock_article(draft.article_id) if draft.article_id else open_article(draft)
    if correction and article.first_published_at is None:
        raise NothingToCorrect
    edition = Edition.objects.create(
        article=article,
        number=next_number(article),
        slug=address_for(article, draft),
        **frozen_words(draft),
        **frozen_references(draft),
        correction_kind=correction["kind"] if correction else "",
        correction_note=correction["note"] if correction else "",
        frozen_at=timezone.now(),
    )
    record_audit(edition, verb="froze", by=by, draft=draft.pk, version=draft.version)
    return edition


def says_other_than_approved(draft: Draft) -> bool:
    """Whether the library says something else of the lead photo than when the story was approved."""
    text = photo_text_of_use(draft.lead_photo, draft.lead_photo_text)
    return draft.approved_photo_text is not None and text != draft.approved_photo_text


def frozen_words(draft: Draft) -> dict[str, object]:
    """The words of the draft, as columns of an edition."""
    return {
        "headline": draft.headline,
        **{name: getattr(draft, name) for name in EDITORIAL_FIELD_NAMES},
        "summary": draft.summary,
        "body": draft.body,
        "body_html": render_body(draft.body),
        "lead_photo_text": photo_text_of_use(draft.lead_photo, draft.lead_photo_text) or None,
        "byline": ", ".join(str(author) for author in authors_of(draft))[:300],
        "source_name": draft.source_name,
        "source_url": draft.source_url,
        "source_credit": draft.source_credit,
        "ai_kind": draft.ai_kind,
        "ai_note": draft.ai_note,
        "comments_mode": draft.comments_mode,
    }


def frozen_references(draft: Draft) -> dict[str, object]:
    """What the draft points at, as columns of an edition."""
    tags = DraftTag.objects.filter(draft=draft).values_list("tag_id", flat=True)
    picks = DraftPick.objects.filter(draft=draft).values_list("article_id", flat=True)
    return {
        "section_id": draft.section_id,
        "lead_photo_id": draft.lead_photo_id,
        "poll_id": draft.poll_id,
        "author_ids": [author.pk for author in authors_of(draft)],
        "tag_ids": list(tags),
        "related_ids": list(picks),
    }


def next_number(article: Article) -> int:
    last = Edition.objects.filter(article=article).order_by("-number").first()
    return last.number + 1 if last else 1


def open_article(draft: Draft) -> Article:
    """Give a story its public address the first time it is frozen. Nothing is shown there yet."""
    while (article := claimed(free_slug(draft))) is None:
        pass  # another story took this very address meanwhile; the next look sees it
    ArticleCounts.objects.create(article=article)
    copy_terms(draft, article)
    draft.article = article
    draft.save(update_fields=["article"])
    return article


def claimed(slug: str) -> Article | None:
    """A new article at this address; None where somebody else was quicker."""
    try:
        with transaction.atomic():
            return Article.objects.create(slug=slug)
    except IntegrityError:
        return None


def address_for(article: Article, draft: Draft) -> str:
    """The address this edition wishes for. Before the first publication it is taken at once."""
    wish = draft.slug or article.slug
    if wish == article.slug:
        return wish
    if is_slug_taken(wish, excluding=article.pk):
        raise SlugTaken
    if article.first_published_at is None:
        article.slug = wish
        try:
            with transaction.atomic():
                article.save(update_fields=["slug"])
        except IntegrityError:
            raise SlugTaken from None
    return wish


def free_slug(draft: Draft) -> str:
    """The wished address; else one of the headline's words, numbered where another has it."""
    if draft.slug:
        if is_slug_taken(draft.slug, excluding=None):
            raise SlugTaken
        return draft.slug
    stem = make_slug(draft.headline) or "article"
    slug, number = stem, 2
    while is_slug_taken(slug, excluding=None):
        slug, number = f"{stem}-{number}", number + 1
    return slug
