"""Refusal of requests that pages of other sites make (CSRF), for endpoints without a session."""

from django.conf import settings
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request


class CrossSiteRequest(PermissionDenied):
    """A page of another site has sent the request (403, `foreign_origin`)."""

    default_code = "foreign_origin"
    default_detail = gettext_lazy("This comes from another site. Open ours, then try again.")


def refuse_cross_site(request: Request) -> None:
    """Raise CrossSiteRequest (403) for a request that a page of another site makes in a browser.

    Browsers send `Origin` or `Sec-Fetch-Site`, which pages cannot change; other clients send neither
    and have no cookie of somebody else.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        is_foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
    else:
        own_origin = f"{request.scheme}://{request.get_host()}"
        trusted = {own_origin, *settings.CSRF_TRUSTED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS}
        is_foreign = origin not in trusted
    if is_foreign:
        raise CrossSiteRequest
