"""Liveness and readiness probes for supervisors and load balancers."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.health import check_readiness, detailed_report, public_report
from newsroom.api.problem_details import PROBLEM_CONTENT_TYPE, problem_document
from newsroom.observability.metrics_export import may_read_metrics


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Liveness probe: 200 as long as the process answers; it checks nothing else."""
    return no_store_response({"live": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Readiness probe: 200 when all checks pass, else 503, with the state of each check.

    The figures of each check are shown to clients that may read /metrics (`may_read_metrics`).
    """
    checks = check_readiness()
    report = detailed_report(checks) if may_read_metrics(request.META) else public_report(checks)
    state = {"ready": all(check.well for check in checks.values()), "checks": report}
    if state["ready"]:
        return no_store_response(state)
    failed = ", ".join(name for name, check in checks.items() if not check.well)
    detail = _("Not well: %(names)s.") % {"names": failed}
    body = problem_document(503, "not_ready", detail, **state)
    return no_store_response(body, status=503, content_type=PROBLEM_CONTENT_TYPE)


def no_store_response(body: dict[str, Any], **options: Any) -> JsonResponse:
    """A JSON response that no cache stores."""
    response = JsonResponse(body, **options)
    response["Cache-Control"] = "no-store"
    return response
