"""Rows of a legal erasure: what is emptied, deleted or overwritten, table by table.

`tests/desk/erasure/test_erased_tables.py` fails for a table that refers to a story and is named neither
here nor in its list of those that hold no text.
"""

from collections.abc import Collection
from itertools import product
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

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
from audit.actions import redact_entries
from audit.models import Entry
from desk.models import (
    Claim,
    Draft,
    DraftAuthor,
    DraftPick,
    DraftPresence,
    DraftTag,
    DraftVersion,
    KeptAddress,
    LinkCheckRequest,
    Notice,
    Preview,
    Release,
    Remark,
    Suggestion,
    VersionMark,
    WireHold,
)
from desk.rendering import photo_keys_in
from media.models import Photo
from newsroom.db.expressions import IdArray
from polls.actions import lock_polls
from polls.models import Poll, Vote
from wire.actions.erasing import erase_story
from wire.models import StoryPhoto

EMPTY_TEXT = dict.fromkeys(
    (
        *EDITORIAL_FIELD_NAMES,
        *("body", "source_name", "source_url", "source_credit", "ai_kind", "ai_note"),
    ),
    "",
)
CLAIM_TEXTS = ("passage", "reason", "wanted_text", "answer_note")
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
    (KeptAddress, "draft"),
    (LinkCheckRequest, "draft"),
    (WireHold, "draft"),
    (Suggestion, "draft"),
)


def photos_and_polls_of(article: Article, draft: Draft | None) -> tuple[set[int], set[int]]:
    """Ids of the photos and polls in any edition of the article, in its draft or a version of it."""
    editions = Edition.objects.filter(article=article)
    rows: list[Any] = list(
        editions.values_list("lead_photo_id", "social_photo_id", "poll_id", "body_html")
    )
    if draft:
        rows.append((draft.lead_photo_id, draft.social_photo_id, draft.poll_id, draft.body))
        versions = DraftVersion.objects.filter(draft=draft)
        for content in versions.values_list("content", flat=True):
            references = [
                content.get(name) or {} for name in ("lead_photo", "social_photo", "poll")
            ]
            ids = [reference.get("id") for reference in references]
            rows.append((*ids, content.get("body") or ""))
    keys = set[str]().union(*(photo_keys_in(html) for *_ids, html in rows))
    in_bodies = set(Photo.objects.filter(key__in=keys).values_list("pk", flat=True))
    own = {photo for lead, social, _poll, _html in rows for photo in (lead, social) if photo}
    return in_bodies | own, {poll for *_photos, poll, _html in rows if poll}


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
            social_photo=None,
            social_photo_text=None,
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
        social_photo=None,
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


def erase_quotations(article: Article, draft: Draft | None, *, label: str) -> None:
    """Overwrite what quotes the story: in the audit log, in notices, in reasons of failed releases, and in
    what claimants wrote. Before the rows that are looked up here are deleted; the article and its claims
    are locked."""
    releases = Release.objects.filter(article=article)
    release_ids = list(releases.values_list("pk", flat=True))
    claims = Claim.objects.filter(article=article)
    claim_ids = list(claims.values_list("pk", flat=True))
    editions = Edition.objects.filter(article=article).values_list("pk", flat=True)
    redact_entries("articles.article", [article.pk], label=None)  # its label is the address
    redact_entries("articles.edition", editions, label=label)
    redact_entries("desk.release", release_ids, label=label)
    redact_entries("desk.claim", claim_ids, label=None)
    releases.update(reason="")
    about = (
        Q(kind="desk.release", subject__in=release_ids)
        | Q(kind="desk.claim", subject__in=claim_ids)
        | Q(kind="articles.article", subject=article.pk)
    )
    if draft:
        previews = Preview.objects.filter(draft=draft).values_list("pk", flat=True)
        redact_entries("desk.draft", [draft.pk], label=label)
        redact_entries("desk.preview", previews, label=label)
        about |= Q(kind="desk.draft", subject=draft.pk)
    Notice.objects.filter(about).update(label=label, reason="")  # a reason may quote a remark
    Claim.objects.filter(pk__in=claim_ids).update(
        **dict.fromkeys(CLAIM_TEXTS, ""), version=F("version") + 1
    )
    erase_reasons_of_bundles(article)


