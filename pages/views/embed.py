"""Poll embeds on other sites: the oEmbed endpoint, and the page shown in its iframe."""

import json
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from articles.api.representation import represent_page
from articles.api.views import current_slug
from articles.cache_targets import keys_of_page
from articles.models import Masthead
from articles.models.read_models import ArticlePage
from articles.read_queries import live_page, live_page_with_poll
from newsroom.api.problem_details import problem_response
from newsroom.http.cache_control import set_public_cache_control
from newsroom.http.surrogate_keys import set_surrogate_keys
from pages.oembed import MaxSize, article_slug_of_url, oembed_data, to_xml
from pages.views.context import render_page

JSON, XML = "application/json", "text/xml; charset=utf-8"
MAX_PIXELS = 10_000


@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # it accepts lists
@xframe_options_exempt
@require_safe
def poll_embed(request: HttpRequest, pk: int) -> HttpResponse:
    """The poll of a live article with its tally, for an iframe on any site; one votes in the article."""
    article, page = article_with_poll(live_page_with_poll(pk))
    return render_page(
        request, "pages/poll_embed.html", page=page, keys=keys_of_page(article, related=[])
    )


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 endpoint: the poll of the article at `url`; 404 without one, 501 for other formats."""
    if (kind := request.GET.get("format", "json")) not in {"json", "xml"}:
        return problem_response(
            501, "not_implemented", _("There is JSON and XML, and nothing else.")
        )
    try:
        max_size = MaxSize(
            *(parse_pixels(request.GET.get(name)) for name in ("maxwidth", "maxheight"))
        )
    except ValueError:
        return problem_response(
            400, "invalid", _("maxwidth and maxheight are whole numbers of pixels.")
        )
    slug = article_slug_of_url(request.GET.get("url", ""))
    try:
        article, page = article_with_poll(live_page(slug) or live_page(current_slug(slug) or ""))
    except Http404:
        return problem_response(404, "not_found", _("There is no vote to show at this address."))
    data = oembed_data(page, paper=article.paper or Masthead().name, max_size=max_size)
    body = to_xml(data) if kind == "xml" else json.dumps(data, ensure_ascii=False)
    response = HttpResponse(body, content_type=XML if kind == "xml" else JSON)
    set_public_cache_control(response)
    set_surrogate_keys(response, keys_of_page(article, related=[]))
    return response


def parse_pixels(text: str | None) -> int:
    """Parse a maximum size in pixels; 0 for none. Raises ValueError."""
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MAX_PIXELS):
        raise ValueError
    return int(text)


def article_with_poll(article: ArticlePage | None) -> tuple[ArticlePage, Any]:
    """A live article with a public poll, and its page data. Raises Http404 for any other."""
    if article is None or article.poll is None:
        raise Http404
    page = represent_page(article, related=[])
    if page["poll"] is None:
        raise Http404
    return article, page
