"""Base classes of the API's views: strict request bodies, strict query parameters, public and personal
views.

Unknown fields and parameters are refused with 400 and named. Public GETs are the same for everybody and
carry `Cache-Control` and surrogate keys; personal answers are `no-store`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import cache
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    ValidationError,
)
from rest_framework.fields import empty
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from newsroom.api.problem_details import MAX_LISTED_ERRORS, more_errors_message
from newsroom.api.shared_serializers import shared_serializer
from newsroom.http.cache_control import public_cache_control
from newsroom.http.surrogate_keys import set_surrogate_keys
from newsroom.text.normalization import canonical_slug


# Strict serializer of request bodies: unknown and read-only fields are validation errors (400), one for
# each. The docstring is the description of most request bodies in docs/openapi.yaml.
class StrictSerializer(serializers.Serializer[Any]):
    """What a client may send: exactly the declared fields, anything else is named and refused."""

    def run_validation(self, data: Any = empty) -> Any:
        if data is None and self.root is self:  # Django REST framework's message for it is English
            message = self.error_messages["invalid"].format(datatype="null")
            raise ValidationError({"non_field_errors": [message]})
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            read_only = [n for n in data if n in self.fields and self.fields[n].read_only]
            if refused := [*unknown, *read_only]:
                raise ValidationError(unknown_field_errors(refused))
        return super().to_internal_value(data)

    @classmethod
    def validate_request(cls, request: Request, **options: Any) -> dict[str, Any]:
        """The validated body of the request as a dict; raises ValidationError (400)."""
        if type(request.data) is dict and not options:  # JSON, not a form
            return dict(shared_serializer(cls).run_validation(request.data))
        serializer = cls(data=request.data, **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class StrictBooleanField(serializers.BooleanField):
    """true or false of JSON, and nothing that Django REST framework takes for them (0, "yes")."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictIntegerField(serializers.IntegerField):
    """Integer of JSON; refuses "5" and true instead of converting them.

    5.0 is the integer 5 in JSON Schema (Core 2020-12, section 4.2.2), and with it in OpenAPI 3.1.
    """

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return int(super().to_internal_value(data))


def unknown_field_errors(names: list[str]) -> dict[str, list[str]]:
    """Validation errors for unknown fields: one each for the first MAX_LISTED_ERRORS, then a count."""
    errors = {name: [_("There is no such field.")] for name in names[:MAX_LISTED_ERRORS]}
    if len(names) > MAX_LISTED_ERRORS:
        errors["non_field_errors"] = [more_errors_message(len(names) - MAX_LISTED_ERRORS)]
    return errors


class StrictCharField(serializers.CharField):
    """String field that refuses numbers and booleans instead of converting them."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class CanonicalSlugField(serializers.CharField):
    """Slug field that normalises what it gets to the canonical slug (NFC, lower case)."""

    def to_internal_value(self, data: Any) -> str:
        return canonical_slug(super().to_internal_value(data))


HOUR_24_PATTERN = re.compile(r"\d[Tt ]24(?![0-9])")
HOUR_24_MESSAGE = gettext_lazy("Hours run from 00 to 23. Write 00:00 of the next day for midnight.")
# The offset of a time whose plus sign was not percent-encoded: in a query it reads as a space.
UNENCODED_OFFSET_PATTERN = re.compile(r"(?<=\d) (?=\d{2}:?\d{2}$)")


class UTCDateTimeField(serializers.DateTimeField):
    """DateTime field with the value in UTC; refuses hour 24 and times that overflow in UTC.

    In a query string `+09:00` is understood without its plus sign percent-encoded (%2B).
    """

    default_error_messages = {"hour_24": HOUR_24_MESSAGE}

    def to_internal_value(self, value: Any) -> Any:
        if isinstance(value, str) and HOUR_24_PATTERN.search(value):
            self.fail("hour_24")
        if isinstance(value, str) and "T" in value:
            value = UNENCODED_OFFSET_PATTERN.sub("+", value)
        try:
            return super().to_internal_value(value).astimezone(UTC)
        except OverflowError:
            self.fail("overflow")


class QuerySerializer(StrictSerializer):
    """Serializer of query parameters; refuses unknown, repeated and malformed ones with an error for
    each."""

    page_size = serializers.IntegerField(
        min_value=1, max_value=100, default=20, help_text="Rows a page."
    )
    cursor = serializers.CharField(
        max_length=2000, required=False, help_text="From `next` or `previous`."
    )

    @classmethod
    def validate_query(cls, request: Request) -> dict[str, Any]:
        """The validated query parameters of the request as a dict; raises ValidationError (400)."""
        return cls.validate_query_dict(request.query_params)

    @classmethod
    def validate_query_dict(cls, query: QueryDict) -> dict[str, Any]:
        """The validated parameters of a query string as a dict; raises ValidationError (400)."""
        if not query:
            return cls.default_params().copy()
        if repeated := [n for n, v in query.lists() if len(v) > 1]:
            raise ValidationError({n: [_("Given more than once.")] for n in repeated})
        serializer = cls(data=query.dict())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    @classmethod
    @cache
    def default_params(cls) -> dict[str, Any]:
        """Validated parameters of an empty query string, cached; raises ValidationError if one is
        required."""
        serializer = cls(data={})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class NoParameters(QuerySerializer):
    """Query serializer of an endpoint without query parameters."""

    page_size = None  # type: ignore[assignment]  # DRF's way to take an inherited field back
    cursor = None  # type: ignore[assignment]


class PreconditionRequired(APIException):
    """428 Precondition Required (RFC 6585, section 3): If-Match is missing."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = gettext_lazy("Send If-Match with the ETag of what you have read.")


