"""Endpoints of bundles: stories scheduled for one instant, published all together or not at all."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from desk.actions import (
    add_to_bundle,
    cancel_bundle,
    remove_from_bundle,
    reschedule_bundle,
    schedule_bundle,
)
from desk.api.base import (
    BUNDLE_IF_MATCH,
    ActionView,
    DeskView,
    releases_with_details,
    version_in_if_match,
)
from desk.api.serializers.bundles import BundleIn, BundleOut, BundleQuery, StoriesIn, TakeOutIn
from desk.api.serializers.stories import MoveIn, NothingIn, unknown_names_message
from desk.api.views.ordering import LatestDueFirst, filter_by_state
from desk.errors import EditedElsewhere
from desk.etags import entity_tag
from desk.models import Bundle, Draft, Release
from desk.section_rights import visible_bundles, visible_drafts
from newsroom.api.views import QuerySerializer, paginated_response
from newsroom.errors import InvalidInput


class BundleResourceView(DeskView):
    """Base view of an endpoint whose ETag is that of a bundle."""

    def get_resource(self, **where: Any) -> Bundle:
        bundle: Bundle = get_object_or_404(bundles_with_releases(self.staff_user), **where)
        return bundle

    def expected_version(self, bundle: Bundle) -> int | None:
        """As `version_in_if_match`; raises EditedElsewhere."""
        changed = EditedElsewhere()
        return version_in_if_match(self.request, bundle, kind="bundle", changed=changed)

    def respond(self, number: int, *, status: int = 200) -> Response:
        """The bundle with its releases as it is now, with its ETag."""
        bundle = self.get_resource(pk=number)
        data = BundleOut(bundle).data
        etag = entity_tag("bundle", bundle.pk, bundle.version, data)
        return Response(data, status=status, headers={"ETag": etag})


class BundleList(BundleResourceView):
    """GET and POST: the bundles."""

    extra_responses: ClassVar = {"post": (412, 422, 423)}
    query: ClassVar[type[QuerySerializer]] = BundleQuery
    pagination_class = LatestDueFirst

    @extend_schema(parameters=[BundleQuery], responses=BundleOut(many=True))
    def get(self, request: Request) -> Response:
        """What goes out together: what waits in the order it goes out, the rest latest first."""
        rows, paginator_class = filter_by_state(
            bundles_with_releases(self.staff_user), self.params.get("state")
        )
        return paginated_response(self, rows, BundleOut, paginator_class=paginator_class)

    @extend_schema(request=BundleIn, responses={201: BundleOut})
    def post(self, request: Request) -> Response:
        """Freeze these drafts as they stand, and plan them for one instant: all of them, or none.

        A story that waits by itself gives its slot up. A refusal names the story in `draft`.
        """
        data = BundleIn.validate_request(request)
        drafts, versions = load_drafts(data.pop("drafts"), user=self.staff_user)
        bundle = schedule_bundle(drafts, by=self.staff_user, versions=versions, **data)
        return self.respond(bundle.pk, status=201)


class BundleDetail(BundleResourceView):
    """GET: a bundle."""

    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=BundleOut)
    def get(self, request: Request, bundle_id: int) -> Response:
        """One bundle with its plans."""
        return self.respond(bundle_id)


class BundleActionView(BundleResourceView, ActionView):
    """Base view of a POST that calls one action with a bundle."""


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=MoveIn,
    responses=BundleOut,
    description="Let all that waits in the bundle go out at another time.",
)
class MoveBundle(BundleActionView):
    """POST move/: reschedule the bundle."""

    input_class = MoveIn

    def perform(self, bundle: Bundle, /, **params: Any) -> Response:
        reschedule_bundle(bundle, **params)
        return self.respond(bundle.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=NothingIn,
    responses=BundleOut,
    description="Take all its plans back.",
)
class CancelBundle(BundleActionView):
    """POST cancel/: cancel the waiting releases of the bundle."""

    def perform(self, bundle: Bundle, /, **params: Any) -> Response:
        cancel_bundle(bundle, **params)
        return self.respond(bundle.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=StoriesIn,
    responses=BundleOut,
    description="Freeze these drafts as they stand, and let them go out with the others.",
)
class AddToBundle(BundleActionView):
    """POST add/: freeze drafts and add them to the bundle."""

    input_class = StoriesIn

    def perform(self, bundle: Bundle, /, **params: Any) -> Response:
        drafts, versions = load_drafts(params.pop("drafts"), user=self.staff_user)
        add_to_bundle(bundle, drafts=drafts, versions=versions, **params)
        return self.respond(bundle.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=TakeOutIn,
    responses=BundleOut,
    description="Let one plan leave the bundle; it goes out by itself then, at the time agreed.",
)
class TakeOutOfBundle(BundleActionView):
    """POST take-out/: remove a release from the bundle."""

    input_class = TakeOutIn

    def perform(self, bundle: Bundle, /, **params: Any) -> Response:
        release = Release.objects.filter(bundle=bundle, pk=params.pop("release")).first()
        if release is None:
            raise InvalidInput({"release": _("This plan is not in the bundle.")})
        remove_from_bundle(release, **params)
        return self.respond(bundle.pk)


def bundles_with_releases(user: User) -> Any:
    """Bundles that the user may read, with all that BundleOut reads, the releases in `members`.

    A constant number of queries.
    """
    members = Prefetch("releases", releases_with_details(user).order_by("pk"), to_attr="members")
    bundles = visible_bundles(user, Bundle.objects.with_state())
    return bundles.select_related("planned_by").prefetch_related(members)


def load_drafts(
    items: list[dict[str, Any]], *, user: User
) -> tuple[list[Draft], dict[int, int | None]]:
    """The drafts of validated `ChosenIn` items, and the expected version of each by its id.

    Raises InvalidInput that lists the unknown ids.
    """
    versions = {item["id"]: item.get("version") for item in items}
    drafts: dict[int, Draft] = visible_drafts(user).in_bulk(versions)
    if missing := [str(pk) for pk in versions if pk not in drafts]:
        raise InvalidInput({"drafts": unknown_names_message(missing)})
    return list(drafts.values()), versions
