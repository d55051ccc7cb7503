"""The vote beside an article, on other people's pages: oEmbed, and the small page that it frames."""

import json
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from articles.api.read_queries import live_page, live_page_with
from articles.api.representation import page_as_read
from articles.api.views import address_now
from articles.models import Article, Masthead
from articles.surrogate_keys import keys_of_page
from newsroom.api.problem_details import answer as problem
from newsroom.http.cache_control import let_keep
from newsroom.http.surrogate_keys import mark
from pages.context import framed
from pages.oembed import Room, as_xml, embedded, slug_in

JSON, XML = "application/json", "text/xml; charset=utf-8"
LARGEST = 10_000


@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # it passes all on
@xframe_options_exempt
@require_safe
def poll_embed(request: HttpRequest, pk: int) -> HttpResponse:
    """How a vote stands, for a frame on any site; to vote, one goes to the article."""
    found, page = shown(live_page_with(pk))
    return framed(request, "pages/poll_embed.html", page=page, keys=keys_of_page(found, related=[]))


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 for the address of an article with a vote: 404 for any other, 501 for other formats."""
    if (kind := request.GET.get("format", "json")) not in {"json", "xml"}:
        return problem(501, "not_implemented", _("There is JSON and XML, and nothing else."))
    try:
        room = Room(*(pixels(request.GET.get(name)) for name in ("maxwidth", "maxheight")))
    except ValueError:
        return problem(400, "invalid", _("maxwidth and maxheight are whole numbers of pixels."))
    slug = slug_in(request.GET.get("url", ""))
    try:
        found, page = shown(live_page(slug) or live_page(address_now(slug) or ""))
    except Http404:
        return problem(404, "not_found", _("There is no vote to show at this address."))
    words = embedded(page, paper=found.paper or Masthead().name, room=room)
    body = as_xml(words) if kind == "xml" else json.dumps(words, ensure_ascii=False)
    told = HttpResponse(body, content_type=XML if kind == "xml" else JSON)
    let_keep(told)
    mark(told, keys_of_page(found, related=[]))
    return told


def pixels(given: str | None) -> int:
    """A number of pixels; 0 where nobody said. Raises ValueError."""
    if given is None:
        return 0
    if not (given.isascii() and given.isdigit() and 0 < int(given[:9]) <= LARGEST):
        raise ValueError
    return int(given)


def shown(article: Article | None) -> tuple[Article, Any]:
    """A live article whose poll readers see, and its page. Raises Http404 for any other."""
    if article is None or article.poll is None:
        raise Http404
    page = page_as_read(article, related=[])
    if page["poll"] is None:
        raise Http404
    return article, page
