"""POST endpoints of a draft (submit, approve, freeze, publish, schedule …); each calls one action."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from desk.actions import (
    approve,
    end_hold,
    freeze,
    keep_wire_addresses,
    publish_now,
    replace_scheduled,
    restore_from_trash,
    schedule_draft,
    send_back,
    submit,
    unschedule,
)
from desk.api.base import IF_MATCH, ActionView, DraftResourceView
from desk.api.serializers.drafts import DraftDetailOut, FrozenOut, ReleaseOut, frozen_edition_data
from desk.api.serializers.stories import NoteIn, NothingIn, PublishIn, ScheduleIn
from desk.api.serializers.wire import EndHoldIn
from desk.models import Draft


class DraftActionView(DraftResourceView, ActionView):
    """Base view of a POST that calls one action with a draft."""


@extend_schema(
    parameters=[IF_MATCH],
    request=NothingIn,
    responses=DraftDetailOut,
    description="Hand the story in.",
)
class SubmitDraft(DraftActionView):
    """POST submit/: submit the draft for review."""

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond(submit(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=NothingIn,
    responses=DraftDetailOut,
    description="Approve this text.",
)
class ApproveDraft(DraftActionView):
    """POST approve/: approve the submitted text."""

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond(approve(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=NoteIn,
    responses=DraftDetailOut,
    description="Give the story back to its writer, with a word why.",
)
class SendBackDraft(DraftActionView):
    """POST send-back/: return the draft to its writer."""

    input_class = NoteIn

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond(send_back(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=NothingIn,
    responses=DraftDetailOut,
    description="Take the story out of the trash, with everything it had.",
)
class RestoreDraft(DraftActionView):
    """POST restore/: restore the draft from the trash."""

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond(restore_from_trash(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=NothingIn,
    responses=DraftDetailOut,
    description="Keep the addresses of an agency's reporters that stand in the text: publishing is not"
    " refused for them (`agency_address`).",
)
class KeepWireAddresses(DraftActionView):
    """POST keep-addresses/: keep the addresses of the wire in the text on purpose."""

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond(keep_wire_addresses(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=PublishIn,
    responses={201: FrozenOut},
    description="Make an edition of the text as it stands. Readers do not see it yet.",
)
class FreezeDraft(DraftActionView):
    """POST freeze/: make an edition."""

    input_class = PublishIn

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return Response(frozen_edition_data(freeze(draft, **params)), status=201)


@extend_schema(
    parameters=[IF_MATCH],
    request=PublishIn,
    responses=ReleaseOut,
    description="Freeze and publish now. A waiting plan is overtaken.",
)
class PublishDraft(DraftActionView):
    """POST publish/: freeze and publish now."""

    input_class = PublishIn

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond_with_release(publish_now(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=ScheduleIn,
    responses=ReleaseOut,
    description="Freeze, and plan that edition for a time to come. Later changes are not in it.",
)
class ScheduleDraft(DraftActionView):
    """POST schedule/: freeze and schedule."""

    input_class = ScheduleIn

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond_with_release(schedule_draft(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=PublishIn,
    responses=ReleaseOut,
    description="Freeze again and keep the slot: the later words go out at the agreed time.",
)
class ReplaceScheduledEdition(DraftActionView):
    """POST swap/: replace the edition of the waiting release."""

    input_class = PublishIn

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond_with_release(replace_scheduled(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=NothingIn,
    responses=ReleaseOut,
    description="Take back what waits to go out.",
)
class UnscheduleDraft(DraftActionView):
    """POST unschedule/: cancel the waiting release."""

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond_with_release(unschedule(draft, **params))


@extend_schema(
    parameters=[IF_MATCH],
    request=EndHoldIn,
    responses=DraftDetailOut,
    description="Confirm that the story may go out although its agency changed or cancelled its copy: what "
    "was held back goes out at its time, or now; an article that was hidden is shown again. Logged.",
)
class EndHold(DraftActionView):
    """POST end-hold/: end the hold after a change of agency copy."""

    input_class = EndHoldIn

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        return self.respond(end_hold(draft, **params))
