"""Querysets of drafts, with what lists and the API show of each annotated in one query."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Concat, StrIndex
from django.utils.html import strip_tags

from articles.models import PHOTO_URL_PREFIX, Article, Edition
from desk.models.releases import Release
from desk.models.wire_holds import WireHold
from media.models import Photo
from newsroom.db.expressions import CurrentTime, IdArray, JSONArraySubquery
from newsroom.text.normalization import is_blank
from polls.models import Side

if TYPE_CHECKING:
    from desk.models import Draft  # noqa: F401 -- the name of what the queryset holds

UNKNOWN_PHOTO = "unknown"  # in place of a `Photo.State`
# {ending of the annotation: column of the hold}
HOLD_COLUMNS = {"id": "pk", "kind": "kind", "at": "at", "hidden": "is_hidden"}
PHOTO_IN_BODY = re.compile(
    rf'<img(?: [a-z]+="[^"]*")*? src="{re.escape(PHOTO_URL_PREFIX)}([A-Za-z0-9_-]{{8,24}})/'
)


def has_expired() -> Q:
    """Drafts whose article was published and has expired."""
    return Q(article__first_published_at__isnull=False, article__expires_at__lte=CurrentTime())


def unready_photos(*, body: Any, lead: Any, social: Any) -> QuerySet[Photo]:
    """Photos in this body, this lead photo or this photo for sharing, that have no files: still being
    processed, or unreadable."""
    place = StrIndex(body, Concat(Value(PHOTO_URL_PREFIX), "key", Value("/")))
    unready = Photo.objects.unready().annotate(place=place)
    return unready.filter(Q(place__gt=0) | Q(pk=lead) | Q(pk=social)).order_by("pk")


def unknown_photo_keys(body: str) -> list[str]:
    """Keys of the photos in a sanitized body that are not in the library. No query without photos."""
    keys = list(dict.fromkeys(PHOTO_IN_BODY.findall(body)))
    if not keys:
        return []
    known = set(Photo.objects.filter(key__in=keys).values_list("key", flat=True))
    return [key for key in keys if key not in known]


def missing_photos(body: str, *, lead: int | None, social: int | None) -> list[dict[str, str]]:
    """{"state", "alt"} of the photos of a draft that have no files or are not in the library. No query
    without photos."""
    if lead is None and social is None and PHOTO_URL_PREFIX not in body:
        return []
    unready = unready_photos(body=Value(body), lead=lead, social=social)
    return [
        *({"state": photo.state, "alt": photo.alt} for photo in unready),
        *({"state": UNKNOWN_PHOTO, "alt": key} for key in unknown_photo_keys(body)),
    ]


def has_content(body: str) -> bool:
    """Whether a sanitized body has text, a photo or an embed."""
    return "<img " in body or "data-embed=" in body or not is_blank(strip_tags(body))


class DraftQuerySet(QuerySet["Draft"]):
    def not_trashed(self) -> Self:
        """Drafts that are not in the trash."""
        return self.filter(trashed_at__isnull=True)

    def trashed(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def of(self, person_id: int) -> Self:
        """Drafts that this person created, or changed last."""
        return self.filter(Q(created_by=person_id) | Q(changed_by=person_id))

    def within(self, *, person_id: int, section_ids: Collection[int]) -> Self:
        """Drafts in these sections, and those that this person began or that are assigned to them."""
        own = Q(created_by=person_id) | Q(assigned_to=person_id)
        return self.filter(Q(section__in=section_ids) | own)

    def assigned_to(self, person: Any) -> Self:
        """Drafts that are assigned to this person, a user or their id."""
        return self.filter(assigned_to=person)

    def overdue(self, now: datetime) -> Self:
        """Drafts that are past their due time, and neither handed in nor published yet."""
        unpublished = Q(article__isnull=True) | Q(article__first_published_at__isnull=True)
        return self.not_trashed().filter(unpublished, due_at__lte=now, stage="writing")

    def never_published(self) -> Self:
        """Drafts of which readers have seen nothing yet.

        The ids of the few articles that wait for their first publication come first, in a query of their
        own: a join reads all drafts and all articles.
        """
        waiting = Article.objects.filter(first_published_at__isnull=True).order_by()
        ids = IdArray(waiting.values_list("pk", flat=True))
        return self.filter(Q(article__isnull=True) | Q(article__in_array=ids))

    def with_state(self) -> Self:
        """With `state`: trashed, withdrawn, expired, live or scheduled; else the stage of the text."""
        waiting = Release.objects.waiting().filter(article=OuterRef("article"))
        return self.annotate(
            state=Case(
                When(trashed_at__isnull=False, then=Value("trashed")),
                When(article__withdrawn_at__isnull=False, then=Value("withdrawn")),
                When(has_expired(), then=Value("expired")),
                When(article__live__isnull=False, then=Value("live")),
                When(Exists(waiting), then=Value("scheduled")),
                default=F("stage"),
                output_field=CharField(),
            )
        )

    def in_state(self, state: str) -> Self:
        """Drafts in this state (`with_state`)."""
        return self.with_state().filter(Q(("state", state)))

    def created_by_form(self, form_token: str, *, by: Any) -> Self:
        """The draft that was created with this idempotency key, also in the trash."""
        try:
            return self.filter(created_by=by, form_token=UUID(form_token))
        except ValueError:
            return self.none()

    def in_full(self) -> Self:
        """With everything that the desk API returns of a draft. One query."""
        joined = ("article__live", "section", "lead_photo", "poll")
        people = ("created_by", "changed_by", "assigned_to", "approved_by")
        heavy = ("article__live__body", "article__live__body_html", "article__notice")
        columns = {**self.lists(), **self.history(), **self.agency_copy()}
        return self.with_state().select_related(*joined, *people).defer(*heavy).annotate(**columns)

    def lists(self) -> dict[str, Any]:
        """Authors, tags, picks, photos without files and poll sides: JSON rows, in their order."""
        unready = unready_photos(
            body=OuterRef("body"), lead=OuterRef("lead_photo"), social=OuterRef("social_photo")
        )
        sides = Side.objects.filter(poll=OuterRef("poll")).order_by("-key")
        return {
            "author_rows": JSONArraySubquery(self.rows_of("authors"), slug="author__slug"),
            "tag_rows": JSONArraySubquery(self.rows_of("tags"), name="tag__name"),
            "pick_rows": JSONArraySubquery(self.rows_of("related"), slug="article__slug"),
            "unready_rows": JSONArraySubquery(unready, state="state", alt="alt"),
            "side_rows": JSONArraySubquery(
                sides, key="key", label="label", persona="persona", argument="argument"
            ),
        }

    def history(self) -> dict[str, Any]:
        """Editions and waiting release as JSON rows; `is_frozen`: no change since the newest edition."""
        editions = Edition.objects.filter(article=OuterRef("article")).order_by("number")
        waiting = Release.objects.waiting().filter(article=OuterRef("article"))
        newer = editions.filter(frozen_at__gte=OuterRef("changed_at")).order_by()
        return {
            "edition_rows": JSONArraySubquery(
                editions,
                number="number",
                frozen_at="frozen_at",
                kind="correction_kind",
                note="correction_note",
            ),
            "release_rows": JSONArraySubquery(
                waiting,
                id="pk",
                edition="edition__number",
                due_at="due_at",
                state="state",
                reason="reason",
                bundle_id="bundle",
                held_at="held_at",
            ),
            "is_frozen": ExpressionWrapper(Exists(newer), output_field=BooleanField()),
        }

    def agency_copy(self) -> dict[str, Any]:
        """The agency story, the version used with its rights, and the hold that is open."""
        used, story = "wire_version", "wire_version__story"
        holds = WireHold.objects.open().filter(draft=OuterRef("pk"))
        return {
            "wire_story": F(story),
            "wire_used": F(f"{used}__number"),
            "wire_current": F(f"{story}__current__number"),
            "wire_status": F(f"{story}__status"),
            "wire_ai_prohibited": F(f"{used}__ai_use_prohibited"),
            "wire_source_ai_prohibited": F(f"{story}__source__ai_use_prohibited"),
            "wire_resale_prohibited": F(f"{used}__resale_prohibited"),
            "wire_usage_terms": F(f"{used}__usage_terms"),
            "wire_expires_at": F(f"{used}__expires_at"),
            **{
                f"wire_hold_{name}": Subquery(holds.values(column))
                for name, column in HOLD_COLUMNS.items()
            },
        }

    def rows_of(self, name: str) -> QuerySet[Any]:
        """The ordered rows of one of the draft's lists: `authors`, `tags` or `related`."""
        relation: Any = self.model._meta.get_field(name).remote_field
        rows = relation.through.objects.filter(draft=OuterRef("pk"))
        ordered: QuerySet[Any] = rows.order_by("position", "pk")
        return ordered
