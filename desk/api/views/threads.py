"""Endpoints of the rules and the pinned comments of an article, for moderators."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import IsStaff
from accounts.models import User
from articles.models import Article
from comments.actions import set_thread_policy
from comments.errors import PolicyChanged
from comments.models import ThreadPolicy
from comments.moderation_context import comments_to_moderate
from desk.api.base import (
    CanModerateComments,
    DeskView,
    if_match_parameter,
    version_in_if_match,
)
from desk.api.serializers.moderation import ModeratedCommentOut
from desk.api.serializers.threads import ThreadPolicyIn, ThreadPolicyOut
from desk.etags import entity_tag
from desk.section_rights import visible_articles
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer

POLICY_IF_MATCH = if_match_parameter("these rules as they were read")


def published_article(user: User, slug: str) -> Article:
    """A published article that the user may see. Raises Http404."""
    published = Article.objects.filter(first_published_at__isnull=False)
    article: Article = get_object_or_404(visible_articles(user, published), slug=slug)
    return article


class ThreadPolicyDetail(DeskView):
    """GET and PATCH: the rules of an article's comments."""

    permission_classes = (IsStaff, CanModerateComments)
    extra_responses: ClassVar = {"get": (304,), "patch": (412, 428)}

    @extend_schema(responses=ThreadPolicyOut)
    def get(self, request: Request, slug: str) -> Response:
        """The rules that moderators have set; without any those of the edition count."""
        return self.respond(self.get_policy(slug))

    @extend_schema(
        request=ThreadPolicyIn,
        responses=ThreadPolicyOut,
        parameters=[POLICY_IF_MATCH],
        examples=[
            OpenApiExample(
                "천천히 쓰기",
                value={"slow_mode_seconds": 60, "reason": "댓글이 한꺼번에 몰림"},
                request_only=True,
            )
        ],
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change the rules at once, without a new edition; what is not sent stays."""
        data = ThreadPolicyIn.validate_request(request)
        policy = self.get_policy(slug)
        version = version_in_if_match(request, policy, kind="policy", changed=PolicyChanged())
        set_thread_policy(policy.article, by=self.staff_user, version=version, **data)
        return self.respond(self.get_policy(slug))

    def get_policy(self, slug: str) -> ThreadPolicy:
        """The policy of a published article that the user may see, unsaved where there is none."""
        article = published_article(self.staff_user, slug)
        row = ThreadPolicy.objects.filter(pk=article.pk).first() or ThreadPolicy()
        row.article = article
        return row

    def respond(self, policy: ThreadPolicy) -> Response:
        """200 with the rules and their ETag."""
        data = ThreadPolicyOut(policy).data
        tag = entity_tag("policy", policy.article_id, policy.version, data)
        return Response(data, headers={"ETag": tag})


class FirstPinnedFirst(KeysetPagination):
    """Keyset pagination in the order of pinning, as readers see pinned comments."""

    order = ("pinned_at", "id")


class PinnedCommentList(DeskView):
    """GET: the pinned comments of an article."""

    permission_classes = (IsStaff, CanModerateComments)
    query: ClassVar[type[QuerySerializer]] = QuerySerializer
    pagination_class = FirstPinnedFirst

    @extend_schema(parameters=[QuerySerializer], responses=ModeratedCommentOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The pinned comments of an article, in the order in which readers see them."""
        article = published_article(self.staff_user, slug)
        rows = comments_to_moderate().filter(article=article, pinned_at__isnull=False)
        paginator = self.pagination_class()
        page: Any = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response(ModeratedCommentOut(page, many=True).data)
