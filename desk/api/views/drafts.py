"""Drafts: listed, begun, read, changed, thrown away."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from desk.actions import edit, start, throw_away
from desk.api.base import IF_MATCH, OnADraft
from desk.api.serializers.drafts import DraftOut, DraftQuery
from desk.api.serializers.stories import DraftIn, as_words
from desk.models import Draft
from desk.status import with_standing
from newsroom.api.pagination import KeysetPage
from newsroom.api.views import Query, page_of


class NewestChange(KeysetPage):
    order = ("-changed_at", "-pk")


class DraftList(OnADraft):
    query: ClassVar[type[Query]] = DraftQuery
    pagination_class = NewestChange

    @extend_schema(parameters=[DraftQuery], responses=DraftOut(many=True))
    def get(self, request: Request) -> Response:
        """The working copies, newest change first."""
        wish = {"asked_by": self.person.pk, **self.params}
        return page_of(self, with_standing(wanted(wish)), DraftOut)

    @extend_schema(request=DraftIn, responses={201: DraftOut})
    def post(self, request: Request) -> Response:
        """Begin a story. Anything may still be missing."""
        words = as_words(DraftIn.read(request))
        return self.told(start(self.person, **words), status=201)


def wanted(wish: dict[str, Any]) -> Any:
    """The drafts that somebody asks for; filters combine."""
    in_trash = wish.get("trashed", wish.get("state") == "trashed")
    drafts = Draft.objects.in_the_trash() if in_trash else Draft.objects.on_the_desk()
    drafts = drafts.in_full()
    if state := wish.get("state"):
        drafts = drafts.in_state(state)
    if slug := wish.get("section"):
        drafts = drafts.filter(section__slug=slug)
    if words := wish.get("q"):
        drafts = drafts.filter(headline__icontains=words)
    if wish.get("mine"):
        drafts = drafts.of(wish["asked_by"])
    return drafts


class DraftDetail(OnADraft):
    answers: ClassVar = {"get": (304,)}

    @extend_schema(responses=DraftOut)
    def get(self, request: Request, draft_id: int) -> Response:
        """One working copy, with what is missing, its editions, and what waits to go out."""
        return self.told(self.found(pk=draft_id))

    @extend_schema(parameters=[IF_MATCH], request=DraftIn, responses=DraftOut)
    def patch(self, request: Request, draft_id: int) -> Response:
        """Change the working copy; readers see nothing of it. What is left out stays as it is."""
        draft = self.found(pk=draft_id)
        version = self.decided_on(draft)
        words = as_words(DraftIn.read(request))
        return self.told(edit(draft, by=self.person, version=version, **words))

    @extend_schema(parameters=[IF_MATCH], request=None, responses={204: None})
    def delete(self, request: Request, draft_id: int) -> Response:
        """Put it into the trash, from which it can be restored."""
        draft = self.found(pk=draft_id)
        throw_away(draft, by=self.person, version=self.decided_on(draft))
        return Response(status=204)
