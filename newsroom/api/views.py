"""What every API view stands on: strict input, strict parameters, public reads."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import cache
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import APIException, MethodNotAllowed, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from newsroom.api.problem_details import MAX_LISTED_ERRORS, more_errors_message
from newsroom.http.cache_control import public_cache_control
from newsroom.http.surrogate_keys import set_surrogate_keys
from newsroom.text.normalization import canonical_slug


class StrictSerializer(serializers.Serializer[Any]):
    """What a client may send: exactly the declared fields, anything else is named and refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            strangers = [name for name in data if name not in self.fields]
            read_only = [n for n in data if n in self.fields and self.fields[n].read_only]
            if refused := [*strangers, *read_only]:
                raise ValidationError(unknown_field_errors(refused))
        return super().to_internal_value(data)

    @classmethod
    def validate_request(cls, request: Request, **options: Any) -> dict[str, Any]:
        """The validated body of the request; raises ValidationError (400)."""
        words = cls(data=request.data, **options)
        words.is_valid(raise_exception=True)
        return dict(words.validated_data)


def unknown_field_errors(names: list[str]) -> dict[str, list[str]]:
    """The errors for fields that there are not: the first of them each, the rest in number."""
    errors = {name: [_("There is no such field.")] for name in names[:MAX_LISTED_ERRORS]}
    if len(names) > MAX_LISTED_ERRORS:
        errors["non_field_errors"] = [more_errors_message(len(names) - MAX_LISTED_ERRORS)]
    return errors


