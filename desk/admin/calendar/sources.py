"""Sources of the calendar: queries of what has a time, first the times alone, then what is shown.

Each source is asked twice: for (time, id) of all its rows in the period, along an index, and for the
details of the few that are shown.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import Article
from desk.models import Bundle, Draft, Release
from desk.models.releases import WAITING
from desk.section_rights import section_roles_of, visible_bundles, visible_drafts
from newsroom.admin.base import StrOrPromise
from newsroom.db.expressions import IdArray


@dataclass(frozen=True)
class CalendarFilter:
    """Whose calendar it is (all that they may read), and ids of the section and the person whose stories
    are shown; None for all."""

    user: Any
    section: int | None = None
    person: int | None = None

    def is_empty(self) -> bool:
        is_restricted = section_roles_of(self.user) is not None
        return self.section is None and self.person is None and not is_restricted

    def drafts(self) -> QuerySet[Any]:
        """Drafts in this section, and created or changed last by this person, that the user may read."""
        condition = Q()
        if self.section is not None:
            condition &= Q(section=self.section)
        if self.person is not None:
            own = Q(created_by=self.person) | Q(changed_by=self.person)
            condition &= own | Q(assigned_to=self.person)
        rows: QuerySet[Any] = visible_drafts(self.user).filter(condition)
        return rows

    def keep(self, rows: QuerySet[Any], *, article: str) -> QuerySet[Any]:
        """The rows whose article, in the column `article`, has such a draft."""
        if self.is_empty():
            return rows
        return rows.filter(Exists(self.drafts().filter(article=OuterRef(article))))


@dataclass
class CalendarItem:
    """One entry. `move_url` and `guard` (the state that its reader has seen) are empty for what cannot be
    moved; `needs_attention` marks a release that has failed."""

    kind: str
    at: datetime
    pk: int
    title: str
    url: str = ""
    detail: StrOrPromise = ""
    section: str = ""
    move_url: str = ""
    guard: str = ""
    needs_attention: bool = False
    label: StrOrPromise = ""  # of its kind


Times = QuerySet[Any]  # (time, id) of each row


@dataclass(frozen=True)
class Source:
    """A kind of calendar entries: `times(start, end, filters)` and `items(ids)`.

    `priority` decides which entries of a crowded day are shown, the lowest first.
    """

    kind: str
    label: StrOrPromise
    priority: int
    times: Callable[[datetime, datetime, CalendarFilter], Times]
    items: Callable[[Collection[int]], list[CalendarItem]]


def release_times(start: datetime, end: datetime, filters: CalendarFilter) -> Times:
    rows = Release.objects.waiting().filter(bundle=None, due_at__gte=start, due_at__lt=end)
    return filters.keep(rows, article="article").values_list("due_at", "pk")


def release_items(ids: Collection[int]) -> list[CalendarItem]:
    draft = Draft.objects.filter(article=OuterRef("article"))
    rows: Any = (
        Release.objects.filter(pk__in_array=IdArray(ids))
        .annotate(
            draft_pk=Subquery(draft.values("pk")[:1]),
            section_name=Subquery(draft.values("section__name")[:1]),
        )
        .values_list(
            *("pk", "due_at", "state", "held_at", "edition__headline", "edition__number"),
            *("draft_pk", "section_name"),
        )
    )
    return [
        CalendarItem(
            kind="release",
            at=at,
            pk=pk,
            title=headline,
            url=draft_url(draft_pk),
            detail=trouble_label(state, held_at) or edition(number),
            section=section or "",
            move_url=reverse("admin:calendar_move", args=["release", pk]),
            guard=at.isoformat(),
            needs_attention=bool(trouble_label(state, held_at)),
        )
        for pk, at, state, held_at, headline, number, draft_pk, section in rows
    ]


def trouble_label(state: str, held_at: datetime | None) -> StrOrPromise:
    """What keeps a release from going out; empty for nothing."""
    if held_at:
        return _("held back")
    return Release.State.FAILED.label if state == Release.State.FAILED else ""


def edition(number: int) -> StrOrPromise:
    """Which edition, of a story that readers have had before."""
    return "" if number == 1 else str(_("edition %(number)s") % {"number": number})


def bundle_times(start: datetime, end: datetime, filters: CalendarFilter) -> Times:
    rows = Release.objects.waiting().filter(bundle__isnull=False, due_at__gte=start, due_at__lt=end)
    matching = filters.keep(rows, article="article")
    if section_roles_of(filters.user) is not None:
        matching = matching.filter(bundle__in=visible_bundles(filters.user, Bundle.objects.all()))
    return matching.values_list("due_at", "bundle").order_by("due_at", "bundle").distinct()


def bundle_items(ids: Collection[int]) -> list[CalendarItem]:
    waiting = Count("releases", filter=Q(releases__state__in=WAITING))
    rows: Any = Bundle.objects.filter(pk__in_array=IdArray(ids)).annotate(story_count=waiting)
    return [
        CalendarItem(
            kind="bundle",
            at=bundle.due_at,
            pk=bundle.pk,
            title=bundle.title,
            url=reverse("admin:desk_bundle_change", args=[bundle.pk]),
            detail=str(_("%(n)d stories") % {"n": bundle.story_count}),
            move_url=reverse("admin:calendar_move", args=["bundle", bundle.pk]),
            guard=str(bundle.version),
        )
        for bundle in rows
    ]


def published_times(start: datetime, end: datetime, filters: CalendarFilter) -> Times:
    rows = Article.objects.filter(
        live__isnull=False, first_published_at__gte=start, first_published_at__lt=end
    )
    return filters.keep(rows, article="pk").values_list("first_published_at", "pk")


def published_items(ids: Collection[int]) -> list[CalendarItem]:
    draft = Draft.objects.filter(article=OuterRef("pk")).values("pk")[:1]
    rows: Any = (
        Article.objects.filter(pk__in_array=IdArray(ids))
        .annotate(draft_pk=Subquery(draft))
        .values_list("pk", "first_published_at", "live__headline", "section__name", "draft_pk")
    )
    return [
        CalendarItem(
            "published", at, pk, headline or "", url=draft_url(draft_pk), section=section or ""
        )
        for pk, at, headline, section, draft_pk in rows
    ]


def term_source(kind: str, label: StrOrPromise, column: str, *, unfinished: bool = False) -> Source:
    """A source of drafts with a time in this column: where they come down, or their embargo ends.

    `unfinished`: only those that were never published, for what is over with the publication.
    """

    def times(start: datetime, end: datetime, filters: CalendarFilter) -> Times:
        within = {f"{column}__gte": start, f"{column}__lt": end}
        rows = filters.drafts().filter(trashed_at__isnull=True, **within)
        if unfinished:
            rows = rows.exclude(article__first_published_at__isnull=False)
        return rows.exclude(article__withdrawn_at__isnull=False).values_list(column, "pk")

    def items(ids: Collection[int]) -> list[CalendarItem]:
        rows = Draft.objects.filter(pk__in_array=IdArray(ids))
        columns = rows.values_list("pk", column, "headline", "section__name")
        return [
            CalendarItem(kind, at, pk, headline, url=draft_url(pk), section=section or "")
            for pk, at, headline, section in columns
        ]

    return Source(kind, label, 2, times, items)


def draft_url(draft_id: int | None) -> str:
    return reverse("admin:desk_draft_change", args=[draft_id]) if draft_id else ""


SOURCES: tuple[Source, ...] = (
    Source("release", pgettext_lazy("calendar", "scheduled"), 0, release_times, release_items),
    Source("bundle", pgettext_lazy("calendar", "bundle"), 0, bundle_times, bundle_items),
    Source(
        "published", pgettext_lazy("calendar", "published"), 3, published_times, published_items
    ),
    term_source("expiry", _("comes down"), "expires_at"),
    term_source("due", pgettext_lazy("calendar", "due"), "due_at", unfinished=True),
    term_source("embargo", _("embargo ends"), "embargo_until"),
    term_source("agency_embargo", _("agency's embargo ends"), "wire_version__story__embargo_until"),
)
