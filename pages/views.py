"""What readers open: the front page, articles, and the lists of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from articles.api.read_queries import live_cards, live_page, live_tags, stories_beside
from articles.api.representation import card_as_read, page_as_read
from articles.api.views import elsewhere
from articles.errors import Gone
from articles.models import Author, Section
from articles.readership.popular import cards_most_read
from articles.surrogate_keys import keys_of_list, keys_of_page
from newsroom.api.problem_details import not_found as problem_not_found
from newsroom.api.problem_details import server_error as problem_server_error
from newsroom.api.problem_details import speaks_problem
from newsroom.errors import NotFound
from newsroom.http.cache_control import let_keep
from newsroom.http.canonical_urls import absolute
from outbox.models import Subscriber
from pages.context import framed
from pages.pagination import browse

ON_THE_FRONT = 13
BESIDE = 6
MOST_READ = 6


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page: the newest story large, a dozen more as cards, what was read most in a day."""
    rows: Any = list(live_cards().newest_first()[:ON_THE_FRONT])
    popular: Any = cards_most_read(window="24h", most=MOST_READ)
    cards = [card_as_read(row) for row in rows]
    return framed(
        request,
        "pages/front.html",
        lead=cards[0] if cards else None,
        cards=cards[1:],
        popular=[card_as_read(row) for row in popular],
        canonical=absolute("/"),
        keys=keys_of_list([*rows, *popular]),
    )


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article; 301 from an address it had, 410 with the notice where it was withdrawn."""
    story = live_page(slug)
    if story is None:
        return not_live(request, slug)
    related = stories_beside(story, most=BESIDE)
    page = page_as_read(story, related=related)
    keys = keys_of_page(story, related=related)
    return framed(request, "pages/article.html", page=page, is_preview=False, keys=keys)


def not_live(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        return elsewhere(slug, to="article-page")
    except Gone as gone:
        words = {"notice": str(gone), "at": gone.more["withdrawn_at"]}
        return framed(request, "pages/withdrawn.html", status=410, **words)
    except NotFound:
        return nothing_here(request)


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Every article, newest first."""
    return listed(request, live_cards(), heading=pgettext("page", "All articles"))


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles of a section."""
    found = get_object_or_404(Section, slug=slug)
    inside = live_cards().in_section(slug)
    return listed(request, inside, heading=found.name, wish={"section": slug})


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody has signed."""
    found = get_object_or_404(Author, slug=slug)
    signed = live_cards().by_author(slug)
    return listed(request, signed, heading=str(found), about=found.bio, wish={"author": slug})


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles with a tag; a tag that only stories not yet published carry is not there."""
    found = get_object_or_404(live_tags(), slug=slug)
    tagged = live_cards().tagged(slug)
    return listed(request, tagged, heading=f"#{found.name}", wish={"tag": slug})


def listed(
    request: HttpRequest,
    articles: Any,
    *,
    heading: str,
    about: str = "",
    wish: dict[str, str] | None = None,
) -> HttpResponse:
    """A page of these cards, which are those that a reader wishes by section, author or tag."""
    rows, words = browse(request, articles)
    return framed(
        request,
        "pages/list.html",
        heading=heading,
        about=about,
        canonical=absolute(request.path),
        keys=keys_of_list(rows, wish=wish),
        **words,
    )


@require_safe
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """The file that proves to search engines that who reports our addresses under this key is us."""
    if not Subscriber.objects.knows_indexnow_key(key, timezone.now()):
        return nothing_here(request)
    answer = HttpResponse(key, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may fetch: all that is published, nothing that belongs to one person."""
    maps = {"sitemap": absolute("/sitemap.xml"), "news": absolute("/sitemap-news.xml")}
    answer = render(request, "pages/robots.txt", maps, content_type="text/plain; charset=utf-8")
    let_keep(answer)
    return answer


def favicon(request: HttpRequest) -> HttpResponse:
    """The small picture that browsers ask for where a page names none, as the admin's do."""
    return HttpResponseRedirect(static("pages/booki.svg"))


def nothing_here(request: HttpRequest) -> HttpResponse:
    return framed(request, "pages/not_found.html", status=404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: a problem document for programs, a page with ways on for people."""
    if speaks_problem(request):
        return problem_not_found(request, exception)
    return nothing_here(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 and 507 where a backend failed: a problem document for programs, a page that needs no
    database for people."""
    return problem_server_error(request, broken)


def broken(request: HttpRequest) -> HttpResponse:
    answer = render(request, "pages/broken.html", status=500)
    answer["Cache-Control"] = "no-store"
    return answer
