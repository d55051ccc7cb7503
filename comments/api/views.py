"""Readers read what others say, and say something themselves."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from articles.api.views import redirect_from_former_slug
from articles.cache_targets import article_key
from articles.models import Article
from comments.actions import (
    delete_comment,
    edit_comment,
    post_comment,
    react_to_comment,
    remove_reaction,
    report_comment,
)
from comments.api.serializers import (
    BEST,
    OLDEST,
    CommentIn,
    CommentOut,
    MyCommentOut,
    OwnCommentOut,
    ReactedOut,
    ReactionIn,
    ReportIn,
    ReportOut,
    TextIn,
    ThreadQuery,
)
from comments.errors import NoSuchComment, NoSuchThread
from comments.models import Comment
from newsroom.api.pagination import KeysetPagination
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import PersonalView, PublicReadView, QuerySerializer, paginated_response


class NewestComments(KeysetPagination):
    order = ("-pk",)


class OldestComments(KeysetPagination):
    order = ("pk",)


class BestComments(KeysetPagination):
    """Readers go on liking while somebody turns the pages: a comment may be met twice, or on neither."""

    order = ("-score", "-pk")


PAGINATION_BY_SORT = {OLDEST: OldestComments, BEST: BestComments}


class IsSignedInToWrite(IsSignedIn):
    """Everybody reads, somebody writes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return view.is_read() or super().has_permission(request, view)


class CommentEndpoint(PublicReadView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedInToWrite]
    throttle_classes = [WriteThrottle]
    throttle_scope = "comment"


class CommentList(CommentEndpoint):
    extra_responses = {"get": (301,)}
    query = ThreadQuery
    pagination_class = NewestComments

    @extend_schema(parameters=[ThreadQuery], responses=CommentOut(many=True))
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """What readers say under an article, each comment with its first replies."""
        article = Article.objects.live().at(slug).first()
        if article is None:
            if moved := redirect_from_former_slug(slug, to="comment-list"):
                return moved
            raise NoSuchThread
        self.surrogate_keys = [article_key(article.slug)]
        thread = Comment.objects.in_thread().filter(
            article=article, parent=self.params.get("parent")
        )
        cut = PAGINATION_BY_SORT.get(self.params["sort"], NewestComments)
        return paginated_response(self, thread.with_replies(), CommentOut, paginator_class=cut)

    @extend_schema(
        request=CommentIn,
        responses={201: OwnCommentOut, 200: OwnCommentOut},
        examples=[OpenApiExample("댓글", value={"text": "잘 읽었습니다."}, request_only=True)],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Say something. `state` tells whether readers see it at once or a moderator looks first.

        The same words at the same place within a minute answer 200 with the comment there already.
        """
        words = CommentIn.validate_request(request)
        comment = post_comment(get_thread_article(slug), by=signed_in_user(request), **words)
        return Response(
            represent_own_comment(comment), status=200 if comment.already_existed else 201
        )


class CommentDetail(CommentEndpoint):
    @extend_schema(responses=CommentOut)
    def get(self, request: Request, pk: int) -> Response:
        """One comment, or the place where it stood."""
        there = Comment.objects.of_live_articles().in_thread().with_replies()
        comment = get_object_or_404(there.select_related("article"), pk=pk)
        self.surrogate_keys = [article_key(comment.article.slug)]
        return Response(CommentOut(comment).data)

    @extend_schema(request=TextIn, responses=OwnCommentOut)
    def patch(self, request: Request, pk: int) -> Response:
        """Change one's own words, for 15 minutes."""
        words = TextIn.validate_request(request)
        return Response(
            represent_own_comment(
                edit_comment(get_own_comment(request, pk), by=signed_in_user(request), **words)
            )
        )

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
        """Like or dislike what somebody else has said; the same again changes nothing."""
        value = ReactionIn.validate_request(request)["value"]
        return Response(
            represent_comment_with_reaction(
                react_to_comment(pk, value=value, by=signed_in_user(request)), value
            )
        )

    @extend_schema(request=None, responses={200: ReactedOut})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's reaction back. Without one nothing happens."""
        return Response(
            represent_comment_with_reaction(remove_reaction(pk, by=signed_in_user(request)), None)
        )


class CommentReports(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    throttle_classes = [WriteThrottle]
    throttle_scope = "report"

    @extend_schema(request=ReportIn, responses={201: ReportOut, 200: ReportOut})
    def post(self, request: Request, pk: int) -> Response:
        """Tell the moderators of a comment. Its writer is not told.

        Once for each comment: again answers 200 with the report there already.
        """
        made = report_comment(pk, by=signed_in_user(request), **ReportIn.validate_request(request))
        return Response(ReportOut(made).data, status=200 if made.already_existed else 201)


class MyComments(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    pagination_class = NewestComments

    @extend_schema(parameters=[QuerySerializer], responses=MyCommentOut(many=True))
    def get(self, request: Request) -> Response:
        """What one has said oneself, newest first, also what waits or was hidden."""
        self.params = QuerySerializer.validate_query(request)
        mine = Comment.objects.of_author(signed_in_user(request)).select_related("article__live")
        return paginated_response(self, mine, MyCommentOut)


def get_thread_article(slug: str) -> Article:
    """The article readers can open at this address. Raises NoSuchThread for any other."""
    article = Article.objects.live().at(slug).first()
    if article is None:
        raise NoSuchThread
    return article


def get_own_comment(request: Request, pk: int) -> Comment:
    """One's own comment. Raises NoSuchComment for anybody else's."""
    comment = Comment.objects.filter(pk=pk, author=signed_in_user(request)).first()
    if comment is None:
        raise NoSuchComment
    return comment


def represent_own_comment(comment: Comment) -> Any:
    """The comment as its author gets it, read anew."""
    return OwnCommentOut(Comment.objects.with_replies().get(pk=comment.pk)).data


def represent_comment_with_reaction(comment: Comment, value: str | None) -> Any:
    """The comment as readers get it, and one's own reaction in `my_reaction`."""
    comment.my_reaction = value  # type: ignore[attr-defined]  # read by ReactedOut
    return ReactedOut(comment).data
