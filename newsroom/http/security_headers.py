"""Security headers: Permissions-Policy and Cross-Origin-Resource-Policy on every response, and the whole
set on error responses of any middleware.
"""

from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER as CSP_HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from newsroom.http.middleware import is_public_read

# Browser features that neither our pages nor frames in them need (w3.org/TR/permissions-policy).
SWITCHED_OFF_FEATURES = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer"),
    *("microphone", "midi", "payment", "usb"),
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in SWITCHED_OFF_FEATURES)
# What pages of other sites may embed without CORS (fetch.spec.whatwg.org, section 3.7): public photos,
# the public API, feeds and oEmbed, scripts and pictures of the embedded poll. All else is same-origin.
EMBEDDABLE = ("/media/", "/static/", "/api/v1/", "/feeds/", "/oembed", "/polls/", "/sitemap")
EMBEDDABLE_PART = "/feeds/"  # of a section: /sections/NAME/feeds/


class SecurityHeadersMiddleware:
    """Sets security headers. The outermost middleware, so that it sees the responses of all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.error_headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            CSP_HEADER: build_policy(),
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        headers["Permissions-Policy"] = PERMISSIONS_POLICY
        headers["Cross-Origin-Resource-Policy"] = resource_policy(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            for name, value in self.error_headers.items():
                headers.setdefault(name, value)
            if not getattr(response, "xframe_options_exempt", False):
                headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response


def resource_policy(request: HttpRequest) -> str:
    """The Cross-Origin-Resource-Policy: `cross-origin` for embeddable paths, else `same-origin`."""
    path = request.path_info
    is_embeddable = path.startswith(EMBEDDABLE) or EMBEDDABLE_PART in path
    return "cross-origin" if is_embeddable and is_public_read(request) else "same-origin"
