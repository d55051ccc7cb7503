"""Blocks of the desk home about readers: comments to decide on, held votes, published, most read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy

from articles.models import Article, ReferrerClass, ReferrerViews
from comments.models import ModerationItem
from comments.moderation_context import queue_items
from comments.permissions import may_moderate_comments
from desk.admin.calendar.views import may_see_calendar
from desk.admin.home.blocks import MAX_ROWS, Block, first_rows
from newsroom.db.expressions import KeywordLiteral
from polls.models import Poll, Vote, votes_of_poll

MAX_COUNTED_COMMENTS = 100
POPULAR_WINDOW = "1h"
BAR_WIDTH = 240  # of the bar of referrers, in SVG units


@dataclass(frozen=True)
class ReferrerShare:
    """How many views of an article came from one class of referrer, with its place in the bar."""

    referrer: ReferrerClass
    views: int
    percent: int
    x: float
    width: float


@dataclass
class PublishedRow:
    """An article published today, with its counts and where its readers came from."""

    article: Any
    views: int
    comments: int
    votes: int | None
    referrers: list[ReferrerShare] = field(default_factory=list)


def comments_to_decide(user: Any, now: datetime) -> Block | None:
    """The most urgent comments of the moderation queue, how many wait, and since when, for moderators."""
    if not may_moderate_comments(user):
        return None
    waiting = list(
        ModerationItem.objects.order_by("opened_at").values_list("opened_at", flat=True)[
            :MAX_COUNTED_COMMENTS
        ]
    )
    rows = list(queue_items().most_urgent_first()[:5])
    is_bounded = len(waiting) == MAX_COUNTED_COMMENTS
    count = f"{MAX_COUNTED_COMMENTS - 1}+" if is_bounded else str(len(waiting))
    oldest = gettext("oldest: %(age)s") % {"age": timesince(waiting[0], now)} if waiting else ""
    return Block(
        name="comments_to_decide",
        title=gettext_lazy("Comments to decide on"),
        rows=rows,
        url=reverse("admin:moderation"),
        empty=gettext_lazy("No comment waits for a decision."),
        column="watch",
        badge=f"{count} · {oldest}" if waiting else "",
        tone="waits",
        has_more=len(waiting) > len(rows),
    )


def polls_with_held_votes(user: Any, now: datetime) -> Block | None:
    """The newest polls with votes that wait for a decision, for those who may decide on votes."""
    if not (user.has_perm("polls.view_poll") and user.has_perm("polls.void_vote")):
        return None
    on_hold = Vote.objects.filter(
        poll=OuterRef("pk"), state=KeywordLiteral(Vote.State.ON_HOLD.value)
    )
    waiting = Poll.objects.filter(Exists(on_hold), unlinked_at=None)
    polls, has_more = first_rows(waiting.only("question").order_by("-pk"), limit=5)
    return Block(
        name="held_votes",
        title=gettext_lazy("Votes held for a decision"),
        rows=polls,
        url=reverse("admin:polls_poll_changelist"),
        empty=gettext_lazy("No vote waits for a decision."),
        column="watch",
        badge=str(len(polls)) + ("+" if has_more else "") if polls else "",
        tone="waits",
        has_more=has_more,
    )


def published_today(user: Any, now: datetime) -> Block | None:
    """Articles first published today (Korean time), the newest first, with what readers made of them."""
    if not user.has_perm("articles.view_article"):
        return None
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    articles, has_more = first_rows(articles_with_counts(midnight))
    rows = [published_row(article) for article in articles]
    referrers = referrers_of([article.pk for article in articles], since=midnight)
    for row in rows:
        row.referrers = referrer_shares(referrers.get(row.article.pk, {}))
    return Block(
        name="published_today",
        title=gettext_lazy("Published today"),
        rows=rows,
        url=published_url(user, now),
        empty=gettext_lazy("Nothing has been published today."),
        has_more=has_more,
    )


def published_url(user: Any, now: datetime) -> str:
    """The calendar of this day, or the list of articles for those who may not see the calendar."""
    if may_see_calendar(user):
        return reverse("admin:calendar") + f"?view=day&date={timezone.localdate(now)}"
    return reverse("admin:articles_article_changelist")


def articles_with_counts(since: datetime) -> Any:
    """Live articles published since this time, with their counts and their votes in `vote_total`."""
    return (
        Article.objects.live()
        .published_from(since)
        .select_related("live", "section", "counts")
        .only(
            *("slug", "first_published_at", "poll", "live__headline", "section__name"),
            *("counts__views", "counts__comments"),
        )
        .annotate(vote_total=votes_of_poll("poll"))
        .order_by("-first_published_at", "-pk")
    )


def published_row(article: Any) -> PublishedRow:
    counts = getattr(article, "counts", None)
    return PublishedRow(
        article,
        views=counts.views if counts else 0,
        comments=counts.comments if counts else 0,
        votes=article.vote_total if article.poll_id else None,
    )


def referrers_of(article_ids: list[int], *, since: datetime) -> dict[int, dict[str, int]]:
    """{article id: {class of referrer: views since that day}}. One query."""
    found: dict[int, dict[str, int]] = {}
    day = timezone.localdate(since)
    rows = ReferrerViews.objects.filter(article__in=article_ids, day__gte=day)
    for article_id, referrer, views in rows.values_list("article", "referrer", "views"):
        of_article = found.setdefault(article_id, {})
        of_article[referrer] = of_article.get(referrer, 0) + views
    return found


def referrer_shares(views: dict[str, int]) -> list[ReferrerShare]:
    """The classes with their shares, the largest first, laid side by side in a bar of BAR_WIDTH."""
    total, x = sum(views.values()), 0.0
    shares = []
    for referrer, number in sorted(views.items(), key=lambda pair: (-pair[1], pair[0])):
        width = BAR_WIDTH * number / total
        percent = round(100 * number / total)
        shares.append(
            ReferrerShare(ReferrerClass(referrer), number, percent, round(x, 1), round(width, 1))
        )
        x += width
    return shares


def most_read_now(user: Any, now: datetime) -> Block | None:
    """The most-read live articles of the last hour, the most read first, with the views in `views_now`."""
    if not user.has_perm("articles.view_article"):
        return None
    ranked = Article.objects.live().filter(popularity_ranks__window=POPULAR_WINDOW)
    rows = (
        ranked.annotate(views_now=F("popularity_ranks__views"))
        .select_related("live")
        .only("slug", "live__headline")
        .order_by("-views_now", "-first_published_at", "-pk")
    )
    return Block(
        name="most_read",
        title=gettext_lazy("Most read now"),
        rows=list(rows[:MAX_ROWS]),
        url=reverse("admin:articles_article_changelist"),
        empty=gettext_lazy("Nobody has read anything within the hour."),
        column="watch",
    )
