"""Files for machines: feeds and sitemaps."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from articles.models import Article, Masthead, Section
from articles.read_queries import live_feed_entries, live_sparse_cards
from articles.surrogate_keys import keys_of_list
from articles.syndication.feed_updates import FeedState, feed_state
from articles.syndication.feeds import (
    DEFAULT_ENTRIES,
    FULL_CONTENT,
    MAX_ENTRIES,
    MIN_ENTRIES,
    SUMMARY_CONTENT,
    Channel,
    render_atom,
    render_json_feed,
    render_rss,
)
from articles.syndication.sitemap_months import month_bounds, months_with_articles
from articles.syndication.sitemaps import (
    MAX_NEWS_SITEMAP_URLS,
    MAX_SITEMAP_URLS,
    NEWS_MAX_AGE,
    render_news_sitemap,
    render_sitemap,
    render_sitemap_index,
)
from newsroom.api.problem_details import exception_response
from newsroom.api.views import QuerySerializer
from newsroom.http.cache_control import set_public_cache_control
from newsroom.http.canonical_urls import absolute_url
from newsroom.http.surrogate_keys import set_surrogate_keys
from outbox.cache_targets import LIST_KEY, MASTHEAD_KEY, NEWEST_KEY, taxonomy_name_key
from outbox.models import Subscriber

FEED_FORMATS: dict[str, tuple[Callable[[Channel, Sequence[Article]], str], str]] = {
    "rss.xml": (render_rss, "application/rss+xml; charset=utf-8"),
    "atom.xml": (render_atom, "application/atom+xml; charset=utf-8"),
    "feed.json": (render_json_feed, "application/feed+json; charset=utf-8"),
}
XML_CONTENT_TYPE = "application/xml; charset=utf-8"
MONTH_FILE_PATTERN = re.compile(r"(\d{4})-(\d{2})(?:-(\d{1,3}))?")


def cacheable_response(body: str, *, kind: str, keys: Iterable[str]) -> HttpResponse:
    """A file that any cache may keep under these keys."""
    answer = HttpResponse(body, content_type=kind)
    set_public_cache_control(answer)
    set_surrogate_keys(answer, keys)
    return answer


class FeedQuery(QuerySerializer):
    """What one may ask of a feed."""

    page_size = None  # type: ignore[assignment]  # DRF's way to take an inherited field back
    cursor = None  # type: ignore[assignment]
    content = serializers.ChoiceField(choices=[SUMMARY_CONTENT, FULL_CONTENT], required=False)
    limit = serializers.IntegerField(min_value=MIN_ENTRIES, max_value=MAX_ENTRIES, required=False)


@require_safe
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """The newest stories of the site."""
    return render_feed(request, name, section=None)


@require_safe
def section_feed(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The newest stories of a section."""
    return render_feed(request, name, section=get_object_or_404(Section, slug=slug))


def render_feed(request: HttpRequest, name: str, *, section: Section | None) -> HttpResponse:
    """The feed of a section, or of the site, as it was asked for."""
    try:
        params = FeedQuery.validate_query_dict(request.GET)
    except ValidationError as refused:
        return exception_response(refused)
    masthead = Masthead.current()
    content = params.get("content", settings.FEED_CONTENT)
    articles, state = newest_feed_entries(
        section, full=content == FULL_CONTENT, limit=params.get("limit")
    )
    title = masthead.name
    if section:
        title = _("%(paper)s – %(section)s") % {"paper": title, "section": section.name}
    channel = Channel(
        title=title,
        description=masthead.description or title,
        link=absolute_url(section.get_absolute_url() if section else "/"),
        address=absolute_url(request.path) + canonical_feed_query(params),
        language=settings.LANGUAGE_CODE,
        updated=timezone.localtime(state.changed_at),
        content=content,
        rights=masthead.copyright,
        # A hub is told of the feeds without a limit, since there are few of them.
        hubs=() if params.get("limit") else websub_hub_urls(),
    )
    keys = [*keys_of_list(articles, params={"section": section and section.slug}), MASTHEAD_KEY]
    keys += [taxonomy_name_key("section", section.slug)] if section else []
    answer = feed_response(name, channel, articles, keys=keys)
    set_last_modified(answer, state)
    return answer


