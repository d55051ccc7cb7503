"""API views of comments: threads, single comments, reactions, reports, one's own comments."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from articles.api.views import redirect_from_former_slug
from articles.cache_targets import article_key
from articles.models import Article
from articles.read_queries import live_article_at
from comments.actions import (
    delete_comment,
    edit_comment,
    post_comment,
    react_to_comment,
    remove_reaction,
    report_comment,
)
from comments.api.serializers import (
    BEST_FIRST,
    NEWEST_FIRST,
    OLDEST_FIRST,
    CommentIn,
    CommentOut,
    OwnCommentOut,
    ReactedOut,
    ReactionIn,
    ReportIn,
    ReportOut,
    TextIn,
    ThreadQuery,
)
from comments.api.serializers_procedures import OwnProcedureOut
from comments.cache_targets import thread_key
from comments.errors import NoSuchComment, NoSuchThread
from comments.models import Comment, Decision, attach_first_replies
from comments.own_procedures import attach_procedures
from newsroom.api.pagination import KeysetPagination
from newsroom.api.shared_serializers import shared_serializer
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import (
    PersonalView,
    PublicReadView,
    QuerySerializer,
    paginated_response,
)

IDEMPOTENCY_KEY_PATTERN = re.compile("[!-~]{1,64}")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": f"^{IDEMPOTENCY_KEY_PATTERN.pattern}$"},
    OpenApiParameter.HEADER,
    description="A new random value for each comment, repeated with each repetition of the request. "
    "Another body with the same key: 422.",
)


class MyCommentsPagination(KeysetPagination):
    order = ("-pk",)


class NewestComments(KeysetPagination):
    """Page of a thread, each comment with its first replies. The first page begins with the pinned ones."""

    order: tuple[str, ...] = ("-position",)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        rows = super().paginate_queryset(queryset, request, view)
        is_first = "cursor" not in view.params
        rows = [*(view.pinned_comments if is_first else ()), *rows]
        attach_first_replies(rows)
        return rows


class OldestComments(NewestComments):
    order = ("position",)


class BestComments(NewestComments):
    """Best rank first. Ranks change between pages: a comment may be on two of them or on none."""

    order = ("-rank", "-pk")


class NewestCommentsAlone(NewestComments):
    """First page in the order that moderators have fixed, whatever was asked for; its links name it."""

    def parameters(self) -> Any:
        parameters = super().parameters()
        parameters["sort"] = NEWEST_FIRST
        return parameters


PAGINATION_BY_SORT = {OLDEST_FIRST: OldestComments, BEST_FIRST: BestComments}


class IsSignedInToWrite(IsSignedIn):
    """Permission: anybody may read, signed-in readers may write."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return view.is_read() or super().has_permission(request, view)


class CommentEndpoint(PublicReadView):
    """Base of the views that anybody may read and readers write to."""

    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedInToWrite]
    throttle_classes = [WriteThrottle]
    throttle_scope = "comment"


class CommentList(CommentEndpoint):
    extra_responses = {"get": (301,), "post": (422,)}
    query = ThreadQuery
    pagination_class = NewestComments
    pinned_comments: Sequence[Comment] = ()

    @extend_schema(parameters=[ThreadQuery], responses=CommentOut(many=True))
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """What readers say under an article, each comment with its first replies."""
        has_pins = Exists(Comment.objects.pinned().filter(article=OuterRef("pk")))
        articles = (
            Article.objects.live()
            .at(slug)
            .annotate(has_pins=has_pins, newest_first=F("thread_policy__newest_first"))
        )
        article = articles.first()
        if article is None:
            if moved := redirect_from_former_slug(slug, to="comment-list"):
                return moved
            raise NoSuchThread
        self.surrogate_keys = [article_key(article.slug), thread_key(article.slug)]
        parent = self.params.get("parent")
        comments = Comment.objects.in_thread().filter(article=article, parent=parent).with_authors()
        if article.has_pins and parent is None:
            self.pinned_comments = list(comments.pinned())
            comments = comments.filter(pinned_at__isnull=True)
        paginator = PAGINATION_BY_SORT.get(self.params["sort"], NewestComments)
        # A cursor goes on in the order in which its thread was begun.
        if article.newest_first and parent is None and "cursor" not in self.params:
            paginator = NewestCommentsAlone
        return paginated_response(self, comments, CommentOut, paginator_class=paginator)

    @extend_schema(
        request=CommentIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: OwnCommentOut, 200: OwnCommentOut},
        examples=[OpenApiExample("댓글", value={"text": "잘 읽었습니다."}, request_only=True)],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Say something. `state` tells whether readers see it at once or a moderator looks first.

        The same words at the same place within a minute answer 200 with the comment there already. With an
        `Idempotency-Key` the request can be repeated for 24 hours and answers as the first time.
        """
        data = CommentIn.validate_request(request)
        key = read_idempotency_key(request)
        article = live_article_at(slug)
        if article is None:
            raise NoSuchThread
        writer = signed_in_user(request)
        comment = post_comment(article, by=writer, idempotency_key=key, **data)
        if comment.already_existed:
            return Response(represent_own_comment(comment))
        return Response(represent_new_comment(comment), status=201)


class CommentDetail(CommentEndpoint):
    @extend_schema(responses=CommentOut)
    def get(self, request: Request, pk: int) -> Response:
        """One comment, or the place where it stood."""
        comments = Comment.objects.of_live_articles().in_thread().with_authors()
        comment = get_object_or_404(comments.select_related("article", "author"), pk=pk)
        attach_first_replies([comment])
        slug = comment.article.slug
        self.surrogate_keys = [article_key(slug), thread_key(slug)]
        return Response(CommentOut(comment).data)

    @extend_schema(request=TextIn, responses=OwnCommentOut)
    def patch(self, request: Request, pk: int) -> Response:
        """Change one's own words, for 15 minutes."""
        data = TextIn.validate_request(request)
        comment = get_own_comment(request, pk)
        edited = edit_comment(comment, by=signed_in_user(request), **data)
        return Response(represent_own_comment(edited))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's own words back."""
        delete_comment(get_own_comment(request, pk), by=signed_in_user(request))
        return Response(status=204)


