"""Content of a draft or an edition as JSON: what a version holds.

The fields are those of `desk.field_rights`, so that a new field of the draft is versioned by itself. What a
draft refers to is stored with its id and with what it was called then, which a diff shows later on even
where the row was deleted.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.html import strip_tags

from articles.models import Article, Author, Edition, Section, Tag
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.field_rights import GUARDED_FIELDS, UNGUARDED_FIELDS
from desk.models import Draft, DraftAuthor, DraftPick, DraftTag
from media.models import Photo
from polls.models import Poll

Content = dict[str, Any]
VERSIONED_FIELDS = (*UNGUARDED_FIELDS, *GUARDED_FIELDS)
SUMMARY_FIELDS = ("summary_1", "summary_2", "summary_3")
POLL_TIMES = ("opens_at", "closes_at")
SIDE_FIELDS = ("key", "label", "persona", "argument")
# Fields of references: {"id", …}, a list of such, or None.
REFERENCE_FIELDS = ("section", "authors", "related", "lead_photo", "social_photo")


def content_of(draft: Draft) -> Content:
    """{field: JSON value} of a draft as it is now; its lists are read from the database."""
    return {name: draft_value(draft, name) for name in VERSIONED_FIELDS}


def draft_value(draft: Draft, name: str) -> Any:
    """The JSON value of one field of a draft."""
    if name == "authors":
        rows = DraftAuthor.objects.filter(draft=draft).select_related("author")
        return [site_reference(row.author) for row in rows]
    if name == "tags":
        return list(DraftTag.objects.filter(draft=draft).values_list("tag__name", flat=True))
    if name == "related":
        picks = DraftPick.objects.filter(draft=draft).select_related("article")
        return article_references(pick.article for pick in picks)
    return json_value(getattr(draft, name))


def json_value(value: Any) -> Any:
    """A column's value as JSON; a related row as a reference with its id."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Section | Author):
        return site_reference(value)
    if isinstance(value, Photo):
        return photo_reference(value)
    if isinstance(value, Poll):
        return poll_content(value)
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value)}
    return value


def site_reference(row: Section | Author) -> dict[str, Any]:
    return {"id": row.pk, "slug": row.slug, "name": str(row)}


def article_references(articles: Iterable[Article]) -> list[dict[str, Any]]:
    """By their slugs: a headline would stay in the versions of other stories after a legal erasure."""
    return [{"id": row.pk, "slug": row.slug, "name": row.slug} for row in articles]


def photo_reference(photo: Photo) -> dict[str, Any]:
    """By its key: its text would stay in the versions of other stories after a legal erasure."""
    return {"id": photo.pk, "key": photo.key, "name": photo.key}


def poll_content(poll: Poll) -> dict[str, Any]:
    """A poll with its sides, as `polls.actions.create_poll` takes it, with its id."""
    sides = sorted(poll.sides.all(), key=lambda side: side.key, reverse=True)
    return {
        "id": poll.pk,
        "title": poll.title,
        "question": poll.question,
        **{name: json_value(getattr(poll, name)) for name in POLL_TIMES},
        "results": poll.results,
        "election_day": poll.election_day.isoformat() if poll.election_day else None,
        "sides": [{name: getattr(side, name) for name in SIDE_FIELDS} for side in sides],
    }


def content_of_edition(edition: Edition) -> Content:
    """The content of a frozen edition: of the fields of a draft those that an edition has."""
    plain = (
        *("headline", *EDITORIAL_FIELD_NAMES, "body"),
        *("source_name", "source_url", "source_credit", "ai_kind", "ai_note", "comments_mode"),
    )
    authors = Author.objects.in_bulk(edition.author_ids)
    tags = Tag.objects.in_bulk(edition.tag_ids)
    related = Article.objects.in_bulk(edition.related_ids)
    found = {
        **{name: json_value(getattr(edition, name)) for name in plain},
        **dict(zip(SUMMARY_FIELDS, edition.summary, strict=False)),
        "section": json_value(edition.section),
        "authors": [site_reference(authors[pk]) for pk in edition.author_ids if pk in authors],
        "tags": [tags[pk].name for pk in edition.tag_ids if pk in tags],
        "related": article_references(related[pk] for pk in edition.related_ids if pk in related),
        "poll": json_value(edition.poll),
        "lead_photo": json_value(edition.lead_photo),
        "lead_photo_text": edition.lead_photo_text or {},
        "social_photo": json_value(edition.social_photo),
    }
    return {name: found[name] for name in VERSIONED_FIELDS if name in found}


def changed_names(before: Content, after: Content) -> list[str]:
    """The fields that both contents have and that differ, in the order of `VERSIONED_FIELDS`."""
    return [
        name
        for name in VERSIONED_FIELDS
        if name in before
        and name in after
        and comparable_value(name, before[name]) != comparable_value(name, after[name])
    ]


def comparable_value(name: str, value: Any) -> Any:
    """A field's value without what changes by itself, such as the headline of a related article."""
    if name not in REFERENCE_FIELDS or not value:
        return value
    return [row["id"] for row in value] if isinstance(value, list) else value["id"]


def char_count_of(content: Content) -> int:
    """Characters of the text that people read, without markup and references."""
    texts = (value for value in content.values() if isinstance(value, str))
    return sum(len(strip_tags(text)) for text in texts)
