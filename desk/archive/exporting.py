"""Archive export: articles as lines of JSON (docs/archive.md)."""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Author, Edition, FormerSlug, Tag
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.actions.locking import lock_article
from desk.models import Erasure
from desk.rendering import photo_keys_in, without_other_photos
from media.models import Photo
from polls.models import Poll

MIN_EDITION_GAP = timedelta(microseconds=1)


def export_lines() -> Iterator[dict[str, Any]]:
    """Every article that was ever published, the oldest first, in the format of the import.

    Without comments, votes and saves, which belong to readers, and without what was erased by law. Each
    article is locked while its line is built, and released before the line is yielded, since the consumer
    may be slow.
    """
    erased = Erasure.objects.values("article")
    published = Article.objects.filter(first_published_at__isnull=False).exclude(pk__in=erased)
    for pk in list(published.order_by("first_published_at", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            line = export_article(lock_article(pk))
        yield line


def export_article(article: Article) -> dict[str, Any]:
    """One article with all editions that were live, and its photos in base64."""
    editions = published_editions(article)
    photos = photos_of([edition for _at, edition in editions])
    *earlier, (last_at, last) = editions
    return {
        "id": article.urn(),
        "slug": article.slug,
        "former_slugs": list(
            FormerSlug.objects.filter(article=article).order_by("pk").values_list("slug", flat=True)
        ),
        "published_at": local_iso_time(editions[0][0]),
        "updated_at": local_iso_time(last_at),
        **edition_fields(last, photos),
        "earlier": [
            {"published_at": local_iso_time(at), **edition_fields(e, photos)} for at, e in earlier
        ],
        "corrections": [correction_data(note) for note in article.corrections],
        "withdrawn": {"at": local_iso_time(article.withdrawn_at), "notice": article.notice}
        if article.withdrawn_at
        else None,
        "embargo_until": local_iso_time(article.embargo_until) if article.embargo_until else None,
        "expires_at": local_iso_time(article.expires_at) if article.expires_at else None,
        "photos": {photo.key: photo_with_file(photo) for photo in photos.values()},
    }


def published_editions(article: Article) -> list[tuple[datetime, Edition]]:
    """(time, edition) in the order in which they were live. The time of an edition that was published late
    is moved behind that of the one before it."""
    editions: list[tuple[datetime, Edition]] = []
    for row in article.appearances.select_related("edition__section", "edition__poll").order_by(
        "pk"
    ):
        earliest = editions[-1][0] + MIN_EDITION_GAP if editions else row.published_at
        editions.append((max(row.published_at, earliest), row.edition))
    return editions


def edition_fields(edition: Edition, photos: dict[int, Photo]) -> dict[str, Any]:
    """The text of an edition, with what it refers to by slug or name."""
    lead, social = (photos.get(pk or 0) for pk in (edition.lead_photo_id, edition.social_photo_id))
    return {
        "headline": edition.headline,
        **{name: getattr(edition, name) for name in EDITORIAL_FIELD_NAMES},
        "summary": edition.summary,
        "body_html": without_other_photos(edition.body, {photo.key for photo in photos.values()}),
        "section": {"slug": edition.section.slug, "name": edition.section.name},
        "authors": [
            {name: getattr(a, name) for name in ("slug", "name", "role", "title", "bio")}
            for a in in_order(Author, edition.author_ids)
        ],
        "tags": [tag.name for tag in in_order(Tag, edition.tag_ids)],
        "lead_photo": lead.key if lead else None,
        "lead_photo_text": edition.lead_photo_text,
        "social_photo": social.key if social else None,
        "social_photo_text": edition.social_photo_text,
        "poll": poll_data(edition.poll) if edition.poll else None,
        "related": [other.slug for other in in_order(Article, edition.related_ids)],
        "source": {
            "name": edition.source_name,
            "url": edition.source_url,
            "credit": edition.source_credit,
        }
        if edition.source_name
        else None,
        "ai_disclosure": {"kind": edition.ai_kind, "note": edition.ai_note}
        if edition.ai_kind
        else None,
        "comments": edition.comments_mode,
    }


def correction_data(note: dict[str, Any]) -> dict[str, Any]:
    """A correction note of `Article.corrections`."""
    return {
        "kind": note["kind"],
        "note": note["note"],
        "at": local_iso_time(datetime.fromisoformat(note["at"])),
    }


def in_order(model: Any, ids: list[int]) -> list[Any]:
    """The rows of these ids in their order; deleted ones are left out."""
    rows = model.objects.in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def poll_data(poll: Poll) -> dict[str, Any]:
    return {
        "title": poll.title,
        "question": poll.question,
        "opens_at": local_iso_time(poll.opens_at),
        "closes_at": local_iso_time(poll.closes_at) if poll.closes_at else None,
        "results": poll.results,
        "election_day": poll.election_day.isoformat() if poll.election_day else None,
        "sides": [
            {name: getattr(side, name) for name in ("key", "label", "persona", "argument")}
            for side in poll.sides.all()
        ],
    }


def photos_of(editions: list[Edition]) -> dict[int, Photo]:
    """{photo id: photo} of every photo in these editions."""
    keys = set[str]().union(*(photo_keys_in(edition.body) for edition in editions))
    ids = {pk for e in editions for pk in (e.lead_photo_id, e.social_photo_id) if pk}
    photos = Photo.objects.filter(Q(pk__in=ids) | Q(key__in=keys))
    return {photo.pk: photo for photo in photos.order_by("pk") if photo.sources}


def photo_with_file(photo: Photo) -> dict[str, Any]:
    """The text of a photo, and its widest file in base64."""
    widest = photo.sources[-1]["name"]
    with default_storage.open(f"photos/{photo.key}/{widest}") as file:
        data = base64.b64encode(file.read()).decode()
    copied = ("alt", "caption", "credit", "focal_x", "focal_y")
    return {"name": photo.title, **{name: getattr(photo, name) for name in copied}, "data": data}


def local_iso_time(at: datetime) -> str:
    """ISO 8601 in the newsroom's time zone, with its offset, to the microsecond."""
    return timezone.localtime(at).isoformat()
