"""API of the wire: agencies deliver, the desk reads the inbox."""

from typing import Any, ClassVar, cast

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication.api import STAFF_AUTHENTICATION, IsStaff
from accounts.models import Token, User
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import NoParameters, PersonalView, paginated_response
from wire.actions import MAX_DELIVERY_BYTES, store_delivery
from wire.api.decisions import MayReadWire
from wire.api.serializers import DeliveryOut, InboxQuery, StoryOut
from wire.errors import Encoded, TooLarge
from wire.inbox_search import find_in_window, has_words
from wire.models import Delivery, Source, Story


class NewestStories(KeysetPagination):
    order = ("-news_at", "-pk")


class RawBodyParser(BaseParser):
    """Parser that leaves a body of any content type as bytes: one byte more than the limit at most."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return bytes(stream.read(MAX_DELIVERY_BYTES + 1))


class MayDeliverWire(MayReadWire):
    """Permission to deliver: the same, or a token with the scope `wire` (agencies have no role)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        has_scope = isinstance(request.auth, Token) and "wire" in request.auth.scopes
        return has_scope or super().has_permission(request, view)


class Inbox(PersonalView):
    authentication_classes = STAFF_AUTHENTICATION
    permission_classes = (IsStaff, MayReadWire)
    pagination_class = NewestStories
    params: dict[str, Any]

    @extend_schema(parameters=[InboxQuery], responses=StoryOut(many=True))
    def get(self, request: Request) -> Response:
        """The wire inbox: stories of the agencies, newest first."""
        self.params = InboxQuery.validate_query(request)
        return paginated_response(self, filter_inbox(self.params), StoryOut)


def filter_inbox(params: dict[str, Any]) -> Any:
    """The stories that match the filters of InboxQuery."""
    stories = Story.objects.with_current_version().filter(current__isnull=False)
    columns = {
        "source": "source__slug",
        "status": "status",
        "sent_after": "news_at__gte",
        "sent_before": "news_at__lt",
    }
    stories = stories.filter(**{columns[name]: params[name] for name in columns if name in params})
    conditions = has_words(params.get("q", ""))
    return find_in_window(stories, *conditions) if conditions else stories


class Intake(PersonalView):
    authentication_classes = STAFF_AUTHENTICATION
    permission_classes = (IsStaff, MayDeliverWire)
    parser_classes = (RawBodyParser,)
    scopes: ClassVar[tuple[str, ...]] = ("wire", "desk")

    @extend_schema(
        request={"text/plain": OpenApiTypes.STR}, responses={202: DeliveryOut}, tags=["wire"]
    )
    def post(self, request: Request, source: str) -> Response:
        """A delivery from an agency: the body is stored as it is, and read into a story within seconds.

        `Content-Type` may name the charset. The answer says that it is stored (`received`); `Location`
        is where to ask what came of it. A text that cannot be read is kept all the same, with the reason.
        """
        NoParameters.validate_query(request)
        refuse_unfit_body(request)
        delivery = store_delivery(
            Source.objects.by_slug(source),
            raw=request_bytes(request),
            name=request.headers.get("X-Delivery-Name", ""),
            content_type=request.content_type or "",
            by=cast("User", request.user),
        )
        location = reverse("wire-delivery", args=[source, delivery.pk])
        return Response(DeliveryOut(delivery).data, status=202, headers={"Location": location})


def request_bytes(request: Request) -> bytes:
    """The request's body as bytes; empty where the client sent none."""
    body: Any = request.data
    return body if isinstance(body, bytes) else b""


def refuse_unfit_body(request: Request) -> None:
    """Raise TooLarge or Encoded by the headers, before a byte of the body is read."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if length.isdecimal() and int(length[:20]) > MAX_DELIVERY_BYTES:
        raise TooLarge(MAX_DELIVERY_BYTES)
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Encoded


class DeliveryDetail(PersonalView):
    authentication_classes = STAFF_AUTHENTICATION
    permission_classes = (IsStaff, MayDeliverWire)
    scopes: ClassVar[tuple[str, ...]] = ("wire", "desk")

    @extend_schema(responses=DeliveryOut, tags=["wire"])
    def get(self, request: Request, source: str, delivery_id: int) -> Response:
        """What came of a delivery."""
        NoParameters.validate_query(request)
        deliveries = Delivery.objects.without_raw().select_related("source", "version")
        delivery = get_object_or_404(deliveries, pk=delivery_id, source__slug=source)
        return Response(DeliveryOut(delivery).data)
