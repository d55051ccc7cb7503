"""Validation of request paths and of the JSON that django-allauth's headless API parses itself."""

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

    Unusable is what is not JSON, nested too deeply, or contains NUL or half a surrogate pair.
    """

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        if "\x00" in request.path_info:
            raise Http404
        if not request.path_info.startswith(ALLAUTH_PATH) or not request.body:
            return None
        try:
            check_json_is_storable(parse_json(request.body))
        except (ValueError, RecursionError):
            return problem_response(400, "parse_error", _("This is not JSON that can be read."))
        except APIException as error:
            return problem_response(400, "parse_error", str(error.detail))
        return None
