"""Pages of the site: front page, articles, lists of articles, robots.txt, and error pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from articles.api.representation import represent_card, represent_page
from articles.api.views import redirect_or_raise
from articles.body_blocks import has_embed
from articles.cache_targets import POPULAR_KEY, keys_of_list, keys_of_page
from articles.errors import Gone
from articles.models import Author, Section
from articles.read_queries import (
    NewestCards,
    front_cards_query,
    laid_out_page,
    layout_of,
    live_tags,
    related_cards,
)
from articles.readership.popular import most_viewed_headlines_query
from comments.models import Report
from newsroom.api.problem_details import not_found as problem_not_found
from newsroom.api.problem_details import server_error as problem_server_error
from newsroom.api.problem_details import wants_problem_document
from newsroom.errors import NotFound
from newsroom.http.cache_control import set_public_cache_control
from newsroom.http.canonical_urls import absolute_url
from newsroom.http.csp import allow_frames
from newsroom.text.embeds import FRAME_SOURCES
from outbox.models import Subscriber
from pages.views.context import render_page
from pages.views.pagination import paginate_cards

MAX_FRONT_PAGE_STORIES = 13
MAX_RELATED_STORIES = 6
MAX_MOST_READ = 6


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Front page: the newest story large, a dozen more as cards, and the most read of 24 hours."""
    rows = front_cards_query(MAX_FRONT_PAGE_STORIES).fetch()
    popular = most_viewed_headlines_query("24h", MAX_MOST_READ).fetch() if rows else []
    cards = [represent_card(row) for row in rows]
    return render_page(
        request,
        "pages/front.html",
        lead=cards[0] if cards else None,
        cards=cards[1:],
        popular=[represent_card(row, fields=("url", "headline")) for row in popular],
        canonical=absolute_url("/"),
        layout=layout_of(rows[0]) if rows else None,
        keys=[*keys_of_list([*rows, *popular]), POPULAR_KEY],
    )


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Article page; 301 from a former slug, 410 with the notice where the article is withdrawn."""
    row = laid_out_page(slug)
    if row is None:
        return redirect_or_gone(request, slug)
    related = related_cards(row, max_picked=MAX_RELATED_STORIES)
    page = represent_page(row, related=related)
    keys = keys_of_page(row, related=related)
    response = render_page(
        request,
        "pages/article.html",
        page=page,
        is_preview=False,
        slow_mode_seconds=row.comments_slow_seconds,
        report_reasons=[(value, str(label)) for value, label in Report.Reason.choices],
        layout=layout_of(row),
        keys=keys,
    )
    if has_embed(page["body_html"]):
        allow_frames(response, FRAME_SOURCES)
    return response


def redirect_or_gone(request: HttpRequest, slug: str) -> HttpResponse:
    """301 to the current slug, 410 for a withdrawn or expired article, else 404."""
    try:
        return redirect_or_raise(slug, to="article-page")
    except Gone as gone:
        context: Any = {"notice": str(gone), "at": gone.more["withdrawn_at"]}
        return render_page(request, "pages/withdrawn.html", status=410, **context)
    except NotFound:
        return render_not_found(request)


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """List of all articles, newest first."""
    return render_article_list(request, NewestCards(), heading=pgettext("page", "All articles"))


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """List of the articles of a section."""
    row = get_object_or_404(Section, slug=slug)
    return render_article_list(request, NewestCards("section", slug), heading=row.name)


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """List of the articles of an author."""
    row = get_object_or_404(Author, slug=slug)
    articles = NewestCards("author", slug)
    return render_article_list(request, articles, heading=str(row), about=row.bio)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """List of the articles with a tag; 404 for a tag that no live article has."""
    row = get_object_or_404(live_tags(), slug=slug)
    return render_article_list(request, NewestCards("tag", slug), heading=f"#{row.name}")


def render_article_list(
    request: HttpRequest, articles: NewestCards, *, heading: str, about: str = ""
) -> HttpResponse:
    """A page of a list of articles."""
    rows, context = paginate_cards(request, articles)
    return render_page(
        request,
        "pages/list.html",
        heading=heading,
        about=about,
        canonical=absolute_url(request.path),
        keys=keys_of_list(rows, params={articles.kind: articles.slug}),
        **context,
    )


@require_safe
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """Key file of IndexNow, by which search engines verify the site that submits URLs with this key."""
    if not Subscriber.objects.has_indexnow_key(key, timezone.now()):
        return render_not_found(request)
    response = HttpResponse(key, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: crawlers may fetch all published pages and no personal ones."""
    sitemaps = {"sitemap": absolute_url("/sitemap.xml"), "news": absolute_url("/sitemap-news.xml")}
    response = render(
        request, "pages/robots.txt", sitemaps, content_type="text/plain; charset=utf-8"
    )
    set_public_cache_control(response)
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect of /favicon.ico, which browsers request for pages without an icon link (the admin)."""
    return HttpResponseRedirect(static("pages/booki.svg"))


def render_not_found(request: HttpRequest) -> HttpResponse:
    """The 404 page."""
    return render_page(request, "pages/not_found.html", status=404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 404: a problem document for API clients, else a page."""
    if wants_problem_document(request):
        return problem_not_found(request, exception)
    return render_not_found(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of 500 (503 or 507 for a failed backend): a problem document for API clients, else a page."""
    return problem_server_error(request, render_server_error)


def render_server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page; needs no database."""
    response = render(request, "pages/broken.html", status=500)
    response["Cache-Control"] = "no-store"
    return response
