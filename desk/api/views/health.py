"""What a supervisor or a load balancer asks."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.health import check_readiness, detailed_report, public_report
from newsroom.api.problem_details import PROBLEM_CONTENT_TYPE, problem_document
from newsroom.observability.metrics_export import may_read_metrics


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all; nothing else is looked at."""
    return no_store_response({"live": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the house can do its work, 503 when it cannot, and which part of it is well.

    The figures are for whoever may see them at /metrics.
    """
    checks = check_readiness()
    parts = detailed_report(checks) if may_read_metrics(request.META) else public_report(checks)
    told = {"ready": all(check.well for check in checks.values()), "checks": parts}
    if told["ready"]:
        return no_store_response(told)
    ill = ", ".join(name for name, check in checks.items() if not check.well)
    detail = _("Not well: %(names)s.") % {"names": ill}
    body = problem_document(503, "not_ready", detail, **told)
    return no_store_response(body, status=503, content_type=PROBLEM_CONTENT_TYPE)


def no_store_response(body: dict[str, Any], **how: Any) -> JsonResponse:
    answer = JsonResponse(body, **how)
    answer["Cache-Control"] = "no-store"
    return answer
