"""Endpoints of claims under the Press Arbitration Act (정정·반론·추후보도 청구)."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication.api import IsStaff
from desk.actions.legal.claim_decisions import (
    accept_claim,
    link_edition_to_claim,
    publish_for_claim,
    refuse_claim,
    take_claim_to_arbitration,
    withdraw_claim,
)
from desk.actions.legal.claims import edit_claim, record_claim
from desk.api.base import ActionView, DeskView, known_versions
from desk.api.serializers.claims import (
    AnswerIn,
    ClaimChangeIn,
    ClaimIn,
    ClaimOut,
    ClaimPublishIn,
    ClaimQuery,
)
from desk.api.serializers.stories import NothingIn
from desk.errors.legal import ClaimChanged
from desk.etags import ANY_TAG, entity_tag
from desk.models import Claim
from desk.permissions import may_view_claims
from desk.section_rights import visible_claims
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, paginated_response, require_if_match

CLAIM_IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the claim as it was read, or `*`. Without: 428; stale: 412.",
)


class CanViewClaims(BasePermission):
    """Permission: the role of the user allows reading claims."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_view_claims(request.user)


class NewestReceivedFirst(KeysetPagination):
    """Keyset pagination, the newest claim first."""

    order = ("-received_at", "-pk")


class ClaimResourceView(DeskView):
    """Base view of an endpoint whose ETag is that of a claim."""

    permission_classes = (IsStaff, CanViewClaims)

    def get_resource(self, **where: Any) -> Claim:
        """The claim of this request, of a section in which the user is an editor. Raises Http404."""
        rows = visible_claims(self.staff_user, Claim.objects.with_details())
        claim: Claim = get_object_or_404(rows, **where)
        return claim

    def expected_version(self, claim: Claim) -> int | None:
        """The version that If-Match lists, which the action checks again under its lock; None for `*`.

        Raises PreconditionRequired (428), UnknownEntityTag and ClaimChanged (412).
        """
        if_match = require_if_match(self.request)
        if if_match == ANY_TAG:
            return None
        if claim.version not in known_versions(if_match, ("claim", claim.pk)):
            raise ClaimChanged
        return claim.version

    def respond(self, number: int, *, status: int = 200) -> Response:
        """The claim as it is now, with its ETag."""
        claim = self.get_resource(pk=number)
        data = ClaimOut(claim, context={"request": self.request}).data
        headers = {"ETag": entity_tag("claim", claim.pk, claim.version, data)}
        return Response(data, status=status, headers=headers)


class ClaimList(ClaimResourceView):
    """GET and POST: the register of claims."""

    extra_responses: ClassVar = {"post": (422,)}
    query: ClassVar[type[QuerySerializer]] = ClaimQuery
    pagination_class = NewestReceivedFirst

    @extend_schema(parameters=[ClaimQuery], responses=ClaimOut(many=True))
    def get(self, request: Request) -> Response:
        """The register of claims, newest first."""
        claims: Any = visible_claims(self.staff_user, Claim.objects.with_details())
        state = self.params.get("state")
        if state == "running":
            claims = claims.running()
        elif state == "late":
            claims = claims.late(timezone.now())
        elif state:
            claims = claims.filter(state=state)
        if kind := self.params.get("kind"):
            claims = claims.filter(kind=kind)
        return paginated_response(self, claims, ClaimOut)

    @extend_schema(request=ClaimIn, responses={201: ClaimOut})
    def post(self, request: Request) -> Response:
        """Record a claim. Its clocks run from the day it was received."""
        data = ClaimIn.validate_request(request, context={"user": self.staff_user})
        article = data.pop("article")
        return self.respond(record_claim(article, by=self.staff_user, **data).pk, status=201)


class ClaimDetail(ClaimResourceView):
    """GET and PATCH: a claim."""

    extra_responses: ClassVar = {"get": (304,), "patch": (422,)}

    @extend_schema(responses=ClaimOut)
    def get(self, request: Request, claim_id: int) -> Response:
        """One claim with its clocks."""
        return self.respond(claim_id)

    @extend_schema(parameters=[CLAIM_IF_MATCH], request=ClaimChangeIn, responses=ClaimOut)
    def patch(self, request: Request, claim_id: int) -> Response:
        """Change what was recorded. What is left out stays as it is; the clocks are counted anew."""
        claim = self.get_resource(pk=claim_id)
        version = self.expected_version(claim)
        data = ClaimChangeIn.validate_request(request, partial=True)
        edit_claim(claim, by=self.staff_user, version=version, **data)
        return self.respond(claim_id)


class ClaimActionView(ClaimResourceView, ActionView):
    """Base view of a POST that calls one action with a claim."""


@extend_schema(
    parameters=[CLAIM_IF_MATCH],
    request=AnswerIn,
    responses=ClaimOut,
    description="Note the answer to the claimant: accepted, or refused on a ground of the law.",
)
class AnswerClaim(ClaimActionView):
    """POST answer/: accept or refuse the claim."""

    input_class = AnswerIn

    def perform(self, claim: Claim, /, **params: Any) -> Response:
        if params.pop("decision") == "accept":
            params.pop("refusal_reason", None)
            accept_claim(claim, **params)
        else:
            params.pop("publish_by", None)
            refuse_claim(claim, **params)
        return self.respond(claim.pk)


@extend_schema(
    parameters=[CLAIM_IF_MATCH],
    request=ClaimPublishIn,
    responses=ClaimOut,
    description="Fulfil an accepted claim: publish the correction now, or name the edition that has it.",
)
class PublishClaim(ClaimActionView):
    """POST publish/: publish the correction, or link the edition that is one."""

    extra_responses: ClassVar = {"post": (422,)}
    input_class = ClaimPublishIn

    def perform(self, claim: Claim, /, **params: Any) -> Response:
        if "edition" in params:
            params.pop("draft_version", None)
            link_edition_to_claim(claim, **params)
        else:
            publish_for_claim(claim, **params)
        return self.respond(claim.pk)


@extend_schema(
    parameters=[CLAIM_IF_MATCH],
    request=NothingIn,
    responses=ClaimOut,
    description="Note that the Press Arbitration Commission decides; the clocks stop.",
)
class ArbitrateClaim(ClaimActionView):
    """POST arbitrate/: the claim is in arbitration."""

    def perform(self, claim: Claim, /, **params: Any) -> Response:
        take_claim_to_arbitration(claim, **params)
        return self.respond(claim.pk)


@extend_schema(
    parameters=[CLAIM_IF_MATCH],
    request=NothingIn,
    responses=ClaimOut,
    description="Note that the claimant withdrew the claim.",
)
class WithdrawClaim(ClaimActionView):
    """POST withdraw/: close a claim that was withdrawn."""

    def perform(self, claim: Claim, /, **params: Any) -> Response:
        withdraw_claim(claim, **params)
        return self.respond(claim.pk)