class CommentReaction(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    throttle_classes = [WriteThrottle]
    throttle_scope = "reaction"

    @extend_schema(
        request=ReactionIn,
        responses=ReactedOut,
        examples=[OpenApiExample("좋아요", value={"value": "like"}, request_only=True)],
    )
    def put(self, request: Request, pk: int) -> Response:
        """Set the reaction (like or dislike) to another person's comment. Idempotent."""
        value = ReactionIn.validate_request(request)["value"]
        comment = react_to_comment(pk, value=value, by=signed_in_user(request))
        return Response(represent_comment_with_reaction(comment, value))

    @extend_schema(request=None, responses={200: ReactedOut})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's reaction back. Without one nothing happens."""
        comment = remove_reaction(pk, by=signed_in_user(request))
        return Response(represent_comment_with_reaction(comment, None))


class CommentReports(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    throttle_classes = [WriteThrottle]
    throttle_scope = "report"

    @extend_schema(request=ReportIn, responses={201: ReportOut, 200: ReportOut})
    def post(self, request: Request, pk: int) -> Response:
        """Report a comment to the moderators. Its author is not notified.

        Once for each comment: again answers 200 with the report there already.
        """
        data = ReportIn.validate_request(request)
        report = report_comment(pk, by=signed_in_user(request), **data)
        return Response(ReportOut(report).data, status=200 if report.already_existed else 201)


class MyComments(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    pagination_class = MyCommentsPagination

    @extend_schema(parameters=[QuerySerializer], responses=OwnProcedureOut(many=True))
    def get(self, request: Request) -> Response:
        """What one has said oneself, newest first, also what waits or was hidden."""
        self.params = QuerySerializer.validate_query(request)
        own = Comment.objects.of_author(signed_in_user(request)).select_related("article__live")
        own = own.prefetch_related(Decision.objects.hiding())
        paginator = self.pagination_class()
        page: Any = paginator.paginate_queryset(own, request, view=self)
        attach_procedures(page)
        return paginator.get_paginated_response(OwnProcedureOut(page, many=True).data)


def read_idempotency_key(request: Request) -> str:
    """The header Idempotency-Key, empty without one. Raises ValidationError (400) for one that is none."""
    if (header := request.headers.get("Idempotency-Key")) is None:
        return ""
    if not IDEMPOTENCY_KEY_PATTERN.fullmatch(header):
        raise ValidationError({"Idempotency-Key": [_("Send 1 to 64 visible characters of ASCII.")]})
    return str(header)


def get_own_comment(request: Request, pk: int) -> Comment:
    """The signed-in reader's own comment. Raises NoSuchComment for any other."""
    comment = Comment.objects.filter(pk=pk, author=signed_in_user(request)).first()
    if comment is None:
        raise NoSuchComment
    return comment


def represent_own_comment(comment: Comment) -> Any:
    """The comment as its author sees it, read again from the database."""
    row = Comment.objects.with_authors().get(pk=comment.pk)
    attach_first_replies([row])
    return shared_serializer(OwnCommentOut).to_representation(row)


def represent_new_comment(comment: Comment) -> Any:
    """A comment as its author sees it that was just inserted, or repeated by its Idempotency-Key."""
    if not comment.was_inserted:
        return represent_own_comment(comment)
    comment.first_replies = []  # type: ignore[attr-defined]  # read by OwnCommentOut
    return shared_serializer(OwnCommentOut).to_representation(comment)


def represent_comment_with_reaction(comment: Comment, value: str | None) -> Any:
    """The comment as readers see it, with the client's own reaction in `my_reaction`."""
    comment.my_reaction = value  # type: ignore[attr-defined]  # read by ReactedOut
    return shared_serializer(ReactedOut).to_representation(comment)
