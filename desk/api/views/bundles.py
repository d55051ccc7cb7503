"""Bundles: stories that go out at one instant, all of them or none."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from desk.actions import (
    add_to_bundle,
    cancel_bundle,
    remove_from_bundle,
    reschedule_bundle,
    schedule_bundle,
)
from desk.api.base import BUNDLE_IF_MATCH, DeskView, releases_with_details
from desk.api.serializers.bundles import BundleIn, BundleOut, BundleQuery, StoriesIn, TakeOutIn
from desk.api.serializers.stories import MoveIn, NothingIn, unknown_names_message
from desk.api.views.ordering import LatestDueFirst, filter_by_state
from desk.api.views.verb import ActionView
from desk.errors import EditedElsewhere
from desk.etags import ANY_TAG, entity_tag, versions_in_if_match
from desk.models import Bundle, Draft, Release
from newsroom.api.views import QuerySerializer, paginated_response, require_if_match
from newsroom.errors import InvalidInput


class BundleResourceView(DeskView):
    """An address whose ETag is that of a bundle."""

    def get_resource(self, **where: Any) -> Bundle:
        one: Bundle = get_object_or_404(bundles_with_releases(), **where)
        return one

    def expected_version(self, found: Bundle) -> int | None:
        """The version that If-Match names, to be checked again under the lock; None for `*`.

        Raises PreconditionRequired (428), EditedElsewhere (412).
        """
        given = require_if_match(self.request)
        if given == ANY_TAG:
            return None
        if found.version not in versions_in_if_match(given, kind="bundle", number=found.pk):
            raise EditedElsewhere
        return found.version

    def respond(self, number: int, *, status: int = 200) -> Response:
        found = self.get_resource(pk=number)
        words = BundleOut(found).data
        tag = entity_tag("bundle", found.pk, found.version, words)
        return Response(words, status=status, headers={"ETag": tag})


class BundleList(BundleResourceView):
    extra_responses: ClassVar = {"post": (412, 422)}
    query: ClassVar[type[QuerySerializer]] = BundleQuery
    pagination_class = LatestDueFirst

    @extend_schema(parameters=[BundleQuery], responses=BundleOut(many=True))
    def get(self, request: Request) -> Response:
        """What goes out together: what waits in the order it goes out, the rest latest first."""
        rows, cut = filter_by_state(bundles_with_releases(), self.params.get("state"))
        return paginated_response(self, rows, BundleOut, paginator_class=cut)

    @extend_schema(request=BundleIn, responses={201: BundleOut})
    def post(self, request: Request) -> Response:
        """Freeze these drafts as they stand, and plan them for one instant: all of them, or none.

        A story that waits by itself gives its slot up. A refusal names the story in `draft`.
        """
        words = BundleIn.validate_request(request)
        drafts, versions = load_drafts(words.pop("drafts"))
        made = schedule_bundle(drafts, by=self.staff_user, versions=versions, **words)
        return self.respond(made.pk, status=201)


class BundleDetail(BundleResourceView):
    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=BundleOut)
    def get(self, request: Request, bundle_id: int) -> Response:
        """One bundle with its plans."""
        return self.respond(bundle_id)


class BundleActionView(BundleResourceView, ActionView):
    """A deed done to what waits in a bundle."""


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=MoveIn,
    responses=BundleOut,
    description="Let all that waits in the bundle go out at another time.",
)
class MoveBundle(BundleActionView):
    input_class = MoveIn

    def perform(self, found: Bundle, /, **how: Any) -> Response:
        reschedule_bundle(found, **how)
        return self.respond(found.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=NothingIn,
    responses=BundleOut,
    description="Take all its plans back.",
)
class CancelBundle(BundleActionView):
    def perform(self, found: Bundle, /, **how: Any) -> Response:
        cancel_bundle(found, **how)
        return self.respond(found.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=StoriesIn,
    responses=BundleOut,
    description="Freeze these drafts as they stand, and let them go out with the others.",
)
class AddToBundle(BundleActionView):
    input_class = StoriesIn

    def perform(self, found: Bundle, /, **how: Any) -> Response:
        drafts, versions = load_drafts(how.pop("drafts"))
        add_to_bundle(found, drafts=drafts, versions=versions, **how)
        return self.respond(found.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=TakeOutIn,
    responses=BundleOut,
    description="Let one plan leave the bundle; it goes out by itself then, at the time agreed.",
)
class TakeOutOfBundle(BundleActionView):
    input_class = TakeOutIn

    def perform(self, found: Bundle, /, **how: Any) -> Response:
        release = Release.objects.filter(bundle=found, pk=how.pop("release")).first()
        if release is None:
            raise InvalidInput({"release": _("This plan is not in the bundle.")})
        remove_from_bundle(release, **how)
        return self.respond(found.pk)


def bundles_with_releases() -> Any:
    """Bundles with all that is told of them, in a number of queries that does not grow."""
    members = Prefetch("releases", releases_with_details().order_by("pk"), to_attr="members")
    return Bundle.objects.with_state().select_related("planned_by").prefetch_related(members)


def load_drafts(told: list[dict[str, Any]]) -> tuple[list[Draft], dict[int, int | None]]:
    """The drafts of these numbers, and the versions decided on. Raises Invalid for an unknown one."""
    versions = {one["id"]: one.get("version") for one in told}
    drafts = Draft.objects.in_bulk(versions)
    if missing := [str(pk) for pk in versions if pk not in drafts]:
        raise InvalidInput({"drafts": unknown_names_message(missing)})
    return list(drafts.values()), versions
