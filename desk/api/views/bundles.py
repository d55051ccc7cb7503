"""Bundles: stories that go out at one instant, all of them or none."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from desk.actions import add_to_bundle, bundle, cancel_bundle, move_bundle, take_out
from desk.api.base import BUNDLE_IF_MATCH, DeskView, releases_in_full
from desk.api.serializers.bundles import BundleIn, BundleOut, BundleQuery, StoriesIn, TakeOutIn
from desk.api.serializers.stories import MoveIn, NothingIn, unknown
from desk.api.views.ordering import LatestFirst, in_state
from desk.api.views.verb import Deed
from desk.errors import EditedElsewhere
from desk.etags import ANY, tag_of, versions_in
from desk.models import Bundle, Draft, Release
from newsroom.api.views import Query, if_match, page_of
from newsroom.errors import Invalid


class OnABundle(DeskView):
    """An address whose ETag is that of a bundle."""

    def found(self, **where: Any) -> Bundle:
        one: Bundle = get_object_or_404(bundles_in_full(), **where)
        return one

    def decided_on(self, found: Bundle) -> int | None:
        """The version that If-Match names, to be checked again under the lock; None for `*`.

        Raises PreconditionRequired (428), EditedElsewhere (412).
        """
        given = if_match(self.request)
        if given == ANY:
            return None
        if found.version not in versions_in(given, kind="bundle", number=found.pk):
            raise EditedElsewhere
        return found.version

    def told(self, number: int, *, status: int = 200) -> Response:
        found = self.found(pk=number)
        words = BundleOut(found).data
        tag = tag_of("bundle", found.pk, found.version, words)
        return Response(words, status=status, headers={"ETag": tag})


class BundleList(OnABundle):
    answers: ClassVar = {"post": (412, 422)}
    query: ClassVar[type[Query]] = BundleQuery
    pagination_class = LatestFirst

    @extend_schema(parameters=[BundleQuery], responses=BundleOut(many=True))
    def get(self, request: Request) -> Response:
        """What goes out together: what waits in the order it goes out, the rest latest first."""
        rows, cut = in_state(bundles_in_full(), self.params.get("state"))
        return page_of(self, rows, BundleOut, cut=cut)

    @extend_schema(request=BundleIn, responses={201: BundleOut})
    def post(self, request: Request) -> Response:
        """Freeze these drafts as they stand, and plan them for one instant: all of them, or none.

        A story that waits by itself gives its slot up. A refusal names the story in `draft`.
        """
        words = BundleIn.read(request)
        drafts, versions = chosen(words.pop("drafts"))
        made = bundle(drafts, by=self.person, versions=versions, **words)
        return self.told(made.pk, status=201)


class BundleDetail(OnABundle):
    answers: ClassVar = {"get": (304,)}

    @extend_schema(responses=BundleOut)
    def get(self, request: Request, bundle_id: int) -> Response:
        """One bundle with its plans."""
        return self.told(bundle_id)


class OnItsPlans(OnABundle, Deed):
    """A deed done to what waits in a bundle."""


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=MoveIn,
    responses=BundleOut,
    description="Let all that waits in the bundle go out at another time.",
)
class Move(OnItsPlans):
    takes = MoveIn

    def done(self, found: Bundle, /, **how: Any) -> Response:
        move_bundle(found, **how)
        return self.told(found.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=NothingIn,
    responses=BundleOut,
    description="Take all its plans back.",
)
class Cancel(OnItsPlans):
    def done(self, found: Bundle, /, **how: Any) -> Response:
        cancel_bundle(found, **how)
        return self.told(found.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=StoriesIn,
    responses=BundleOut,
    description="Freeze these drafts as they stand, and let them go out with the others.",
)
class Add(OnItsPlans):
    takes = StoriesIn

    def done(self, found: Bundle, /, **how: Any) -> Response:
        drafts, versions = chosen(how.pop("drafts"))
        add_to_bundle(found, drafts=drafts, versions=versions, **how)
        return self.told(found.pk)


@extend_schema(
    parameters=[BUNDLE_IF_MATCH],
    request=TakeOutIn,
    responses=BundleOut,
    description="Let one plan leave the bundle; it goes out by itself then, at the time agreed.",
)
class TakeOut(OnItsPlans):
    takes = TakeOutIn

    def done(self, found: Bundle, /, **how: Any) -> Response:
        release = Release.objects.filter(bundle=found, pk=how.pop("release")).first()
        if release is None:
            raise Invalid({"release": _("This plan is not in the bundle.")})
        take_out(release, **how)
        return self.told(found.pk)


def bundles_in_full() -> Any:
    """Bundles with all that is told of them, in a number of queries that does not grow."""
    members = Prefetch("releases", releases_in_full().order_by("pk"), to_attr="members")
    return Bundle.objects.with_state().select_related("planned_by").prefetch_related(members)


def chosen(told: list[dict[str, Any]]) -> tuple[list[Draft], dict[int, int | None]]:
    """The drafts of these numbers, and the versions decided on. Raises Invalid for an unknown one."""
    versions = {one["id"]: one.get("version") for one in told}
    drafts = Draft.objects.in_bulk(versions)
    if missing := [str(pk) for pk in versions if pk not in drafts]:
        raise Invalid({"drafts": unknown(missing)})
    return list(drafts.values()), versions
