"""Freeze: make an immutable edition of a draft, and give the story its article the first time."""

from collections.abc import Sequence
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article, ArticleCounts, Author, Edition
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from articles.slugs import make_slug
from audit.actions import record_audit
from desk.actions.agency.rights import require_ai_permitted, require_copy_usable
from desk.actions.drafts import authors_of, is_slug_taken
from desk.actions.embargo import copy_terms
from desk.actions.link_checks import request_link_check
from desk.actions.locking import lock_draft_and_article
from desk.actions.versions.versioning import mark_version
from desk.agency_copy.addresses import require_no_wire_address
from desk.approval import require_approval
from desk.errors import NoCorrectionNote, NothingToCorrect, NotReady, SlugTaken
from desk.models import Draft, DraftPick, DraftTag, VersionMark
from desk.permissions import may_publish
from desk.rendering import photo_keys_in, render_body
from desk.section_rights import may_publish_draft
from media.models import Photo
from media.representation import photo_text_of_use
from newsroom.errors import require
from newsroom.text.normalization import is_blank


class Correction(TypedDict):
    """A public correction note: `kind` is a value of `articles.models.CorrectionKind`."""

    kind: str
    note: str


@transaction.atomic
def freeze(
    draft: Draft, *, by: User, version: int | None = None, correction: Correction | None = None
) -> Edition:
    """Make an edition of the draft as it stands. Readers do not see it before it is published.

    Raises NotReady with what is missing, NotApproved and PhotoTextChanged where the four-eyes rule holds,
    AIUseProhibited and CopyExpired by the rights of agency copy, AgencyAddressInText, NothingToCorrect for
    a correction before the first publication, NoCorrectionNote, SlugTaken, EditedElsewhere, Trashed.
    """
    require(may_publish(by))
    draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft, version=version)
    return freeze_locked(draft, article, by=by, correction=correction)


def freeze_locked(
    draft: Draft, article: Article | None, *, by: User, correction: Correction | None = None
) -> Edition:
    """Freeze a draft that the caller has locked with its article; the same article as `edition.article`.

    1. Refuse a draft that is not complete, that was not approved as it stands (four-eyes rule), that the
       rights of its agency copy forbid, or that shows an address of an agency's reporter which no editor
       keeps on purpose.
    2. Open an article where the story has none.
    3. Create the next edition: the text of the draft, and the ids of what it refers to.

    Raises as `freeze`.
    """
    require_correction_note(correction)
    authors = authors_of(draft)
    require_freezable(draft, has_byline=bool(authors))
    article = article or open_article(draft)
    if correction and article.first_published_at is None:
        raise NothingToCorrect
    edition = Edition.objects.create(
        article=article,
        number=next_number(article),
        slug=edition_slug(article, draft),
        **frozen_text(draft, authors),
        **frozen_references(draft, authors),
        correction_kind=correction["kind"] if correction else "",
        correction_note=correction["note"] if correction else "",
        frozen_at=timezone.now(),
    )
    mark_version(draft, VersionMark.Kind.FROZEN, edition=edition)
    request_link_check(draft)
    record_audit(
        edition,
        verb="froze",
        by=by,
        draft=draft.pk,
        version=draft.version,
        approved_by=draft.approved_by_id,
    )
    return edition


def require_freezable(draft: Draft, *, has_byline: bool) -> None:
    """Raise NotReady, NotApproved, PhotoTextChanged, AIUseProhibited, CopyExpired, AgencyAddressInText."""
    if problems := draft.problems(has_byline=has_byline):
        raise NotReady(problems)
    require_approval(draft)
    require_ai_permitted(draft)
    require_copy_usable(draft)
    require_no_wire_address(draft)


def require_correction_note(correction: Correction | None) -> None:
    """Raise NoCorrectionNote without a note: what is corrected is said to readers, whatever the kind
    (언론중재법 §15 ③, ⑤ for those that are claimed)."""
    if correction is not None and is_blank(correction["note"]):
        raise NoCorrectionNote


def correction_of(edition: Edition) -> Correction | None:
    """The correction note of an edition, to go along with the one that takes its place."""
    if not edition.correction_kind:
        return None
    return {"kind": edition.correction_kind, "note": edition.correction_note}


def frozen_text(draft: Draft, authors: Sequence[Author]) -> dict[str, object]:
    """The text of the draft, by the columns of an edition."""
    return {
        "headline": draft.headline,
        **{name: getattr(draft, name) for name in EDITORIAL_FIELD_NAMES},
        "summary": draft.summary,
        "body": draft.body,
        "body_html": render_body(draft.body, Photo.objects.by_key(photo_keys_in(draft.body))),
        "lead_photo_text": photo_text_of_use(draft.lead_photo, draft.lead_photo_text) or None,
        "social_photo_text": photo_text_of_use(draft.social_photo) or None,
        "byline": ", ".join(map(str, authors))[:300],
        "source_name": draft.source_name,
        "source_url": draft.source_url,
        "source_credit": draft.source_credit,
        "ai_kind": draft.ai_kind,
        "ai_note": draft.ai_note,
        "comments_mode": draft.comments_mode,
    }


def frozen_references(draft: Draft, authors: Sequence[Author]) -> dict[str, object]:
    """The ids of what the draft refers to, by the columns of an edition."""
    tags = DraftTag.objects.filter(draft=draft).values_list("tag_id", flat=True)
    picks = DraftPick.objects.filter(draft=draft).values_list("article_id", flat=True)
    return {
        "section_id": draft.section_id,
        "lead_photo_id": draft.lead_photo_id,
        "social_photo_id": draft.social_photo_id,
        "poll_id": draft.poll_id,
        "author_ids": [author.pk for author in authors],
        "tag_ids": list(tags),
        "related_ids": list(picks),
    }


def next_number(article: Article) -> int:
    numbers = Edition.objects.filter(article=article).order_by("-number")
    return (numbers.values_list("number", flat=True).first() or 0) + 1


def open_article(draft: Draft) -> Article:
    """Create the article of a story at its first freeze. Nothing is public there yet."""
    while (article := try_create_article(free_slug(draft))) is None:
        pass  # another story took this slug in between, which the next `free_slug` sees
    ArticleCounts.objects.create(article=article)
    if draft.embargo_until or draft.expires_at:
        copy_terms(draft, article)
    draft.article = article
    draft.save(update_fields=["article"])
    return article


def try_create_article(slug: str) -> Article | None:
    """A new article of this slug; None where another transaction has created one."""
    try:
        with transaction.atomic():
            return Article.objects.create(slug=slug)
    except IntegrityError:
        return None


def free_slug(draft: Draft) -> str:
    """The slug that the draft asks for; else one made of its headline, numbered where it is taken.

    Raises SlugTaken.
    """
    if draft.slug:
        if is_slug_taken(draft.slug, excluding=None):
            raise SlugTaken
        return draft.slug
    stem = make_slug(draft.headline) or "article"
    slug, number = stem, 2
    while is_slug_taken(slug, excluding=None):
        slug, number = f"{stem}-{number}", number + 1
    return slug


def edition_slug(article: Article, draft: Draft) -> str:
    """The slug that the article gets when this edition is published; before the first publication it gets
    it at once. Raises SlugTaken."""
    slug = draft.slug or article.slug
    if slug == article.slug:
        return slug
    if is_slug_taken(slug, excluding=article.pk):
        raise SlugTaken
    if article.first_published_at is None:
        article.slug = slug
        try:
            with transaction.atomic():
                article.save(update_fields=["slug"])
        except IntegrityError:
            raise SlugTaken from None
    return slug
