"""API of a reader's notifications: list with unread count, read and unread, preferences."""

from typing import Any

from django.utils.translation import pgettext
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.models import User
from comments.api.serializers import UnderOut
from comments.models import Notification
from comments.notifications.email_templates import comment_path, excerpt_of, sentence_of
from comments.notifications.preferences import change_preferences, read_preferences
from comments.notifications.reading import (
    MAX_UNREAD_COUNT,
    count_unread,
    mark_all_read,
    mark_notification,
    notifications_on_screen,
)
from newsroom.api.pagination import KeysetPagination
from newsroom.api.renderers import MAX_INTEGER
from newsroom.api.views import (
    PersonalView,
    QuerySerializer,
    StrictBooleanField,
    StrictIntegerField,
    StrictSerializer,
    paginated_response,
)
from newsroom.http.canonical_urls import absolute_url

UNREAD_HELP = f"How many are unread; {MAX_UNREAD_COUNT} stands for that many or more."


BELL_EXAMPLE = {"signed_in": True, "unread": 3, "label": "알림, 읽지 않은 것 3건"}


class NotificationOut(serializers.Serializer[Notification]):
    """One notification. What readers do not see any more is not on the list."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Notification.Kind.choices)
    text = serializers.SerializerMethodField(help_text="What happened, in a sentence.")
    created_at = serializers.DateTimeField()
    is_read = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField(
        help_text="The nickname of who replies or mentions; null for all else and closed accounts."
    )
    comment = serializers.IntegerField(
        source="comment_id", allow_null=True, help_text="Of a decision, one's own comment."
    )
    excerpt = serializers.SerializerMethodField(help_text="The beginning of the comment.")
    url = serializers.SerializerMethodField(help_text="The comment on the page of its article.")
    article = serializers.SerializerMethodField()
    message = serializers.CharField(
        source="localized_message",
        allow_blank=True,
        help_text="What a moderator has written to the reader.",
    )
    until = serializers.DateTimeField(
        allow_null=True, help_text="The end of a sanction or a block."
    )

    @extend_schema_field(serializers.CharField())
    def get_text(self, row: Notification) -> str:
        return sentence_of(row)

    @extend_schema_field(serializers.BooleanField())
    def get_is_read(self, row: Notification) -> bool:
        return row.read_at is not None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_author(self, row: Notification) -> str | None:
        author = row.comment.author if row.comment else None
        return author.public_nickname if author and author.pk != row.reader_id else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_excerpt(self, row: Notification) -> str | None:
        return excerpt_of(row.comment) if row.comment else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_url(self, row: Notification) -> str | None:
        return absolute_url(comment_path(row.comment)) if row.comment else None

    @extend_schema_field(UnderOut(allow_null=True))
    def get_article(self, row: Notification) -> dict[str, str] | None:
        if row.comment is None or row.comment.article.live is None:
            return None
        article, live = row.comment.article, row.comment.article.live
        url = absolute_url(article.get_absolute_url())
        return {"slug": article.slug, "url": url, "headline": live.headline}


class NotificationPages(KeysetPagination):
    """Newest first; each page with the unread count."""

    order = ("-pk",)

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data = {"unread": count_unread(signed_in_user(self.request)), **response.data}
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        unread = {
            "type": "integer",
            "minimum": 0,
            "maximum": MAX_UNREAD_COUNT,
            "description": UNREAD_HELP,
        }
        page["properties"]["unread"] = unread
        page["required"] = ["unread", *page["required"]]
        return page


class NotificationIn(StrictSerializer):
    is_read = StrictBooleanField()


class ReadUntilIn(StrictSerializer):
    until = StrictIntegerField(
        min_value=1, max_value=MAX_INTEGER, help_text="The newest notification that was shown."
    )


class BellOut(serializers.Serializer[Any]):
    """The bell of the pages."""

    signed_in = serializers.BooleanField()
    unread = serializers.IntegerField(
        min_value=0, max_value=MAX_UNREAD_COUNT, help_text=UNREAD_HELP
    )
    label = serializers.CharField(  # type: ignore[assignment]  # also a word of DRF's
        help_text="The bell in words, for screen readers."
    )


class WaysIn(StrictSerializer):
    """Where a topic is notified; what is left out stays as it is."""

    screen = StrictBooleanField(required=False)
    mail = StrictBooleanField(required=False)


class PreferencesIn(StrictSerializer):
    """The topics to change; others stay as they are."""

    replies = WaysIn(required=False)
    mentions = WaysIn(required=False)
    decisions = WaysIn(required=False)
    sanctions = WaysIn(required=False)


class WaysOut(serializers.Serializer[Any]):
    label = serializers.CharField(  # type: ignore[assignment]  # also a word of DRF's
        help_text="The topic in the language of the request."
    )
    screen = serializers.BooleanField()
    mail = serializers.BooleanField()


class PreferencesOut(serializers.Serializer[Any]):
    """Where the reader is notified, by topic."""

    replies = WaysOut(help_text="Replies to one's comments.")
    mentions = WaysOut(help_text="Comments that mention one.")
    decisions = WaysOut(help_text="Decisions about one's comments.")
    sanctions = WaysOut(help_text="Suspensions of one's account.")


class NotificationEndpoint(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]


class NotificationList(NotificationEndpoint):
    pagination_class = NotificationPages

    @extend_schema(parameters=[QuerySerializer], responses=NotificationOut(many=True))
    def get(self, request: Request) -> Response:
        """Replies, mentions, decisions about one's comments and account, newest first."""
        self.params = QuerySerializer.validate_query(request)
        own = notifications_on_screen(signed_in_user(request)).with_comment()
        return paginated_response(self, own, NotificationOut)