def newest_feed_entries(
    section: Section | None, *, full: bool, limit: int | None
) -> tuple[list[Article], FeedState]:
    """The newest stories, and when what they show changed last; no earlier than any of them."""
    limit = limit or DEFAULT_ENTRIES
    rows = live_feed_entries(full).all()
    if section:
        rows = rows.in_section(section.slug)
    articles = list(rows.newest_first()[:limit])
    oldest = articles[-1].first_published_at if len(articles) == limit else None
    state = feed_state(section.pk if section else None, shown_since=oldest)
    times = [state.changed_at, *(a.published_at for a in articles if a.published_at)]
    return articles, state._replace(changed_at=max(times))


def canonical_feed_query(params: dict[str, Any]) -> str:
    """The query of a feed's own address: what is as it always is stays away, so that one feed has one."""
    said = {
        "content": params.get("content", settings.FEED_CONTENT),
        "limit": params.get("limit", DEFAULT_ENTRIES),
    }
    usual = {"content": settings.FEED_CONTENT, "limit": DEFAULT_ENTRIES}
    query = urlencode({name: said[name] for name in said if said[name] != usual[name]})
    return f"?{query}" if query else ""


def websub_hub_urls() -> tuple[str, ...]:
    active = Subscriber.objects.active().filter(kind=Subscriber.Kind.WEBSUB).order_by("pk")
    return tuple(active.values_list("url", flat=True))


def feed_response(
    name: str, channel: Channel, articles: Sequence[Article], *, keys: Iterable[str]
) -> HttpResponse:
    """The feed of this kind, with the links that WebSub asks for in the header as well (§4)."""
    write, kind = FEED_FORMATS[name]
    answer = cacheable_response(write(channel, articles), kind=kind, keys=keys)
    links = [f'<{channel.address}>; rel="self"', *(f'<{hub}>; rel="hub"' for hub in channel.hubs)]
    answer["Link"] = ", ".join(links)
    return answer


def set_last_modified(answer: HttpResponse, state: FeedState) -> None:
    """Say when the feed changed last, unless it may change once more within the same second: whoever
    asks with that time would be told that nothing has changed (RFC 9110, section 8.8.2.2)."""
    second = int(state.changed_at.timestamp())
    if state.is_settled and 0 < second < int(timezone.now().timestamp()):
        answer["Last-Modified"] = http_date(second)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Every sitemap: the months that have stories, and the news."""
    files: list[tuple[str, datetime | None]] = [(absolute_url("/sitemap-news.xml"), None)]
    for month in months_with_articles():
        parts = range(1, -(-month.stories // MAX_SITEMAP_URLS) + 1)
        files += [
            (absolute_url(f"/sitemap-{month.first_day:%Y-%m}-{part}.xml"), month.changed_at)
            for part in parts
        ]
    return cacheable_response(
        render_sitemap_index(files), kind=XML_CONTENT_TYPE, keys=[LIST_KEY, NEWEST_KEY]
    )


@require_safe
def sitemap(request: HttpRequest, month: str) -> HttpResponse:
    """The stories first published in a month, oldest first, so that its files stay as they are."""
    began, ended, part = parse_sitemap_file_name(month)
    inside = Article.objects.live().published_from(began).published_until(ended)
    rows = inside.order_by("first_published_at", "pk").values_list("slug", "published_at")
    found: list[Any] = list(rows[(part - 1) * MAX_SITEMAP_URLS : part * MAX_SITEMAP_URLS])
    if not found:
        raise Http404
    return cacheable_response(
        render_sitemap(found), kind=XML_CONTENT_TYPE, keys=[LIST_KEY, NEWEST_KEY]
    )


def parse_sitemap_file_name(month: str) -> tuple[datetime, datetime, int]:
    """The beginning and end of a month in the paper's zone, and which file of it. Raises Http404."""
    match = MONTH_FILE_PATTERN.fullmatch(month)
    if match is None:
        raise Http404
    year, number, part = int(match[1]), int(match[2]), int(match[3] or 1)
    if not (1 <= number <= 12 and 1900 <= year <= 9998 and part):
        raise Http404
    return *month_bounds(date(year, number, 1)), part


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """What was first published in the last 48 hours."""
    fresh = live_sparse_cards(frozenset()).published_from(timezone.now() - NEWS_MAX_AGE)
    masthead = Masthead.current()
    cards = fresh.newest_first()[:MAX_NEWS_SITEMAP_URLS]
    body = render_news_sitemap(cards, paper=masthead.name, language=settings.LANGUAGE_CODE)
    return cacheable_response(
        body, kind=XML_CONTENT_TYPE, keys=[LIST_KEY, NEWEST_KEY, MASTHEAD_KEY]
    )
