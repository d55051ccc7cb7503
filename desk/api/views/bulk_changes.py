"""Endpoint of bulk changes: one change for many stories, with a preview and per-story results."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from desk.actions.bulk_changes import (
    BulkOutcome,
    change_stories,
    count_ended,
    preview_changes,
)
from desk.api.base import DeskView
from desk.api.serializers.bulk_changes import BulkIn, BulkOut, bulk_change_of
from desk.models import Draft


class BulkChanges(DeskView):
    """POST: change many stories. Versions stand in the body, in place of If-Match."""

    @extend_schema(request=BulkIn, responses=BulkOut)
    def post(self, request: Request) -> Response:
        """Change the section, a tag, the legal hold or the end of up to 200 stories; each by itself.

        Every story is changed in a transaction of its own, by the same action and with the same refusals as
        alone. A story at another version than the one given is refused. `dry_run` changes nothing. A change
        of the text ends an approval (`ended_stage`).
        """
        data = BulkIn.validate_request(request)
        versions = {item["id"]: item.get("version") for item in data["items"]}
        run = preview_changes if data["dry_run"] else change_stories
        results = run(versions, bulk_change_of(data["change"]), by=self.staff_user)
        outcomes = [result.outcome for result in results]
        return Response(
            BulkOut(
                {
                    "dry_run": data["dry_run"],
                    "changed": outcomes.count(BulkOutcome.CHANGED),
                    "refused": outcomes.count(BulkOutcome.REFUSED),
                    "approvals_ended": count_ended(results, Draft.Stage.APPROVED),
                    "results": results,
                }
            ).data
        )
