"""Endpoints of releases (list, retry, reschedule), of withdrawing articles, and of drafts from the wire."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from articles.models import Article
from desk.actions import (
    reschedule_release,
    restore,
    retry_release,
    start_another_from_wire,
    start_from_wire,
    withdraw,
)
from desk.actions.legal.erasing import erase_article
from desk.api.base import (
    IF_MATCH,
    RELEASE_IF_MATCH,
    DeskView,
    DraftResourceView,
    known_versions,
    releases_with_details,
)
from desk.api.serializers.drafts import DraftDetailOut, NoticeOut, ReleaseOut
from desk.api.serializers.erasures import ErasureIn, ErasureOut
from desk.api.serializers.stories import MoveIn, NothingIn, NoticeIn
from desk.api.serializers.wire import FromWireIn
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
    """GET: the releases."""

    query: ClassVar[type[QuerySerializer]] = ReleaseQuery
    pagination_class = LatestDueFirst

    @extend_schema(parameters=[ReleaseQuery], responses=ReleaseOut(many=True))
    def get(self, request: Request) -> Response:
        """Plans and what came of them: waiting ones in the order they go out, others latest first."""
        rows, paginator_class = filter_by_state(
            releases_with_details(self.staff_user), self.params.get("state")
        )
        return paginated_response(self, rows, ReleaseOut, paginator_class=paginator_class)


class ReleaseDetail(DeskView):
    """GET: a release."""

    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=ReleaseOut)
    def get(self, request: Request, release_id: int) -> Response:
        """One plan. Its ETag is good for a retry and for another time."""
        return release_response(release_id, user=self.staff_user)


def release_response(release_id: int, *, user: User) -> Response:
    """The release as it is now, with its ETag. Raises Http404 where the user may not read it."""
    release = get_object_or_404(releases_with_details(user), pk=release_id)
    return Response(ReleaseOut(release).data, headers={"ETag": release_etag(release)})


def release_etag(release: Any) -> str:
    """The ETag of a release; the count of attempts is its version."""
    return entity_tag("release", release.pk, release.attempts, ReleaseOut(release).data)


class ReleaseResourceView(DeskView):
    """Base view of an endpoint where If-Match lists the ETag of a release or of its draft."""

    def check_if_match(self, release: Any) -> str:
        """The If-Match header. Raises PreconditionRequired, UnknownEntityTag, EditedElsewhere."""
        if_match = require_if_match(self.request)
        if if_match == ANY_TAG or self.matches_etag(release, if_match):
            return if_match
        known_versions(if_match, ("draft", release.draft_id or 0), ("release", release.pk))
        draft = Draft.objects.filter(pk=release.draft_id).first()
        if draft is None or draft.version not in versions_in_if_match(
            if_match, kind="draft", number=draft.pk
        ):
            raise EditedElsewhere
        return if_match

    def matches_etag(self, release: Any, if_match: str) -> bool:
        """Whether If-Match lists the current ETag of the release."""
        return release_etag(release) in if_match


class RetryRelease(ReleaseResourceView):
    """POST retry/: retry a failed release."""

    @extend_schema(parameters=[RELEASE_IF_MATCH], request=NothingIn, responses=ReleaseOut)
    def post(self, request: Request, release_id: int) -> Response:
        """Try a failed release at the next round; with it, those of its bundle."""
        release = get_object_or_404(releases_with_details(self.staff_user), pk=release_id)
        self.check_if_match(release)
        NothingIn.validate_request(request)
        retry_release(release, by=self.staff_user)
        return release_response(release_id, user=self.staff_user)

    def matches_etag(self, release: Any, if_match: str) -> bool:
        """Whether If-Match lists the release with the same count of attempts, whatever else was changed."""
        return release.attempts in versions_in_if_match(if_match, kind="release", number=release.pk)


class MoveRelease(ReleaseResourceView):
    """POST move/: reschedule a release."""

    @extend_schema(parameters=[RELEASE_IF_MATCH], request=MoveIn, responses=ReleaseOut)
    def post(self, request: Request, release_id: int) -> Response:
        """Let the same edition go out at another time to come. One of a bundle moves with it alone."""
        release = get_object_or_404(releases_with_details(self.staff_user), pk=release_id)
        if_match = self.check_if_match(release)
        data = MoveIn.validate_request(request)
        expected = None if if_match == ANY_TAG else release.due_at
        reschedule_release(release, by=self.staff_user, expected_due_at=expected, **data)
        return release_response(release_id, user=self.staff_user)


class ArticleActionView(DraftResourceView):
    """Base view of an endpoint of an article, where If-Match lists the ETag of its draft."""

    def get_article(self, slug: str) -> tuple[Article, int | None]:
        """The article, and the version of its draft that If-Match lists (None for `*`)."""
        draft = self.get_resource(article__slug=slug)
        return get_object_or_404(Article, slug=slug), self.expected_version(draft)


class WithdrawArticle(ArticleActionView):
    """POST withdraw/: withdraw an article."""

    @extend_schema(parameters=[IF_MATCH], request=NoticeIn, responses=NoticeOut)
    def post(self, request: Request, slug: str) -> Response:
        """Take the article away from readers at once; a notice stands in its place."""
        article, version = self.get_article(slug)
        data = NoticeIn.validate_request(request)
        article = withdraw(article, by=self.staff_user, version=version, **data)
        return Response(NoticeOut(article).data)


class RestoreArticle(ArticleActionView):
    """POST restore/: restore a withdrawn article."""

    @extend_schema(parameters=[IF_MATCH], request=NothingIn, responses=NoticeOut)
    def post(self, request: Request, slug: str) -> Response:
        """Allow a withdrawn article to be published again; readers see nothing of it until it is."""
        article, version = self.get_article(slug)
        NothingIn.validate_request(request)
        return Response(NoticeOut(restore(article, by=self.staff_user, version=version)).data)


class EraseArticle(ArticleActionView):
    """POST erase/: erase an article by law."""

    extra_responses: ClassVar = {"post": (422,)}

    @extend_schema(parameters=[IF_MATCH], request=ErasureIn, responses=ErasureOut)
    def post(self, request: Request, slug: str) -> Response:
        """Remove text, photos and poll for good, by law or by order of a court. Chief editors alone.

        The address answers 410 with a neutral notice; the history keeps numbers and times of editions.
        Files and comments are gone some seconds later.
        """
        article, version = self.get_article(slug)
        data = ErasureIn.validate_request(request)
        return Response(
            ErasureOut(erase_article(article, by=self.staff_user, version=version, **data)).data
        )


class DraftFromWire(DraftResourceView):
    """POST: start a draft from a wire story."""

    @extend_schema(request=FromWireIn, responses={201: DraftDetailOut})
    def post(self, request: Request, story_id: int) -> Response:
        """Begin a story from agency copy.

        Where one was begun already the answer is 409 `already_taken`, with who began it and when
        (`taken_by`, `taken_at`), and its number and headline (`draft`, `title`; null where you may not
        read it). `again` begins another beside it.
        """
        story = get_object_or_404(Story.objects.select_related("current"), pk=story_id)
        data = FromWireIn.validate_request(request)
        start = start_another_from_wire if data.get("again") else start_from_wire
        return self.respond(start(story, by=self.staff_user), status=201)
