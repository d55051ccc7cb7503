"""Upcoming items of the desk home: scheduled releases, scheduled bundles, and articles that expire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from desk.models import Bundle, Draft, Release
from desk.models.releases import WAITING
from desk.section_rights import visible_bundles, visible_drafts, visible_releases


@dataclass
class UpcomingItem:
    """One upcoming item: a release, a bundle or the expiry of an article, which `kind` tells.

    `pk` is the id of that row, `draft_pk` that of its draft, `story_count` the size of a bundle,
    `day_label` the heading under which it is listed.
    """

    at: datetime
    kind: str  # release, bundle or expiry
    title: str
    pk: int
    draft_pk: int | None = None
    edition_number: int | None = None
    story_count: int = 0
    day_label: str = ""


def upcoming_items(now: datetime, *, user: Any, until: datetime, limit: int) -> list[UpcomingItem]:
    """The next `limit` items before `until` that the user may read, the soonest first. Three queries."""
    items = [
        *upcoming_releases(now, user, until, limit),
        *upcoming_bundles(now, user, until, limit),
        *upcoming_expiries(now, user, until, limit),
    ]
    return sorted(items, key=lambda item: (item.at, item.kind, item.pk))[:limit]


def upcoming_releases(now: datetime, user: Any, until: datetime, limit: int) -> list[UpcomingItem]:
    """Pending releases that are in no bundle; those held back are listed with the failed ones."""
    pending = waiting_releases(user).filter(
        state=Release.State.PENDING, bundle__isnull=True, held_at__isnull=True
    )
    unbundled = pending.filter(due_at__gte=now, due_at__lt=until)[:limit]
    return [
        UpcomingItem(
            at=release.due_at,
            kind="release",
            title=release.edition.headline,
            pk=release.pk,
            draft_pk=release.draft_pk,
            edition_number=release.edition.number,
        )
        for release in unbundled
    ]


def waiting_releases(user: Any) -> QuerySet[Any]:
    """Waiting releases that the user may read, by their due time; the id of their draft in `draft_pk`."""
    draft = Draft.objects.filter(article=OuterRef("article")).values("pk")[:1]
    releases = visible_releases(user, Release.objects.upcoming())
    rows: QuerySet[Any] = (
        releases.select_related("edition", "planned_by")
        .defer("edition__body", "edition__body_html")
        .annotate(draft_pk=Subquery(draft))
    )
    return rows


def upcoming_bundles(now: datetime, user: Any, until: datetime, limit: int) -> list[UpcomingItem]:
    """Pending bundles; those that failed are listed with the failed releases."""
    due = Release.objects.waiting().filter(due_at__gte=now, due_at__lt=until, bundle__isnull=False)
    waiting = Count("releases", filter=Q(releases__state__in=WAITING))
    soon = Bundle.objects.filter(pk__in=due.values("bundle"))
    bundles: Any = visible_bundles(user, soon.with_state())
    pending = bundles.annotate(story_count=waiting).filter(Q(("state", "pending")))
    return [
        UpcomingItem(at=b.due_at, kind="bundle", title=b.title, pk=b.pk, story_count=b.story_count)
        for b in pending.order_by("due_at", "pk")[:limit]
    ]


def upcoming_expiries(now: datetime, user: Any, until: datetime, limit: int) -> list[UpcomingItem]:
    """Stories that come down, of those that are live or scheduled."""
    scheduled = Release.objects.waiting().filter(article=OuterRef("article"))
    rows: Any = (
        visible_drafts(user)
        .not_trashed()
        .filter(Q(article__live__isnull=False) | Exists(scheduled))
        .filter(expires_at__gte=now, expires_at__lt=until)
        .order_by("expires_at", "pk")
        .values_list("expires_at", "pk", "headline")
    )
    return [
        UpcomingItem(at=at, kind="expiry", title=headline, pk=pk, draft_pk=pk)
        for at, pk, headline in rows[:limit]
    ]
