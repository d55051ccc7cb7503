"""What goes out next, what failed and why; what readers see taken away and allowed back."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.models import Article
from desk.actions import reschedule_release, restore, retry_release, start_from_wire, withdraw
from desk.api.base import (
    IF_MATCH,
    RELEASE_IF_MATCH,
    DeskView,
    DraftResourceView,
    releases_with_details,
)
from desk.api.serializers.drafts import DraftOut, NoticeOut, ReleaseOut
from desk.api.serializers.stories import MoveIn, NothingIn, NoticeIn
from desk.api.views.ordering import LatestDueFirst, filter_by_state
from desk.errors import EditedElsewhere
from desk.etags import ANY_TAG, entity_tag, versions_in_if_match
from desk.models import Draft, Release
from newsroom.api.views import QuerySerializer, paginated_response, require_if_match
from wire.models import Story


class ReleaseQuery(QuerySerializer):
    state = serializers.ChoiceField(
        choices=[*Release.State.values, "waiting"],
        required=False,
        help_text="`waiting` is pending or failed.",
    )


class ReleaseList(DeskView):
    query: ClassVar[type[QuerySerializer]] = ReleaseQuery
    pagination_class = LatestDueFirst

    @extend_schema(parameters=[ReleaseQuery], responses=ReleaseOut(many=True))
    def get(self, request: Request) -> Response:
        """Plans and what came of them: waiting ones in the order they go out, others latest first."""
        rows, cut = filter_by_state(releases_with_details(), self.params.get("state"))
        return paginated_response(self, rows, ReleaseOut, paginator_class=cut)


class ReleaseDetail(DeskView):
    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=ReleaseOut)
    def get(self, request: Request, release_id: int) -> Response:
        """One plan. Its ETag is good for a retry and for another time."""
        return release_response(release_id)


def release_response(release_id: int) -> Response:
    release = get_object_or_404(releases_with_details(), pk=release_id)
    return Response(ReleaseOut(release).data, headers={"ETag": release_etag(release)})


def release_etag(release: Any) -> str:
    return entity_tag("release", release.pk, release.attempts, ReleaseOut(release).data)


class ReleaseResourceView(DeskView):
    """An address where If-Match names a release, or its draft."""

    def expected_version(self, release: Any) -> str:
        """What If-Match says. Raises PreconditionRequired (428) or EditedElsewhere (412)."""
        given = require_if_match(self.request)
        if given == ANY_TAG or self.matches_etag(release, given):
            return given
        draft = Draft.objects.filter(pk=release.draft_id).first()
        if draft is None or draft.version not in versions_in_if_match(
            given, kind="draft", number=draft.pk
        ):
            raise EditedElsewhere
        return given

    def matches_etag(self, release: Any, given: str) -> bool:
        """Whether the release is still what somebody read under this tag."""
        return release_etag(release) in given


class RetryRelease(ReleaseResourceView):
    @extend_schema(parameters=[RELEASE_IF_MATCH], request=NothingIn, responses=ReleaseOut)
    def post(self, request: Request, release_id: int) -> Response:
        """Try a failed release at the next round; with it, those of its bundle."""
        release = get_object_or_404(releases_with_details(), pk=release_id)
        self.expected_version(release)
        NothingIn.validate_request(request)
        retry_release(release, by=self.staff_user)
        return release_response(release_id)

    def matches_etag(self, release: Any, given: str) -> bool:
        """One more attempt is right for the same failure, whatever else was changed."""
        return release.attempts in versions_in_if_match(given, kind="release", number=release.pk)


class MoveRelease(ReleaseResourceView):
    @extend_schema(parameters=[RELEASE_IF_MATCH], request=MoveIn, responses=ReleaseOut)
    def post(self, request: Request, release_id: int) -> Response:
        """Let the same edition go out at another time to come. One of a bundle moves with it alone."""
        release = get_object_or_404(releases_with_details(), pk=release_id)
        given = self.expected_version(release)
        words = MoveIn.validate_request(request)
        seen = None if given == ANY_TAG else release.due_at
        reschedule_release(release, by=self.staff_user, expected_due_at=seen, **words)
        return release_response(release_id)


class ArticleActionView(DraftResourceView):
    """An address of an article; If-Match asks for its draft."""

    def article(self, slug: str) -> tuple[Article, int | None]:
        """The article, and the version of its draft that was decided on."""
        draft = self.get_resource(article__slug=slug)
        return get_object_or_404(Article, slug=slug), self.expected_version(draft)


class WithdrawArticle(ArticleActionView):
    @extend_schema(parameters=[IF_MATCH], request=NoticeIn, responses=NoticeOut)
    def post(self, request: Request, slug: str) -> Response:
        """Take the article away from readers at once; a notice stands in its place."""
        article, version = self.article(slug)
        words = NoticeIn.validate_request(request)
        return Response(
            NoticeOut(withdraw(article, by=self.staff_user, version=version, **words)).data
        )


class RestoreArticle(ArticleActionView):
    @extend_schema(parameters=[IF_MATCH], request=NothingIn, responses=NoticeOut)
    def post(self, request: Request, slug: str) -> Response:
        """Allow a withdrawn article to be published again. Nothing is shown until somebody does."""
        article, version = self.article(slug)
        NothingIn.validate_request(request)
        return Response(NoticeOut(restore(article, by=self.staff_user, version=version)).data)


class DraftFromWire(DraftResourceView):
    @extend_schema(request=NothingIn, responses={201: DraftOut})
    def post(self, request: Request, story_id: int) -> Response:
        """Begin a story from agency copy."""
        story = get_object_or_404(Story.objects.select_related("current"), pk=story_id)
        NothingIn.validate_request(request)
        return self.respond(start_from_wire(story, by=self.staff_user), status=201)
