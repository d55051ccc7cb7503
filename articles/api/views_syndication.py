"""Views of news feeds (RSS, Atom, JSON Feed) and sitemaps."""

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

from articles.cache_targets import (
    LIST_KEY,
    MASTHEAD_KEY,
    NEWEST_KEY,
    keys_of_list,
    taxonomy_name_key,
)
from articles.models import Article, Masthead, Section
from articles.models.read_models import FeedEntry
from articles.read_queries import live_feed_entries, live_sparse_cards
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
from outbox.models import Subscriber

FEED_FORMATS: dict[str, tuple[Callable[[Channel, Sequence[FeedEntry]], str], str]] = {
    "rss.xml": (render_rss, "application/rss+xml; charset=utf-8"),
    "atom.xml": (render_atom, "application/atom+xml; charset=utf-8"),
    "feed.json": (render_json_feed, "application/feed+json; charset=utf-8"),
}
XML_CONTENT_TYPE = "application/xml; charset=utf-8"
MONTH_FILE_PATTERN = re.compile(r"(\d{4})-(\d{2})(?:-(\d{1,3}))?")


def cacheable_response(body: str, *, content_type: str, keys: Iterable[str]) -> HttpResponse:
    """A response with public Cache-Control and these surrogate keys."""
    response = HttpResponse(body, content_type=content_type)
    set_public_cache_control(response)
    set_surrogate_keys(response, keys)
    return response


class FeedQuery(QuerySerializer):
    """Query parameters of a feed."""

    page_size = None  # type: ignore[assignment]  # DRF's way to take an inherited field back
    cursor = None  # type: ignore[assignment]
    content = serializers.ChoiceField(choices=[SUMMARY_CONTENT, FULL_CONTENT], required=False)
    limit = serializers.IntegerField(min_value=MIN_ENTRIES, max_value=MAX_ENTRIES, required=False)


@require_safe
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """Feed of the newest articles of the site."""
    return render_feed(request, name, section=None)


@require_safe
def section_feed(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Feed of the newest articles of a section."""
    return render_feed(request, name, section=get_object_or_404(Section, slug=slug))


def render_feed(request: HttpRequest, name: str, *, section: Section | None) -> HttpResponse:
    """The feed of a section, or of the site, in the format of this file name."""
    try:
        params = FeedQuery.validate_query_dict(request.GET)
    except ValidationError as error:
        return exception_response(error)
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
        # WebSub hubs are notified of the feeds without a limit only (outbox/cache_targets.py).
        hubs=() if params.get("limit") else websub_hub_urls(),
    )
    keys = [*keys_of_list(articles, params={"section": section and section.slug}), MASTHEAD_KEY]
    keys += [taxonomy_name_key("section", section.slug)] if section else []
    response = feed_response(name, channel, articles, keys=keys)
    set_last_modified(response, state)
    return response


def newest_feed_entries(
    section: Section | None, *, full: bool, limit: int | None
) -> tuple[list[FeedEntry], FeedState]:
    """The newest articles, and when the feed of them changed last (no earlier than any of them)."""
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
    """Query string of a feed's canonical URL, without parameters that have their default value."""
    values = {
        "content": params.get("content", settings.FEED_CONTENT),
        "limit": params.get("limit", DEFAULT_ENTRIES),
    }
    defaults = {"content": settings.FEED_CONTENT, "limit": DEFAULT_ENTRIES}
    query = urlencode({name: value for name, value in values.items() if value != defaults[name]})
    return f"?{query}" if query else ""


def websub_hub_urls() -> tuple[str, ...]:
    active = Subscriber.objects.active().filter(kind=Subscriber.Kind.WEBSUB).order_by("pk")
    return tuple(active.values_list("url", flat=True))


def feed_response(
    name: str, channel: Channel, articles: Sequence[FeedEntry], *, keys: Iterable[str]
) -> HttpResponse:
    """The feed in this format, with the Link header of WebSub discovery (WebSub, section 4)."""
    render, content_type = FEED_FORMATS[name]
    response = cacheable_response(render(channel, articles), content_type=content_type, keys=keys)
    links = [f'<{channel.address}>; rel="self"', *(f'<{hub}>; rel="hub"' for hub in channel.hubs)]
    response["Link"] = ", ".join(links)
    return response


def set_last_modified(response: HttpResponse, state: FeedState) -> None:
    """Set Last-Modified, unless the feed may change again within the same second.

    A conditional request with that time would miss the later change (RFC 9110, section 8.8.2.2).
    """
    second = int(state.changed_at.timestamp())
    if state.is_settled and 0 < second < int(timezone.now().timestamp()):
        response["Last-Modified"] = http_date(second)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Sitemap index: the sitemaps of all months with articles, and the news sitemap."""
    files: list[tuple[str, datetime | None]] = [(absolute_url("/sitemap-news.xml"), None)]
    for month in months_with_articles():
        parts = range(1, -(-month.stories // MAX_SITEMAP_URLS) + 1)
        files += [
            (absolute_url(f"/sitemap-{month.first_day:%Y-%m}-{part}.xml"), month.changed_at)
            for part in parts
        ]
    return cacheable_response(
        render_sitemap_index(files), content_type=XML_CONTENT_TYPE, keys=[LIST_KEY, NEWEST_KEY]
    )


@require_safe
def sitemap(request: HttpRequest, month: str) -> HttpResponse:
    """Sitemap of the articles first published in a month; oldest first, so that full files are stable."""
    start, end, part = parse_sitemap_file_name(month)
    articles = Article.objects.live().published_from(start).published_until(end)
    urls = articles.order_by("first_published_at", "pk").values_list("slug", "published_at")
    page: list[Any] = list(urls[(part - 1) * MAX_SITEMAP_URLS : part * MAX_SITEMAP_URLS])
    if not page:
        raise Http404
    return cacheable_response(
        render_sitemap(page), content_type=XML_CONTENT_TYPE, keys=[LIST_KEY, NEWEST_KEY]
    )


def parse_sitemap_file_name(month: str) -> tuple[datetime, datetime, int]:
    """(start, end, part) of `YYYY-MM` or `YYYY-MM-part`, in the site's time zone. Raises Http404."""
    match = MONTH_FILE_PATTERN.fullmatch(month)
    if match is None:
        raise Http404
    year, number, part = int(match[1]), int(match[2]), int(match[3] or 1)
    if not (1 <= number <= 12 and 1900 <= year <= 9998 and part):
        raise Http404
    return *month_bounds(date(year, number, 1)), part


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """News sitemap: articles first published within NEWS_MAX_AGE."""
    fresh = live_sparse_cards(frozenset()).published_from(timezone.now() - NEWS_MAX_AGE)
    masthead = Masthead.current()
    cards = fresh.newest_first()[:MAX_NEWS_SITEMAP_URLS]
    body = render_news_sitemap(cards, paper=masthead.name, language=settings.LANGUAGE_CODE)
    return cacheable_response(
        body, content_type=XML_CONTENT_TYPE, keys=[LIST_KEY, NEWEST_KEY, MASTHEAD_KEY]
    )