def erase_reasons_of_bundles(article: Article) -> None:
    """Remove why the bundles of this article failed: the reason on each of their releases, in the audit log
    and in notices names the headline of the story at fault. The caller holds the bundles."""
    own = Release.objects.filter(article=article, bundle__isnull=False)
    bundle_ids = sorted(set(own.values_list("bundle", flat=True)))
    together = Release.objects.filter(bundle__in=bundle_ids).order_by("pk")
    redact_entries("desk.release", together.values_list("pk", flat=True), label=None)
    together.exclude(reason="").update(reason="")
    Notice.objects.filter(kind="desk.bundle", subject__in=bundle_ids).update(reason="")


def erase_agency_copy(draft: Draft, *, label: str) -> set[int]:
    """Take the draft's agency copy away, and erase it unless another draft was begun from it.

    The ids of the photos that came with what was erased.
    """
    if draft.wire_version is None:
        return set()
    story = draft.wire_version.story
    Draft.objects.filter(pk=draft.pk).update(wire_version=None)
    drafts = Draft.objects.filter(wire_version__story=story)
    return erase_story(story, label=label, is_used=drafts.exists) or set()


def unused_photos(photo_ids: Collection[int]) -> list[Photo]:
    """Those of these photos that no other story has: in a lead, in a body, on a card for sharing, or as a
    picture of agency copy that stays."""
    photos = Photo.objects.filter(pk__in_array=IdArray(photo_ids)).order_by("pk")
    used = set[int]()
    for model, name in product((Draft, Edition, Article), ("lead_photo", "social_photo")):
        rows = model._default_manager.filter(**{f"{name}__in_array": IdArray(photo_ids)})
        used |= set(rows.values_list(f"{name}_id", flat=True))
    pictures = StoryPhoto.objects.filter(photo__in_array=IdArray(photo_ids))
    used |= {photo for photo in pictures.values_list("photo_id", flat=True) if photo}
    used |= set(
        PhotoUse.objects.filter(photo__in_array=IdArray(photo_ids)).values_list(
            "photo_id", flat=True
        )
    )
    return [photo for photo in photos if photo.pk not in used and not is_in_a_body(photo)]


def is_in_a_body(photo: Photo) -> bool:
    """Whether the body of any draft or edition contains the photo."""
    url = f"{PHOTO_URL_PREFIX}{photo.key}/"
    in_editions = Edition.objects.filter(BODY_HAS_PHOTOS, body_html__contains=url)
    return in_editions.exists() or Draft.objects.filter(body__contains=url).exists()


def erase_unused_polls(poll_ids: Collection[int], *, label: str) -> None:
    """Delete those of these polls that no other story has, with their votes, and redact their entries in
    the audit log."""
    ids = IdArray(lock_polls(poll_ids))
    used = set[int | None]()
    for model in (Draft, Edition, Article):
        used |= set(
            model._default_manager.filter(poll__in_array=ids).values_list("poll_id", flat=True)
        )
    unused = [poll for poll in sorted(poll_ids) if poll not in used]
    votes = Vote.objects.filter(poll__in_array=IdArray(unused))
    redact_entries("polls.poll", unused, label=label)
    redact_entries("polls.vote", with_entries(votes).values_list("pk", flat=True), label=None)
    votes.delete()
    Poll.objects.filter(pk__in_array=IdArray(unused)).delete()


def with_entries(votes: QuerySet[Vote]) -> QuerySet[Vote]:
    """Those of these votes that have audit entries: a few of very many."""
    entries = Entry.objects.filter(kind="polls.vote", subject=OuterRef("subject"))
    return votes.annotate(subject=Cast("pk", CharField())).filter(Exists(entries))