class StrictCharField(serializers.CharField):
    """Words, and only words: a number or anything else is refused, not spelt out."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class CanonicalSlugField(serializers.CharField):
    """A slug in any form that a browser may send, read as its canonical one (NFC, lower case)."""

    def to_internal_value(self, data: Any) -> str:
        return canonical_slug(super().to_internal_value(data))


HOUR_24_PATTERN = re.compile(r"\d[Tt ]24(?![0-9])")
HOUR_24_MESSAGE = gettext_lazy("Hours run from 00 to 23. Write 00:00 of the next day for midnight.")
# The offset of a time whose plus sign was not percent-encoded: in a query it reads as a space.
UNENCODED_OFFSET_PATTERN = re.compile(r"(?<=\d) (?=\d{2}:?\d{2}$)")


class UTCDateTimeField(serializers.DateTimeField):
    """A point in time; one that no calendar reaches from here is refused like any other bad value.

    `+09:00` is understood where a client forgot to encode the plus sign (%2B).
    """

    default_error_messages = {"hour_24": HOUR_24_MESSAGE}

    def to_internal_value(self, value: Any) -> Any:
        if isinstance(value, str) and HOUR_24_PATTERN.search(value):
            self.fail("hour_24")
        if isinstance(value, str) and "T" in value:
            value = UNENCODED_OFFSET_PATTERN.sub("+", value)
        try:
            moment = super().to_internal_value(value)
            return moment.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")


class QuerySerializer(StrictSerializer):
    """The query parameters of a list: unknown, repeated and malformed ones are named and refused."""

    page_size = serializers.IntegerField(
        min_value=1, max_value=100, default=20, help_text="Rows a page."
    )
    cursor = serializers.CharField(
        max_length=2000, required=False, help_text="From `next` or `previous`."
    )

    @classmethod
    def validate_query(cls, request: Request) -> dict[str, Any]:
        """The validated parameters of the request; raises ValidationError (400)."""
        return cls.validate_query_dict(request.query_params)

    @classmethod
    def validate_query_dict(cls, given: QueryDict) -> dict[str, Any]:
        """The validated parameters in a query string; raises ValidationError (400)."""
        if not given:
            return cls.default_params().copy()
        if repeated := [n for n, v in given.lists() if len(v) > 1]:
            raise ValidationError({n: [_("Given more than once.")] for n in repeated})
        words = cls(data=given.dict())
        words.is_valid(raise_exception=True)
        return dict(words.validated_data)

    @classmethod
    @cache
    def default_params(cls) -> dict[str, Any]:
        """What holds for whoever gives no parameters; raises ValidationError where some are needed."""
        words = cls(data={})
        words.is_valid(raise_exception=True)
        return dict(words.validated_data)


class NoParameters(QuerySerializer):
    """For addresses that take none."""

    page_size = None  # type: ignore[assignment]  # DRF's way to take an inherited field back
    cursor = None  # type: ignore[assignment]


class PreconditionRequired(APIException):
    status_code = 428
    default_code = "precondition_required"
    default_detail = gettext_lazy("Send If-Match with the ETag of what you have read.")


def require_if_match(request: Request) -> str:
    """The If-Match header as sent; raises PreconditionRequired (428) without one (RFC 6585)."""
    if not (given := request.headers.get("If-Match", "").strip()):
        raise PreconditionRequired
    return str(given)


def require_known_method(view: APIView, request: Request) -> None:
    """Raise MethodNotAllowed (405) for a method the view does not have, before anybody is asked who
    they are: signing in would not help."""
    if request.method not in view.allowed_methods:
        raise MethodNotAllowed(str(request.method))


class PublicReadView(APIView):
    """A view whose GET is the same for everybody: nobody is identified, any cache may keep it.

    Subclasses name the parameters they take in `query`; the validated ones are in `self.params`. They
    say in `shown` under which keys caches keep the answer, or in `keys_of` for the rows of a list.
    """

    query: ClassVar[type[QuerySerializer]] = NoParameters
    params: dict[str, Any]
    surrogate_keys: Iterable[str] = ()

    def get_surrogate_keys(self, rows: list[Any]) -> Iterable[str]:
        """The cache keys of a page of these rows."""
        return self.surrogate_keys

    def is_read(self) -> bool:
        # Without a request the schema is being written.
        return getattr(self.request, "method", "") in {"GET", "HEAD", "OPTIONS"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        require_known_method(self, request)
        super().initial(request, *args, **kwargs)
        if self.is_read():
            self.params = self.query.validate_query(request)

    def get_authenticators(self) -> Any:
        return [] if self.is_read() else super().get_authenticators()

    def get_cache_control(self) -> str:
        """For how long caches may keep the answer."""
        return public_cache_control()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.is_read() and answer.status_code == 200 and "Cache-Control" not in answer:
            answer["Cache-Control"] = self.get_cache_control()
            set_surrogate_keys(answer, self.surrogate_keys)
        elif "Cache-Control" not in answer:
            answer["Cache-Control"] = "no-store"
        if isinstance(answer, Response):
            answer.add_post_render_callback(untie)
        answer.is_public_read = self.is_read()  # type: ignore[attr-defined]  # newsroom/http/response_cache.py asks
        # One representation for all: neither Accept nor cookies choose it (DRF says otherwise).
        if "Vary" in answer and self.is_read():
            del answer["Vary"]
        return answer


def untie(answer: Any) -> None:
    """Undo the rings in which REST framework ties request, view and answer, once it is rendered: what
    a reader's request leaves behind is gone with it, and no garbage collector looks for it."""
    made = answer.renderer_context
    made["request"].parser_context = {}
    vars(made["view"]).clear()
    answer.renderer_context = {}


class PersonalView(APIView):
    """A view whose answers are for one person and kept by nobody."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        require_known_method(self, request)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer


def paginated_response(
    view: Any,
    queryset: Any,
    serializer_class: type[serializers.BaseSerializer[Any]],
    *,
    paginator_class: type[BasePagination] | None = None,
) -> Response:
    """One page of the queryset as the view's paginator (or `cut`) cuts it, each row through `card`."""
    pages: Any = (
        paginator_class or view.pagination_class
    )()  # a fresh one: it remembers the request
    page = pages.paginate_queryset(queryset, view.request, view=view)
    if isinstance(view, PublicReadView):
        view.surrogate_keys = view.get_surrogate_keys(page or [])
    context = {"request": view.request, "view": view}
    words = serializer_class(context=context)
    lines = [words.to_representation(row) for row in page or []]
    context.clear()  # a serializer and its fields hold each other, and would hold the request with them
    answer: Response = pages.get_paginated_response(lines)
    return answer
