"""Endpoint of the rules of an article's comments, for moderators."""

from typing import ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import IsStaff
from articles.models import Article
from comments.actions import set_thread_policy
from comments.errors import PolicyChanged
from comments.models import ThreadPolicy
from desk.api.base import (
    CanModerateComments,
    DeskView,
    if_match_parameter,
    version_in_if_match,
)
from desk.api.serializers.threads import ThreadPolicyIn, ThreadPolicyOut
from desk.etags import entity_tag
from desk.section_rights import visible_articles

POLICY_IF_MATCH = if_match_parameter("these rules as they were read")


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
        published = Article.objects.filter(first_published_at__isnull=False)
        article = get_object_or_404(visible_articles(self.staff_user, published), slug=slug)
        row = ThreadPolicy.objects.filter(pk=article.pk).first() or ThreadPolicy()
        row.article = article
        return row

    def respond(self, policy: ThreadPolicy) -> Response:
        """200 with the rules and their ETag."""
        data = ThreadPolicyOut(policy).data
        tag = entity_tag("policy", policy.article_id, policy.version, data)
        return Response(data, headers={"ETag": tag})
