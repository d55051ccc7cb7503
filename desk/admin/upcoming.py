"""What happens next, by the plans: stories that go out, alone or together, and stories that come down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from articles.models import Article
from desk.models import Bundle, Draft, Release
from desk.models.releases import WAITING


@dataclass(frozen=True)
class UpcomingItem:
    """One thing to come: `what` is `release`, `bundle` or `end`; `story` is the number of its draft."""

    at: datetime
    what: str
    words: str
    pk: int
    story: int | None = None
    edition: int | None = None
    stories: int = 0


def upcoming_items(now: datetime, *, lines: int) -> list[UpcomingItem]:
    """The next things to come, the soonest first. Three queries, however many there are."""
    found = [*upcoming_releases(lines), *upcoming_bundles(lines), *upcoming_expiries(now, lines)]
    return sorted(found, key=lambda coming: (coming.at, coming.what, coming.pk))[:lines]


def upcoming_releases(lines: int) -> list[UpcomingItem]:
    """Stories that go out by themselves."""
    alone = releases_in_state("pending").filter(bundle__isnull=True)[:lines]
    return [
        UpcomingItem(
            at=release.due_at,
            what="release",
            words=release.edition.headline,
            pk=release.pk,
            story=release.draft_pk,
            edition=release.edition.number,
        )
        for release in alone
    ]


def releases_in_state(state: str) -> QuerySet[Any]:
    """Plans in this state in the order they go out, each with the number of its draft."""
    draft = Draft.objects.filter(article=OuterRef("article")).values("pk")[:1]
    return (
        Release.objects.upcoming()
        .filter(state=state)
        .select_related("edition", "planned_by")
        .defer("edition__body", "edition__body_html")
        .annotate(draft_pk=Subquery(draft))
    )


def upcoming_bundles(lines: int) -> list[UpcomingItem]:
    """Stories that go out together, a bundle a line; one that is held back is told elsewhere."""
    waiting = Count("releases", filter=Q(releases__state__in=WAITING))
    whole: Any = (
        Bundle.objects.with_state().annotate(stories=waiting).filter(Q(("state", "pending")))
    )
    return [
        UpcomingItem(at=b.due_at, what="bundle", words=b.title, pk=b.pk, stories=b.stories)
        for b in whole.order_by("due_at", "pk")[:lines]
    ]


def upcoming_expiries(now: datetime, lines: int) -> list[UpcomingItem]:
    """Stories that come down, those that readers have and those that they will have by then."""
    draft = Draft.objects.filter(article=OuterRef("pk"))
    planned = Release.objects.waiting().filter(article=OuterRef("pk"))
    coming = Article.objects.filter(expires_at__gt=now).filter(
        Q(live__isnull=False) | Exists(planned)
    )
    rows = coming.annotate(
        draft_pk=Subquery(draft.values("pk")[:1]), headline=Subquery(draft.values("headline")[:1])
    ).order_by("expires_at", "pk")
    told: Any = rows.values_list("expires_at", "pk", "draft_pk", "headline", "slug")[:lines]
    return [
        UpcomingItem(at=at, what="end", words=headline or slug, pk=pk, story=story)
        for at, pk, story, headline, slug in told
    ]
