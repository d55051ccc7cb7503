"""Link check worker: carries out due link checks in a thread of its own in a Celery worker process."""

import logging
import threading

from django.conf import settings
from django.utils import timezone

from desk.actions.link_checks import (
    carry_out_link_check,
    claim_link_check,
    delete_due_link_checks,
)
from desk.models import LinkCheckRequest
from newsroom.background_threads import BackgroundThreads

logger = logging.getLogger(__name__)
THREADS = BackgroundThreads("link-checks")


def start_link_checks() -> threading.Thread | None:
    """Start the thread where a check is due and no thread of this process runs; the thread.

    Without LINK_CHECKS nothing is called: what was asked for before it was switched off is deleted.
    """
    if not LinkCheckRequest.objects.due(timezone.now()).exists():
        return None
    if not settings.LINK_CHECKS:
        delete_due_link_checks(timezone.now())
        return None
    return THREADS.start(carry_out_due_link_checks)


def carry_out_due_link_checks() -> int:
    """Carry out every due check; a failure does not stop the next. How many links were probed."""
    probed = 0
    while request := claim_link_check(timezone.now()):
        try:
            probed += carry_out_link_check(request)
        except Exception:
            logger.exception("The links of draft %s were not checked", request.pk)
    return probed
