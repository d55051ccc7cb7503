"""Validation of request paths and of the JSON that django-allauth's headless API parses itself."""

from http import HTTPStatus

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from newsroom.api.problem_details import problem_response
from newsroom.api.renderers import check_json_is_storable, parse_json

ALLAUTH_PATH = "/_allauth/"


class RequestValidationMiddleware(MiddlewareMixin):
    """404 for a path with NUL, which PostgreSQL refuses as a parameter; 400 for unusable JSON to allauth.

    Unusable is what is not a JSON object, nested too deeply, or contains NUL or half a surrogate pair. A
    429 of allauth, which has no text, becomes a problem document.
    """

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        if "\x00" in request.path_info:
            raise Http404
        if not request.path_info.startswith(ALLAUTH_PATH) or not request.body:
            return None
        try:
            data = parse_json(request.body)
            check_json_is_storable(data)
        except (ValueError, RecursionError):
            return problem_response(400, "parse_error", _("This is not JSON that can be read."))
        except APIException as error:
            return problem_response(400, "parse_error", str(error.detail))
        if not isinstance(data, dict):
            return problem_response(400, "invalid", _("The body has to be a JSON object."))
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_throttled = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        if is_throttled and request.path_info.startswith(ALLAUTH_PATH):
            sentence = _("Too many requests. Wait a moment, then try again.")
            return problem_response(429, "throttled", sentence)
        return response
