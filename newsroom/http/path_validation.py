"""Strictness before any view: addresses no row can have, and the doors that are not ours, where
sign-in and sign-up read JSON by themselves.
"""

import json

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from newsroom.api.problem_details import problem_response
from newsroom.api.renderers import check_json_is_storable

ALLAUTH_PATH = "/_allauth/"


class RequestValidationMiddleware(MiddlewareMixin):
    """Answers 400 to JSON that breaks later: no JSON, nested too deeply, half a character, NUL.

    And 404 to an address with NUL, anywhere: PostgreSQL cannot even be asked for it.
    """

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        if "\x00" in request.path_info:
            raise Http404
        if not request.path_info.startswith(ALLAUTH_PATH) or not request.body:
            return None
        try:
            check_json_is_storable(json.loads(request.body))
        except (ValueError, RecursionError):
            return problem_response(400, "parse_error", _("This is not JSON that can be read."))
        except APIException as refusal:
            return problem_response(400, "parse_error", str(refusal.detail))
        return None