class NotificationDetail(NotificationEndpoint):
    @extend_schema(
        request=NotificationIn,
        responses=NotificationOut,
        examples=[OpenApiExample("읽음", value={"is_read": True}, request_only=True)],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Mark one as read, after which it is not mailed, or as unread. Idempotent."""
        data = NotificationIn.validate_request(request)
        return Response(
            NotificationOut(mark_notification(pk, by=signed_in_user(request), **data)).data
        )


class NotificationsRead(NotificationEndpoint):
    @extend_schema(
        request=ReadUntilIn,
        responses={204: None},
        examples=[OpenApiExample("모두 읽음", value={"until": 12}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Mark all up to this one as read; what came after the list was loaded stays unread."""
        mark_all_read(signed_in_user(request), **ReadUntilIn.validate_request(request))
        return Response(status=204)


def bell_label(unread: int) -> str:
    """The bell in words: "Notifications, 3 unread"."""
    if not unread:
        return pgettext("page", "Notifications")
    shown = f"{MAX_UNREAD_COUNT - 1}+" if unread >= MAX_UNREAD_COUNT else str(unread)
    return pgettext("page", "Notifications, %(n)s unread") % {"n": shown}


class UnreadCount(PersonalView):
    """GET: the unread count for the bell on the pages."""

    authentication_classes = READER_AUTHENTICATION

    @extend_schema(
        responses=BellOut,
        examples=[OpenApiExample("읽지 않은 알림", value=BELL_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """How many are unread; 0 for who is not signed in."""
        user = request.user if isinstance(request.user, User) else None
        unread = count_unread(user) if user else 0
        bell = {"signed_in": user is not None, "unread": unread, "label": bell_label(unread)}
        return Response(BellOut(bell).data)


class Preferences(NotificationEndpoint):
    @extend_schema(responses=PreferencesOut)
    def get(self, request: Request) -> Response:
        """Where one is notified, on screen and by e-mail, by topic."""
        return Response(PreferencesOut(read_preferences(signed_in_user(request))).data)

    @extend_schema(
        request=PreferencesIn,
        responses=PreferencesOut,
        examples=[
            OpenApiExample(
                "답글은 메일 없이", value={"replies": {"mail": False}}, request_only=True
            )
        ],
    )
    def patch(self, request: Request) -> Response:
        """Choose where one is notified of what."""
        choices = PreferencesIn.validate_request(request)
        return Response(
            PreferencesOut(change_preferences(signed_in_user(request), choices=choices)).data
        )
