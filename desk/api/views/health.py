"""What a supervisor or a load balancer asks."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.health import figures, look, verdicts
from newsroom.api.problem_details import PROBLEM, problem
from newsroom.observability.metrics_export import may_read


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all; nothing else is looked at."""
    return kept_by_nobody({"live": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the house can do its work, 503 when it cannot, and which part of it is well.

    The figures are for whoever may see them at /metrics.
    """
    checks = look()
    parts = figures(checks) if may_read(request.META) else verdicts(checks)
    told = {"ready": all(check.well for check in checks.values()), "checks": parts}
    if told["ready"]:
        return kept_by_nobody(told)
    ill = ", ".join(name for name, check in checks.items() if not check.well)
    detail = _("Not well: %(names)s.") % {"names": ill}
    body = problem(503, "not_ready", detail, **told)
    return kept_by_nobody(body, status=503, content_type=PROBLEM)


def kept_by_nobody(body: dict[str, Any], **how: Any) -> JsonResponse:
    answer = JsonResponse(body, **how)
    answer["Cache-Control"] = "no-store"
    return answer
