"""Rows of a legal erasure: what is emptied, deleted or overwritten, table by table.

`tests/desk/erasure/test_erased_tables.py` fails for a table that refers to a story and is named neither
here nor in its list of those that hold no text.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q

from articles.models import (
    BODY_HAS_PHOTOS,
    PHOTO_URL_PREFIX,
    Article,
    Edition,
    PhotoUse,
    PopularityRank,
    RelatedArticle,
    SuggestedWord,
)
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from articles.search.indexer import remove_articles
from articles.triggers import permit_erasure
from audit.actions import erase_labels
from desk.models import (
    Claim,
    Draft,
    DraftAuthor,
    DraftPick,
    DraftPresence,
    DraftTag,
    DraftVersion,
    LinkCheckRequest,
    Notice,
    Preview,
    Release,
    Remark,
    VersionMark,
)
from desk.rendering import photo_keys_in
from media.models import Photo
from newsroom.db.expressions import id_array
from polls.models import Poll

EMPTY_TEXT = dict.fromkeys(
    (
        *EDITORIAL_FIELD_NAMES,
        *("body", "source_name", "source_url", "source_credit", "ai_kind", "ai_note"),
    ),
    "",
)
# Rows that are deleted, by the model and the field that refers to the draft.
DELETED_WITH_DRAFT = (
    (DraftAuthor, "draft"),
    (DraftTag, "draft"),
    (DraftPick, "draft"),
    (Preview, "draft"),
    (VersionMark, "version__draft"),
    (DraftVersion, "draft"),
    (Remark, "draft"),
    (DraftPresence, "draft"),
    (LinkCheckRequest, "draft"),
)


def photos_and_polls_of(article: Article, draft: Draft | None) -> tuple[set[int], set[int]]:
    """Ids of the photos and polls in any edition of the article, in its draft or a version of it."""
    editions = Edition.objects.filter(article=article)
    rows: list[Any] = list(editions.values_list("lead_photo_id", "poll_id", "body_html"))
    if draft:
        rows.append((draft.lead_photo_id, draft.poll_id, draft.body))
        versions = DraftVersion.objects.filter(draft=draft)
        for content in versions.values_list("content", flat=True):
            lead = content.get("lead_photo") or {}
            poll = content.get("poll") or {}
            rows.append((lead.get("id"), poll.get("id"), content.get("body") or ""))
    keys = set[str]().union(*(photo_keys_in(html) for _photo, _poll, html in rows))
    in_bodies = set(Photo.objects.filter(key__in=keys).values_list("pk", flat=True))
    photos = in_bodies | {photo for photo, _poll, _html in rows if photo}
    return photos, {poll for _photo, poll, _html in rows if poll}


def empty_editions(article: Article, *, headline: str) -> int:
    """Empty every edition of the article, past the triggers that freeze them; how many."""
    with permit_erasure():
        return Edition.objects.filter(article=article).update(
            **EMPTY_TEXT,
            headline=headline,
            summary=[],
            body_html="",
            byline="",
            lead_photo=None,
            lead_photo_text=None,
            poll=None,
            author_ids=[],
            tag_ids=[],
            related_ids=[],
            correction_note="",
        )


def empty_draft(draft: Draft, *, headline: str) -> None:
    """Empty a locked draft, and delete what belongs to it. The caller saves the rest of the row."""
    for model, field in DELETED_WITH_DRAFT:
        model._default_manager.filter(**{field: draft}).delete()
    Draft.objects.filter(pk=draft.pk).update(
        **EMPTY_TEXT,
        headline=headline,
        summary_1="",
        summary_2="",
        summary_3="",
        notes="",
        slug="",
        lead_photo=None,
        lead_photo_text={},
        approved_photo_text=None,
        poll=None,
        field_setters={},
    )


def delete_derived_rows(article: Article) -> None:
    """Delete what was made of the text: search index, suggested words, related articles, ranks."""
    words = SuggestedWord.objects.filter(suggested_by__article=article)
    word_ids = list(words.values_list("pk", flat=True))
    remove_articles(Article.objects.filter(pk=article.pk), 1)
    SuggestedWord.objects.filter(pk__in=word_ids, suggested_by__isnull=True).delete()
    RelatedArticle.objects.filter(Q(article=article) | Q(related=article)).delete()
    PopularityRank.objects.filter(article=article).delete()


def erase_quotations(
    article: Article, draft: Draft | None, *, polls: Collection[int], label: str
) -> None:
    """Overwrite headline and question where they were copied, in the audit log and in notices, and the
    passage that claims quote. Before the rows that are looked up here are deleted."""
    releases = list(Release.objects.filter(article=article).values_list("pk", flat=True))
    editions = list(Edition.objects.filter(article=article).values_list("pk", flat=True))
    claims = Claim.objects.filter(article=article)
    claim_ids = list(claims.values_list("pk", flat=True))
    erase_labels("articles.edition", editions, label=label)
    erase_labels("desk.release", releases, label=label)
    erase_labels("polls.poll", polls, label=label)
    about = (
        Q(kind="desk.release", subject__in=releases)
        | Q(kind="desk.claim", subject__in=claim_ids)
        | Q(kind="articles.article", subject=article.pk)
    )
    if draft:
        previews = Preview.objects.filter(draft=draft).values_list("pk", flat=True)
        erase_labels("desk.draft", [draft.pk], label=label)
        erase_labels("desk.preview", list(previews), label=label)
        about |= Q(kind="desk.draft", subject=draft.pk)
    Notice.objects.filter(about).update(label=label, reason="")  # a reason may quote a remark
    claims.update(passage="", version=F("version") + 1)


def unused_photos(photo_ids: Collection[int]) -> list[Photo]:
    """Those of these photos that no other story shows, in a lead or in a body."""
    photos = Photo.objects.filter(pk__in=id_array(photo_ids)).order_by("pk")
    used = set[int]()
    for model in (Draft, Edition, Article):
        rows = model._default_manager.filter(lead_photo__in=id_array(photo_ids))
        used |= set(rows.values_list("lead_photo_id", flat=True))
    used |= set(
        PhotoUse.objects.filter(photo__in=id_array(photo_ids)).values_list("photo_id", flat=True)
    )
    return [photo for photo in photos if photo.pk not in used and not is_in_a_body(photo)]


def is_in_a_body(photo: Photo) -> bool:
    """Whether the body of any draft or edition contains the photo."""
    url = f"{PHOTO_URL_PREFIX}{photo.key}/"
    in_editions = Edition.objects.filter(BODY_HAS_PHOTOS, body_html__contains=url)
    return in_editions.exists() or Draft.objects.filter(body__contains=url).exists()


def delete_unused_polls(poll_ids: Collection[int]) -> None:
    """Delete those of these polls that no other story has, with their votes."""
    ids = id_array(poll_ids)
    used = set[int | None]()
    for model in (Draft, Edition, Article):
        used |= set(model._default_manager.filter(poll__in=ids).values_list("poll_id", flat=True))
    Poll.objects.filter(pk__in=id_array(set(poll_ids) - used)).delete()
