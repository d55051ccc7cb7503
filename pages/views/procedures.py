"""Page on which anybody requests that a comment be blocked (임시조치)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comments.models import BlockRequest, Comment
from pages.views.context import render_page


@require_safe
def block_request(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a request; a script sends it. 404 unless readers can read the comment."""
    if not Comment.objects.visible().of_live_articles().filter(pk=pk).exists():
        raise Http404
    bases = BlockRequest.Basis.choices
    response = render_page(request, "pages/block_request.html", comment_id=pk, bases=bases)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
