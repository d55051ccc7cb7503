"""What is done with a draft, one verb an address; each calls one action."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from desk.actions import (
    approve,
    cancel_waiting,
    freeze,
    plan,
    put_out,
    replace_waiting,
    send_back,
    submit,
    take_out_of_trash,
)
from desk.api.base import IF_MATCH, OnADraft
from desk.api.serializers.drafts import DraftOut, FrozenOut, ReleaseOut, frozen
from desk.api.serializers.stories import NoteIn, NothingIn, PublishIn, ScheduleIn
from desk.api.views.verb import Deed
from desk.models import Draft


class Verb(OnADraft, Deed):
    """A deed done to a draft."""


@extend_schema(
    parameters=[IF_MATCH], request=NothingIn, responses=DraftOut, description="Hand the story in."
)
class Submit(Verb):
    def done(self, draft: Draft, /, **how: Any) -> Response:
        return self.told(submit(draft, **how))


@extend_schema(
    parameters=[IF_MATCH], request=NothingIn, responses=DraftOut, description="Approve this text."
)
class Approve(Verb):
    def done(self, draft: Draft, /, **how: Any) -> Response:
        return self.told(approve(draft, **how))


@extend_schema(
    parameters=[IF_MATCH],
    request=NoteIn,
    responses=DraftOut,
    description="Give the story back to its writer, with a word why.",
)
class SendBack(Verb):
    takes = NoteIn

    def done(self, draft: Draft, /, **how: Any) -> Response:
        return self.told(send_back(draft, **how))


@extend_schema(
    parameters=[IF_MATCH],
    request=NothingIn,
    responses=DraftOut,
    description="Take the story out of the trash, with everything it had.",
)
class TakeOut(Verb):
    def done(self, draft: Draft, /, **how: Any) -> Response:
        return self.told(take_out_of_trash(draft, **how))


@extend_schema(
    parameters=[IF_MATCH],
    request=PublishIn,
    responses={201: FrozenOut},
    description="Make an edition of the text as it stands. Readers do not see it yet.",
)
class Freeze(Verb):
    takes = PublishIn

    def done(self, draft: Draft, /, **how: Any) -> Response:
        return Response(frozen(freeze(draft, **how)), status=201)


@extend_schema(
    parameters=[IF_MATCH],
    request=PublishIn,
    responses=ReleaseOut,
    description="Freeze and publish now. A waiting plan is overtaken.",
)
class Publish(Verb):
    takes = PublishIn

    def done(self, draft: Draft, /, **how: Any) -> Response:
        return self.told_of(put_out(draft, **how))


@extend_schema(
    parameters=[IF_MATCH],
    request=ScheduleIn,
    responses=ReleaseOut,
    description="Freeze, and plan that edition for a time to come. Later changes are not in it.",
)
class Schedule(Verb):
    takes = ScheduleIn

    def done(self, draft: Draft, /, **how: Any) -> Response:
        return self.told_of(plan(draft, **how))


@extend_schema(
    parameters=[IF_MATCH],
    request=PublishIn,
    responses=ReleaseOut,
    description="Freeze again and keep the slot: the later words go out at the agreed time.",
)
class Swap(Verb):
    takes = PublishIn

    def done(self, draft: Draft, /, **how: Any) -> Response:
        return self.told_of(replace_waiting(draft, **how))


@extend_schema(
    parameters=[IF_MATCH],
    request=NothingIn,
    responses=ReleaseOut,
    description="Take back what waits to go out.",
)
class Unschedule(Verb):
    def done(self, draft: Draft, /, **how: Any) -> Response:
        return self.told_of(cancel_waiting(draft, **how))
