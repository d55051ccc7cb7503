"""API of the wire: agencies deliver, the desk reads the inbox."""

from types import SimpleNamespace
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
from newsroom.api.pagination import BACK, KeysetPagination
from newsroom.api.views import NoParameters, PersonalView, paginated_response
from wire.actions import MAX_DELIVERY_BYTES, store_delivery
from wire.api.decisions import MayReadWire
from wire.api.serializers import DeliveryOut, InboxQuery, StoryOut
from wire.errors import Encoded, TooLarge
from wire.inbox_search.search import InboxSearch, search_inbox
from wire.models import Delivery, Source, Story


class NewestStories(KeysetPagination):
    """Pages of stories, newest first; of a search by their newest version that was found."""

    order: tuple[str, ...] = ("-news_at", "-pk")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        if not isinstance(queryset, InboxSearch):
            return super().paginate_queryset(queryset, request, view)
        self.request, self.view, self.order = request, view, ("-found_at",)
        direction, values = self.read_cursor(view.params.get("cursor"))
        backwards, after = direction == BACK, int(values[0]) if values else None
        hits = queryset.hits(after_key=after, backwards=backwards, limit=view.params["page_size"])
        found = queryset.stories.in_bulk(list(hits.keys))
        rows: list[Any] = [found[pk] for pk in hits.keys if pk in found]
        for row in rows:
            row.found_at = hits.keys[row.pk]
        if backwards:
            rows.reverse()
        self.has_next = hits.has_more if not backwards else after is not None
        self.has_previous = hits.has_more if backwards else after is not None
        # The page beside it starts after the last candidate, which is not always a hit.
        # Beside an empty page they start so that they have the row after which it began.
        around: list[Any] = [SimpleNamespace(found_at=(after or 0) + step) for step in (-1, 1)]
        self.ends = [rows[0], rows[-1]] if rows else around
        if hits.has_more:
            self.ends[0 if backwards else -1] = SimpleNamespace(found_at=hits.last_key)
        self.rows = rows
        return rows

    def end_rows(self) -> tuple[Any, Any]:
        return tuple(self.ends) if hasattr(self, "ends") else super().end_rows()


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
    return search_inbox(
        stories,
        words=params.get("q", ""),
        since=params.get("sent_after"),
        until=params.get("sent_before"),
    )


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
