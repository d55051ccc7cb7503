"""Readers read what others say, and say something themselves."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READERS, SignedIn, reader
from articles.api.views import redirect_from_former
from articles.models import Article
from comments.actions import delete, edit, post, react, report, think_nothing
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
from newsroom.api.pagination import KeysetPage
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import Personal, PublicRead, Query, page_of
from outbox.cache_targets import article_key


class NewestComments(KeysetPage):
    order = ("-pk",)


class OldestComments(KeysetPage):
    order = ("pk",)


class BestComments(KeysetPage):
    """Readers go on liking while somebody turns the pages: a comment may be met twice, or on neither."""

    order = ("-score", "-pk")


CUTS = {OLDEST: OldestComments, BEST: BestComments}


class SignedInToWrite(SignedIn):
    """Everybody reads, somebody writes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return view.is_read() or super().has_permission(request, view)


class Writes(PublicRead):
    authentication_classes = READERS
    permission_classes = [SignedInToWrite]
    throttle_classes = [WriteThrottle]
    throttle_scope = "comment"


class Thread(Writes):
    answers = {"get": (301,)}
    query = ThreadQuery
    pagination_class = NewestComments

    @extend_schema(parameters=[ThreadQuery], responses=CommentOut(many=True))
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """What readers say under an article, each comment with its first replies."""
        article = Article.objects.live().at(slug).first()
        if article is None:
            if moved := redirect_from_former(slug, to="comment-list"):
                return moved
            raise NoSuchThread
        self.shown = [article_key(article.slug)]
        thread = Comment.objects.in_thread().filter(
            article=article, parent=self.params.get("parent")
        )
        cut = CUTS.get(self.params["sort"], NewestComments)
        return page_of(self, thread.as_thread(), CommentOut, cut=cut)

    @extend_schema(
        request=CommentIn,
        responses={201: OwnCommentOut, 200: OwnCommentOut},
        examples=[OpenApiExample("댓글", value={"text": "잘 읽었습니다."}, request_only=True)],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Say something. `state` tells whether readers see it at once or a moderator looks first.

        The same words at the same place within a minute answer 200 with the comment there already.
        """
        words = CommentIn.read(request)
        comment = post(article_at(slug), by=reader(request), **words)
        return Response(as_own(comment), status=200 if comment.repeated else 201)


class CommentDetail(Writes):
    @extend_schema(responses=CommentOut)
    def get(self, request: Request, pk: int) -> Response:
        """One comment, or the place where it stood."""
        there = Comment.objects.readable().in_thread().as_thread()
        comment = get_object_or_404(there.select_related("article"), pk=pk)
        self.shown = [article_key(comment.article.slug)]
        return Response(CommentOut(comment).data)

    @extend_schema(request=TextIn, responses=OwnCommentOut)
    def patch(self, request: Request, pk: int) -> Response:
        """Change one's own words, for 15 minutes."""
        words = TextIn.read(request)
        return Response(as_own(edit(own(request, pk), by=reader(request), **words)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's own words back."""
        delete(own(request, pk), by=reader(request))
        return Response(status=204)


class CommentReaction(Personal):
    authentication_classes = READERS
    permission_classes = [SignedIn]
    throttle_classes = [WriteThrottle]
    throttle_scope = "reaction"

    @extend_schema(
        request=ReactionIn,
        responses=ReactedOut,
        examples=[OpenApiExample("좋아요", value={"value": "like"}, request_only=True)],
    )
    def put(self, request: Request, pk: int) -> Response:
        """Like or dislike what somebody else has said; the same again changes nothing."""
        value = ReactionIn.read(request)["value"]
        return Response(as_reacted(react(pk, value=value, by=reader(request)), value))

    @extend_schema(request=None, responses={200: ReactedOut})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's reaction back. Without one nothing happens."""
        return Response(as_reacted(think_nothing(pk, by=reader(request)), None))


class CommentReports(Personal):
    authentication_classes = READERS
    permission_classes = [SignedIn]
    throttle_classes = [WriteThrottle]
    throttle_scope = "report"

    @extend_schema(request=ReportIn, responses={201: ReportOut, 200: ReportOut})
    def post(self, request: Request, pk: int) -> Response:
        """Tell the moderators of a comment. Its writer is not told.

        Once for each comment: again answers 200 with the report there already.
        """
        made = report(pk, by=reader(request), **ReportIn.read(request))
        return Response(ReportOut(made).data, status=200 if made.repeated else 201)


class MyComments(Personal):
    authentication_classes = READERS
    permission_classes = [SignedIn]
    pagination_class = NewestComments

    @extend_schema(parameters=[Query], responses=MyCommentOut(many=True))
    def get(self, request: Request) -> Response:
        """What one has said oneself, newest first, also what waits or was hidden."""
        self.params = Query.of(request)
        mine = Comment.objects.of_author(reader(request)).select_related("article__live")
        return page_of(self, mine, MyCommentOut)


def article_at(slug: str) -> Article:
    """The article readers can open at this address. Raises NoSuchThread for any other."""
    article = Article.objects.live().at(slug).first()
    if article is None:
        raise NoSuchThread
    return article


def own(request: Request, pk: int) -> Comment:
    """One's own comment. Raises NoSuchComment for anybody else's."""
    comment = Comment.objects.filter(pk=pk, author=reader(request)).first()
    if comment is None:
        raise NoSuchComment
    return comment


def as_own(comment: Comment) -> Any:
    """The comment as its author gets it, read anew."""
    return OwnCommentOut(Comment.objects.as_thread().get(pk=comment.pk)).data


def as_reacted(comment: Comment, value: str | None) -> Any:
    """The comment as readers get it, and one's own reaction in `my_reaction`."""
    comment.my_reaction = value  # type: ignore[attr-defined]  # read by ReactedOut
    return ReactedOut(comment).data
