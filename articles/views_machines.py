"""Files for machines: feeds and sitemaps."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.feeds import LONGEST, Channel, as_atom, as_json, as_rss
from articles.keys import keys_of_list
from articles.models import Article, Masthead, Section
from articles.months import months_with_stories, span
from articles.ready import live_cards, live_sparse_cards
from articles.sitemaps import FRESH, MOST, MOST_NEWS, as_index, as_news, as_sitemap
from dispatch.models import Subscriber
from dispatch.places import LIST_KEY, MASTHEAD, NEWEST_KEY, named
from newsroom.addresses import absolute
from newsroom.cachekeys import mark
from newsroom.lifetimes import let_keep

KINDS: dict[str, tuple[Callable[[Channel, Sequence[Article]], str], str]] = {
    "rss.xml": (as_rss, "application/rss+xml; charset=utf-8"),
    "atom.xml": (as_atom, "application/atom+xml; charset=utf-8"),
    "feed.json": (as_json, "application/feed+json; charset=utf-8"),
}
XML = "application/xml; charset=utf-8"
MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{1,3}))?")


def told(body: str, *, kind: str, keys: Iterable[str]) -> HttpResponse:
    """A file that any cache may keep under these keys."""
    answer = HttpResponse(body, content_type=kind)
    let_keep(answer)
    mark(answer, keys)
    return answer


@require_safe
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """The newest stories of the site."""
    masthead = Masthead.current()
    cards = list(live_cards().newest_first()[:LONGEST])
    channel = channel_of(masthead, title=masthead.name, link="/", path=request.path)
    return fed(name, channel, cards, keys=[*keys_of_list(cards), MASTHEAD])


@require_safe
def section_feed(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The newest stories of a section."""
    section = get_object_or_404(Section, slug=slug)
    masthead = Masthead.current()
    cards = list(live_cards().in_section(slug).newest_first()[:LONGEST])
    title = _("%(paper)s – %(section)s") % {"paper": masthead.name, "section": section.name}
    channel = channel_of(masthead, title=title, link=section.get_absolute_url(), path=request.path)
    keys = [*keys_of_list(cards, wish={"section": slug}), MASTHEAD, named("section", slug)]
    return fed(name, channel, cards, keys=keys)


def channel_of(masthead: Masthead, *, title: str, link: str, path: str) -> Channel:
    hubs = Subscriber.objects.active().filter(kind=Subscriber.Kind.WEBSUB).order_by("pk")
    return Channel(
        title=title,
        description=masthead.description or title,
        link=absolute(link),
        address=absolute(path),
        language=settings.LANGUAGE_CODE,
        rights=masthead.copyright,
        hubs=tuple(hubs.values_list("url", flat=True)),
    )


def fed(
    name: str, channel: Channel, cards: Sequence[Article], *, keys: Iterable[str]
) -> HttpResponse:
    """The feed of this kind, with the links that WebSub asks for in the header as well (§4)."""
    write, kind = KINDS[name]
    answer = told(write(channel, cards), kind=kind, keys=keys)
    links = [f'<{channel.address}>; rel="self"', *(f'<{hub}>; rel="hub"' for hub in channel.hubs)]
    answer["Link"] = ", ".join(links)
    return answer


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Every sitemap: the months that have stories, and the news."""
    files: list[tuple[str, datetime | None]] = [(absolute("/sitemap-news.xml"), None)]
    for month in months_with_stories():
        parts = range(1, -(-month.stories // MOST) + 1)
        files += [
            (absolute(f"/sitemap-{month.first_day:%Y-%m}-{part}.xml"), month.changed_at)
            for part in parts
        ]
    return told(as_index(files), kind=XML, keys=[LIST_KEY, NEWEST_KEY])


@require_safe
def sitemap(request: HttpRequest, month: str) -> HttpResponse:
    """The stories first published in a month, oldest first, so that its files stay as they are."""
    began, ended, part = named_file(month)
    inside = Article.objects.live().published_from(began).published_until(ended)
    rows = inside.order_by("first_published_at", "pk").values_list("slug", "published_at")
    found: list[Any] = list(rows[(part - 1) * MOST : part * MOST])
    if not found:
        raise Http404
    return told(as_sitemap(found), kind=XML, keys=[LIST_KEY, NEWEST_KEY])


def named_file(month: str) -> tuple[datetime, datetime, int]:
    """The beginning and end of a month in the paper's zone, and which file of it. Raises Http404."""
    match = MONTH.fullmatch(month)
    if match is None:
        raise Http404
    year, number, part = int(match[1]), int(match[2]), int(match[3] or 1)
    if not (1 <= number <= 12 and 1900 <= year <= 9998 and part):
        raise Http404
    return *span(date(year, number, 1)), part


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """What was first published in the last 48 hours."""
    fresh = live_sparse_cards(frozenset()).published_from(timezone.now() - FRESH)
    masthead = Masthead.current()
    cards = fresh.newest_first()[:MOST_NEWS]
    body = as_news(cards, paper=masthead.name, language=settings.LANGUAGE_CODE)
    return told(body, kind=XML, keys=[LIST_KEY, NEWEST_KEY, MASTHEAD])
