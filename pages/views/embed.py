"""The vote beside an article, on other people's pages: oEmbed, and the small page that it frames."""

import json
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from articles.api.representation import represent_page
from articles.api.views import current_slug
from articles.models import Article, Masthead
from articles.read_queries import live_page, live_page_with_poll
from articles.surrogate_keys import keys_of_page
from newsroom.api.problem_details import problem_response as problem
from newsroom.http.cache_control import set_public_cache_control
from newsroom.http.surrogate_keys import set_surrogate_keys
from pages.oembed import MaxSize, article_slug_of_url, oembed_data, to_xml
from pages.views.context import render_page

JSON, XML = "application/json", "text/xml; charset=utf-8"
MAX_PIXELS = 10_000


@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # it passes all on
@xframe_options_exempt
@require_safe
def poll_embed(request: HttpRequest, pk: int) -> HttpResponse:
    """How a vote stands, for a frame on any site; to vote, one goes to the article."""
    found, page = article_with_poll(live_page_with_poll(pk))
    return render_page(
        request, "pages/poll_embed.html", page=page, keys=keys_of_page(found, related=[])
    )


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 for the address of an article with a vote: 404 for any other, 501 for other formats."""
    if (kind := request.GET.get("format", "json")) not in {"json", "xml"}:
        return problem(501, "not_implemented", _("There is JSON and XML, and nothing else."))
    try:
        room = MaxSize(*(parse_pixels(request.GET.get(name)) for name in ("maxwidth", "maxheight")))
    except ValueError:
        return problem(400, "invalid", _("maxwidth and maxheight are whole numbers of pixels."))
    slug = article_slug_of_url(request.GET.get("url", ""))
    try:
        found, page = article_with_poll(live_page(slug) or live_page(current_slug(slug) or ""))
    except Http404:
        return problem(404, "not_found", _("There is no vote to show at this address."))
    words = oembed_data(page, paper=found.paper or Masthead().name, room=room)
    body = to_xml(words) if kind == "xml" else json.dumps(words, ensure_ascii=False)
    told = HttpResponse(body, content_type=XML if kind == "xml" else JSON)
    set_public_cache_control(told)
    set_surrogate_keys(told, keys_of_page(found, related=[]))
    return told


def parse_pixels(given: str | None) -> int:
    """A number of pixels; 0 where nobody said. Raises ValueError."""
    if given is None:
        return 0
    if not (given.isascii() and given.isdigit() and 0 < int(given[:9]) <= MAX_PIXELS):
        raise ValueError
    return int(given)


def article_with_poll(article: Article | None) -> tuple[Article, Any]:
    """A live article whose poll readers see, and its page. Raises Http404 for any other."""
    if article is None or article.poll is None:
        raise Http404
    page = represent_page(article, related=[])
    if page["poll"] is None:
        raise Http404
    return article, page
