"""Pages of notifications: the list, which a script fills in, and the end of their e-mails by a link."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comments.notifications.preferences import stop_emails
from comments.notifications.unsubscribe_tokens import reader_of_token
from pages.views.account import mark_secret_url
from pages.views.context import render_page


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """Page of the reader's notifications."""
    return render_page(request, "pages/notifications.html")


# Without a CSRF token: mail programs post here (RFC 8058), and the signed token in the URL is the right.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End the e-mails of notifications by the link in one of them, without signing in.

    GET changes nothing, since mail scanners open links: it shows a page with a button. 410 for a token that
    is not ours or has expired.
    """
    reader = reader_of_token(token)
    is_done = reader is not None and request.method == "POST"
    if reader is not None and is_done:
        stop_emails(reader)
    page = render_page(
        request,
        "pages/unsubscribe.html",
        status=200 if reader else 410,
        is_valid=reader is not None,
        is_done=is_done,
    )
    return mark_secret_url(page)
