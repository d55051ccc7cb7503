"""API views of the readers whom one ignores: list, add, remove. Private to oneself."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import end_ignoring, ignore_reader
from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.models import IgnoredReader
from accounts.serializers import IgnoredReaderOut
from newsroom.api.pagination import KeysetPagination
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import PersonalView, QuerySerializer, paginated_response


class MyIgnoredReaders(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    pagination_class = KeysetPagination

    @extend_schema(parameters=[QuerySerializer], responses=IgnoredReaderOut(many=True))
    def get(self, request: Request) -> Response:
        """The readers whom one ignores, the latest first."""
        self.params = QuerySerializer.validate_query(request)
        ignored = IgnoredReader.objects.listed_for(signed_in_user(request)).select_related("author")
        return paginated_response(self, ignored, IgnoredReaderOut)


class MyIgnoredReader(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    throttle_classes = [WriteThrottle]
    throttle_scope = "ignore"
    extra_responses: ClassVar[dict[str, tuple[int, ...]]] = {"put": (409,)}

    @extend_schema(
        request=None,
        responses=IgnoredReaderOut,
        examples=[
            OpenApiExample(
                "이용자",
                value={"nickname": "새벽산책", "since": "2026-11-30T21:40:00+09:00"},
                response_only=True,
            )
        ],
    )
    def put(self, request: Request, nickname: str) -> Response:
        """Ignore the reader with this nickname: their comments come folded, for oneself alone.

        A later change of the nickname ends nothing. Staff cannot be ignored. Twice changes nothing.
        """
        ignored = ignore_reader(nickname, by=signed_in_user(request))
        return Response(IgnoredReaderOut(ignored).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, nickname: str) -> Response:
        """Ignore the reader no longer. Twice changes nothing."""
        end_ignoring(nickname, by=signed_in_user(request))
        return Response(status=204)
