"""Drafts as the desk reads them, in a number of queries that does not grow."""

from __future__ import annotations

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
    Value,
    When,
)
from django.db.models.functions import Concat, StrIndex

from articles.models import PHOTO_URL_PREFIX, Edition
from desk.models.releases import Release
from media.models import Photo
from newsroom.db.expressions import CurrentTime, JSONArraySubquery
from polls.models import Side

if TYPE_CHECKING:
    from desk.models import Draft  # noqa: F401 -- the name of what the queryset holds


def has_expired() -> Q:
    """Drafts of articles that readers had, and whose time is over."""
    return Q(article__first_published_at__isnull=False, article__expires_at__lte=CurrentTime())


def unready_photos(*, body: Any, lead: Any) -> QuerySet[Photo]:
    """Photos that a draft with this body and lead photo shows, and that have no files (yet)."""
    place = StrIndex(body, Concat(Value(PHOTO_URL_PREFIX), "key", Value("/")))
    unready = Photo.objects.unready().annotate(place=place)
    return unready.filter(Q(place__gt=0) | Q(pk=lead)).order_by("pk")


class DraftQuerySet(QuerySet["Draft"]):
    def not_trashed(self) -> Self:
        """Drafts that are not in the trash."""
        return self.filter(trashed_at__isnull=True)

    def trashed(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def of(self, person_id: int) -> Self:
        """Stories that somebody began, or changed last."""
        return self.filter(Q(created_by=person_id) | Q(changed_by=person_id))

    def with_state(self) -> Self:
        """Each with its `state` in one word: what readers have of it first, then where the text is."""
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
        """Those whose state is this word; see `with_state`."""
        return self.with_state().filter(Q(("state", state)))

    def created_by_form(self, form_token: str, *, by: Any) -> Self:
        """The story that this page has begun, the trash included."""
        try:
            return self.filter(created_by=by, form_token=UUID(form_token))
        except ValueError:
            return self.none()

    def in_full(self) -> Self:
        """Each with all that the desk's API tells of it. One query."""
        beside = ("article__live", "section", "lead_photo", "poll", "created_by", "changed_by")
        heavy = ("article__live__body", "article__live__body_html", "article__notice")
        told = {**self.lists(), **self.history(), "wire_story": F("wire_version__story")}
        return self.with_state().select_related(*beside).defer(*heavy).annotate(**told)

    def lists(self) -> dict[str, Any]:
        """What a draft holds several of, each as rows in their order."""
        unready = unready_photos(body=OuterRef("body"), lead=OuterRef("lead_photo"))
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
        """What became of a draft: its editions, what waits, whether the newest edition has it all."""
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
            ),
            "is_frozen": ExpressionWrapper(Exists(newer), output_field=BooleanField()),
        }

    def rows_of(self, name: str) -> QuerySet[Any]:
        """The ordered rows of one of the draft's lists: `authors`, `tags` or `related`."""
        many: Any = self.model._meta.get_field(name).remote_field
        rows = many.through.objects.filter(draft=OuterRef("pk"))
        found: QuerySet[Any] = rows.order_by("position", "pk")
        return found
