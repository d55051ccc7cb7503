"""What goes out next, what failed and why; what readers see taken away and allowed back."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.models import Article
from desk.actions import move, restore, retry, start_from_wire, withdraw
from desk.api.base import IF_MATCH, RELEASE_IF_MATCH, DeskView, OnADraft, releases_in_full
from desk.api.serializers.drafts import DraftOut, NoticeOut, ReleaseOut
from desk.api.serializers.stories import MoveIn, NothingIn, NoticeIn
from desk.api.views.ordering import LatestFirst, in_state
from desk.errors import EditedElsewhere
from desk.etags import ANY, tag_of, versions_in
from desk.models import Draft, Release
from newsroom.api.views import Query, if_match, page_of
from wire.models import Story


class ReleaseQuery(Query):
    state = serializers.ChoiceField(
        choices=[*Release.State.values, "waiting"],
        required=False,
        help_text="`waiting` is pending or failed.",
    )


class ReleaseList(DeskView):
    query: ClassVar[type[Query]] = ReleaseQuery
    pagination_class = LatestFirst

    @extend_schema(parameters=[ReleaseQuery], responses=ReleaseOut(many=True))
    def get(self, request: Request) -> Response:
        """Plans and what came of them: waiting ones in the order they go out, others latest first."""
        rows, cut = in_state(releases_in_full(), self.params.get("state"))
        return page_of(self, rows, ReleaseOut, cut=cut)


class ReleaseDetail(DeskView):
    answers: ClassVar = {"get": (304,)}

    @extend_schema(responses=ReleaseOut)
    def get(self, request: Request, release_id: int) -> Response:
        """One plan. Its ETag is good for a retry and for another time."""
        return told(release_id)


def told(release_id: int) -> Response:
    release = get_object_or_404(releases_in_full(), pk=release_id)
    return Response(ReleaseOut(release).data, headers={"ETag": tag_for(release)})


def tag_for(release: Any) -> str:
    return tag_of("release", release.pk, release.attempts, ReleaseOut(release).data)


class OnARelease(DeskView):
    """An address where If-Match names a release, or its draft."""

    def decided_on(self, release: Any) -> str:
        """What If-Match says. Raises PreconditionRequired (428) or EditedElsewhere (412)."""
        given = if_match(self.request)
        if given == ANY or self.is_meant(release, given):
            return given
        draft = Draft.objects.filter(pk=release.draft_id).first()
        if draft is None or draft.version not in versions_in(given, kind="draft", number=draft.pk):
            raise EditedElsewhere
        return given

    def is_meant(self, release: Any, given: str) -> bool:
        """Whether the release is still what somebody read under this tag."""
        return tag_for(release) in given


class Retry(OnARelease):
    @extend_schema(parameters=[RELEASE_IF_MATCH], request=NothingIn, responses=ReleaseOut)
    def post(self, request: Request, release_id: int) -> Response:
        """Try a failed release at the next round; with it, those of its bundle."""
        release = get_object_or_404(releases_in_full(), pk=release_id)
        self.decided_on(release)
        NothingIn.read(request)
        retry(release, by=self.person)
        return told(release_id)

    def is_meant(self, release: Any, given: str) -> bool:
        """One more attempt is right for the same failure, whatever else was changed."""
        return release.attempts in versions_in(given, kind="release", number=release.pk)


class Move(OnARelease):
    @extend_schema(parameters=[RELEASE_IF_MATCH], request=MoveIn, responses=ReleaseOut)
    def post(self, request: Request, release_id: int) -> Response:
        """Let the same edition go out at another time to come. One of a bundle moves with it alone."""
        release = get_object_or_404(releases_in_full(), pk=release_id)
        given = self.decided_on(release)
        words = MoveIn.read(request)
        seen = None if given == ANY else release.due_at
        move(release, by=self.person, seen=seen, **words)
        return told(release_id)


class OnAnArticle(OnADraft):
    """An address of an article; If-Match asks for its draft."""

    def article(self, slug: str) -> tuple[Article, int | None]:
        """The article, and the version of its draft that was decided on."""
        draft = self.found(article__slug=slug)
        return get_object_or_404(Article, slug=slug), self.decided_on(draft)


class Withdraw(OnAnArticle):
    @extend_schema(parameters=[IF_MATCH], request=NoticeIn, responses=NoticeOut)
    def post(self, request: Request, slug: str) -> Response:
        """Take the article away from readers at once; a notice stands in its place."""
        article, version = self.article(slug)
        words = NoticeIn.read(request)
        return Response(NoticeOut(withdraw(article, by=self.person, version=version, **words)).data)


class Restore(OnAnArticle):
    @extend_schema(parameters=[IF_MATCH], request=NothingIn, responses=NoticeOut)
    def post(self, request: Request, slug: str) -> Response:
        """Allow a withdrawn article to be published again. Nothing is shown until somebody does."""
        article, version = self.article(slug)
        NothingIn.read(request)
        return Response(NoticeOut(restore(article, by=self.person, version=version)).data)


class DraftFromWire(OnADraft):
    @extend_schema(request=NothingIn, responses={201: DraftOut})
    def post(self, request: Request, story_id: int) -> Response:
        """Begin a story from agency copy."""
        story = get_object_or_404(Story.objects.select_related("current"), pk=story_id)
        NothingIn.read(request)
        return self.told(start_from_wire(story, by=self.person), status=201)
