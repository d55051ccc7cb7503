"""What readers open: the front page, articles, and the lists of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from articles.api.representation import represent_card, represent_page
from articles.api.views import redirect_or_raise
from articles.errors import Gone
from articles.models import Author, Section
from articles.read_queries import live_cards, live_page, live_tags, related_cards
from articles.readership.popular import most_viewed_cards
from articles.surrogate_keys import keys_of_list, keys_of_page
from newsroom.api.problem_details import not_found as problem_not_found
from newsroom.api.problem_details import server_error as problem_server_error
from newsroom.api.problem_details import wants_problem_document
from newsroom.errors import NotFound
from newsroom.http.cache_control import set_public_cache_control
from newsroom.http.canonical_urls import absolute_url
from outbox.models import Subscriber
from pages.views.context import render_page
from pages.views.pagination import paginate_cards

MAX_FRONT_PAGE_STORIES = 13
MAX_RELATED_STORIES = 6
MAX_MOST_READ = 6


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page: the newest story large, a dozen more as cards, what was read most in a day."""
    rows: Any = list(live_cards().newest_first()[:MAX_FRONT_PAGE_STORIES])
    popular: Any = most_viewed_cards(window="24h", limit=MAX_MOST_READ)
    cards = [represent_card(row) for row in rows]
    return render_page(
        request,
        "pages/front.html",
        lead=cards[0] if cards else None,
        cards=cards[1:],
        popular=[represent_card(row) for row in popular],
        canonical=absolute_url("/"),
        keys=keys_of_list([*rows, *popular]),
    )


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article; 301 from an address it had, 410 with the notice where it was withdrawn."""
    story = live_page(slug)
    if story is None:
        return redirect_or_gone(request, slug)
    related = related_cards(story, max_picked=MAX_RELATED_STORIES)
    page = represent_page(story, related=related)
    keys = keys_of_page(story, related=related)
    return render_page(request, "pages/article.html", page=page, is_preview=False, keys=keys)


def redirect_or_gone(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        return redirect_or_raise(slug, to="article-page")
    except Gone as gone:
        words = {"notice": str(gone), "at": gone.more["withdrawn_at"]}
        return render_page(request, "pages/withdrawn.html", status=410, **words)
    except NotFound:
        return render_not_found(request)


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Every article, newest first."""
    return render_article_list(request, live_cards(), heading=pgettext("page", "All articles"))


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles of a section."""
    found = get_object_or_404(Section, slug=slug)
    inside = live_cards().in_section(slug)
    return render_article_list(request, inside, heading=found.name, filters={"section": slug})


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody has signed."""
    found = get_object_or_404(Author, slug=slug)
    signed = live_cards().by_author(slug)
    return render_article_list(
        request, signed, heading=str(found), about=found.bio, filters={"author": slug}
    )


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles with a tag; a tag that only stories not yet published carry is not there."""
    found = get_object_or_404(live_tags(), slug=slug)
    tagged = live_cards().tagged(slug)
    return render_article_list(request, tagged, heading=f"#{found.name}", filters={"tag": slug})


def render_article_list(
    request: HttpRequest,
    articles: Any,
    *,
    heading: str,
    about: str = "",
    filters: dict[str, str] | None = None,
) -> HttpResponse:
    """A page of these cards, which are those that a reader wishes by section, author or tag."""
    rows, words = paginate_cards(request, articles)
    return render_page(
        request,
        "pages/list.html",
        heading=heading,
        about=about,
        canonical=absolute_url(request.path),
        keys=keys_of_list(rows, params=filters),
        **words,
    )


@require_safe
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """The file that proves to search engines that who reports our addresses under this key is us."""
    if not Subscriber.objects.has_indexnow_key(key, timezone.now()):
        return render_not_found(request)
    answer = HttpResponse(key, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may fetch: all that is published, nothing that belongs to one person."""
    maps = {"sitemap": absolute_url("/sitemap.xml"), "news": absolute_url("/sitemap-news.xml")}
    answer = render(request, "pages/robots.txt", maps, content_type="text/plain; charset=utf-8")
    set_public_cache_control(answer)
    return answer


def favicon(request: HttpRequest) -> HttpResponse:
    """The small picture that browsers ask for where a page names none, as the admin's do."""
    return HttpResponseRedirect(static("pages/booki.svg"))


def render_not_found(request: HttpRequest) -> HttpResponse:
    return render_page(request, "pages/not_found.html", status=404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: a problem document for programs, a page with ways on for people."""
    if wants_problem_document(request):
        return problem_not_found(request, exception)
    return render_not_found(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 and 507 where a backend failed: a problem document for programs, a page that needs no
    database for people."""
    return problem_server_error(request, render_server_error)


def render_server_error(request: HttpRequest) -> HttpResponse:
    answer = render(request, "pages/broken.html", status=500)
    answer["Cache-Control"] = "no-store"
    return answer