class UnknownEntityTag(APIException):
    """412 Precondition Failed: If-Match lists no entity tag of this resource, whatever its version."""

    status_code = 412
    default_code = "unknown_etag"
    default_detail = gettext_lazy(
        "If-Match holds no ETag of this resource. Read it, then send its ETag as it is, with its quotes."
    )


def require_if_match(request: Request) -> str:
    """The If-Match header as sent; raises PreconditionRequired (428) without one (RFC 6585)."""
    if not (header := request.headers.get("If-Match", "").strip()):
        raise PreconditionRequired
    return str(header)


def require_known_method(view: APIView, request: Request) -> None:
    """Raise MethodNotAllowed (405) for a method the view does not have, before authentication (401)."""
    if request.method not in view.allowed_methods:
        raise MethodNotAllowed(str(request.method))


class PublicReadView(APIView):
    """API view whose GET is the same for everybody: no authentication, cacheable by any cache.

    Subclasses name their query serializer in `query`; the validated parameters are in `self.params`.
    They set `surrogate_keys` (newsroom/http/surrogate_keys.py), or override `get_surrogate_keys` for the
    rows of a list.
    """

    query: ClassVar[type[QuerySerializer]] = NoParameters
    params: dict[str, Any]
    surrogate_keys: Iterable[str] = ()

    def get_surrogate_keys(self, rows: list[Any]) -> Iterable[str]:
        """The surrogate keys of a page of these rows."""
        return self.surrogate_keys

    def is_read(self) -> bool:
        """Whether the request has a safe method; False while the OpenAPI schema is generated."""
        return getattr(self.request, "method", "") in {"GET", "HEAD", "OPTIONS"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        require_known_method(self, request)
        super().initial(request, *args, **kwargs)
        if self.is_read():
            self.params = self.query.validate_query(request)

    def get_authenticators(self) -> Any:
        return [] if self.is_read() else super().get_authenticators()

    def get_cache_control(self) -> str:
        """The Cache-Control of a 200."""
        return public_cache_control()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.is_read() and response.status_code == 200 and "Cache-Control" not in response:
            response["Cache-Control"] = self.get_cache_control()
            set_surrogate_keys(response, self.surrogate_keys)
        elif "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        response.is_public_read = self.is_read()  # for newsroom/http/cache_control.py
        # One representation for everybody: neither Accept nor cookies choose it (DRF says otherwise).
        if "Vary" in response and self.is_read():
            del response["Vary"]
        return response


class PersonalView(APIView):
    """API view whose responses are for one person: `Cache-Control: no-store`."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        require_known_method(self, request)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


def paginated_response(
    view: Any,
    queryset: Any,
    serializer_class: type[serializers.BaseSerializer[Any]],
    *,
    paginator_class: type[BasePagination] | None = None,
) -> Response:
    """One page of the queryset, cut by `paginator_class` (the view's by default) and serialized row by row.

    Sets the surrogate keys of a PublicReadView from the rows of the page.
    """
    paginator: Any = (paginator_class or view.pagination_class)()
    page = paginator.paginate_queryset(queryset, view.request, view=view)
    if isinstance(view, PublicReadView):
        view.surrogate_keys = view.get_surrogate_keys(page or [])
    serializer = serializer_class(context={"request": view.request, "view": view})
    response: Response = paginator.get_paginated_response(
        [serializer.to_representation(row) for row in page or []]
    )
    return response
