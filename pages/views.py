"""What readers open: the front page, articles, and the lists of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from articles.errors import Gone
from articles.models import Author, Section, Tag
from articles.ready import live_cards, live_pages
from articles.serializers import CardOut, PageOut
from articles.views import elsewhere
from newsroom.addresses import absolute
from newsroom.errors import NotFound
from newsroom.problems import not_found as problem_not_found
from newsroom.problems import server_error as problem_server_error
from newsroom.problems import speaks_problem
from pages.browsing import browse
from pages.frame import framed

ON_THE_FRONT = 13
BESIDE = 6


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page: the newest story large, a dozen more as cards."""
    rows: Any = live_cards().newest_first()[:ON_THE_FRONT]
    cards = CardOut(rows, many=True).data
    return framed(
        request,
        "pages/front.html",
        lead=cards[0] if cards else None,
        cards=cards[1:],
        canonical=absolute("/"),
    )


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article; 301 from an address it had, 410 with the notice where it was withdrawn."""
    story = live_pages().filter(slug=slug).first()
    if story is None:
        return not_live(request, slug)
    related = live_cards().picked_for(story)[:BESIDE]
    page = PageOut(story, context={"related": list(related)}).data
    return framed(request, "pages/article.html", page=page, is_preview=False)


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
    return listed(request, live_cards().in_section(slug), heading=found.name)


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody has signed."""
    found = get_object_or_404(Author, slug=slug)
    signed = live_cards().by_author(slug)
    return listed(request, signed, heading=str(found), about=found.bio)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles with a tag; a tag that only stories not yet published carry is not there."""
    shown = Tag.objects.filter(taggings__article__live__isnull=False).distinct()
    found = get_object_or_404(shown, slug=slug)
    return listed(request, live_cards().tagged(slug), heading=f"#{found.name}")


def listed(request: HttpRequest, articles: Any, *, heading: str, about: str = "") -> HttpResponse:
    return framed(
        request,
        "pages/list.html",
        heading=heading,
        about=about,
        canonical=absolute(request.path),
        **browse(request, articles),
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may fetch: all that is published, nothing that belongs to one person."""
    return render(request, "pages/robots.txt", content_type="text/plain; charset=utf-8")


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
    """500: a problem document for programs, a page that needs no database for people."""
    if speaks_problem(request):
        return problem_server_error(request)
    answer = render(request, "pages/broken.html", status=500)
    answer["Cache-Control"] = "no-store"
    return answer
