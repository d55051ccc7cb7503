"""Upcoming items of the dashboard: scheduled releases, scheduled bundles, and articles that expire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from articles.models import Article
from desk.models import Bundle, Draft, Release
from desk.models.releases import WAITING
from desk.section_rights import visible_bundles, visible_by_draft, visible_releases


@dataclass(frozen=True)
class UpcomingItem:
    """One upcoming item: a release, a bundle or the expiry of an article, which `kind` tells.

    `pk` is the id of that row, `draft_pk` that of its draft, `story_count` the size of a bundle.
    """

    at: datetime
    kind: str  # release, bundle or expiry
    title: str
    pk: int
    draft_pk: int | None = None
    edition_number: int | None = None
    story_count: int = 0


def upcoming_items(now: datetime, *, user: Any, limit: int) -> list[UpcomingItem]:
    """The next `limit` items that the user may read, the soonest first. Three queries."""
    items = [
        *upcoming_releases(user, limit),
        *upcoming_bundles(user, limit),
        *upcoming_expiries(now, user, limit),
    ]
    return sorted(items, key=lambda item: (item.at, item.kind, item.pk))[:limit]


def upcoming_releases(user: Any, limit: int) -> list[UpcomingItem]:
    """Pending releases that are in no bundle."""
    unbundled = releases_in_state("pending", user=user).filter(bundle__isnull=True)[:limit]
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


def releases_in_state(state: str, *, user: Any) -> QuerySet[Any]:
    """Releases in this state by their due time, the id of their draft in `draft_pk`."""
    draft = Draft.objects.filter(article=OuterRef("article")).values("pk")[:1]
    releases = visible_releases(user, Release.objects.upcoming().filter(state=state))
    rows: QuerySet[Any] = (
        releases.select_related("edition", "planned_by")
        .defer("edition__body", "edition__body_html")
        .annotate(draft_pk=Subquery(draft))
    )
    return rows


def upcoming_bundles(user: Any, limit: int) -> list[UpcomingItem]:
    """Pending bundles; those that failed are listed with the failed releases."""
    waiting = Count("releases", filter=Q(releases__state__in=WAITING))
    bundles: Any = visible_bundles(user, Bundle.objects.with_state()).annotate(story_count=waiting)
    pending = bundles.filter(Q(("state", "pending"))).order_by("due_at", "pk")
    return [
        UpcomingItem(at=b.due_at, kind="bundle", title=b.title, pk=b.pk, story_count=b.story_count)
        for b in pending[:limit]
    ]


def upcoming_expiries(now: datetime, user: Any, limit: int) -> list[UpcomingItem]:
    """Articles that expire, of those that are live or scheduled."""
    draft = Draft.objects.filter(article=OuterRef("pk"))
    scheduled = Release.objects.waiting().filter(article=OuterRef("pk"))
    due = Article.objects.filter(Q(live__isnull=False) | Exists(scheduled), expires_at__gt=now)
    expiring = visible_by_draft(user, due, "pk")
    rows: Any = (
        expiring.annotate(
            draft_pk=Subquery(draft.values("pk")[:1]),
            headline=Subquery(draft.values("headline")[:1]),
        )
        .order_by("expires_at", "pk")
        .values_list("expires_at", "pk", "draft_pk", "headline", "slug")
    )
    return [
        UpcomingItem(at=at, kind="expiry", title=headline or slug, pk=pk, draft_pk=draft_pk)
        for at, pk, draft_pk, headline, slug in rows[:limit]
    ]
