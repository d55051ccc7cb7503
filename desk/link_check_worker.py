"""Link check worker: carries out the due link checks in a thread of its own in a Celery worker process.

The Celery task starts the thread and does not wait for it, so that no site, however slow, keeps a place of
the worker from publication. One thread a process; any number of processes may run.

It and the threads that it starts are daemon threads, for which a worker that stops does not wait: the claim
of the check expires, and what was not checked is due again.
"""

import logging
import threading

from django.conf import settings
from django.db import connections
from django.utils import timezone

from desk.actions.link_checks import (
    carry_out_link_check,
    claim_link_check,
    delete_due_link_checks,
)
from desk.models import LinkCheckRequest

logger = logging.getLogger(__name__)
RUNNING = threading.Lock()


def start_link_checks() -> threading.Thread | None:
    """Start the thread where a check is due and no thread of this process runs; the thread.

    Without LINK_CHECKS nothing is called: what was asked for before it was switched off is deleted.
    """
    if not LinkCheckRequest.objects.due(timezone.now()).exists():
        return None
    if not settings.LINK_CHECKS:
        delete_due_link_checks(timezone.now())
        return None
    if not RUNNING.acquire(blocking=False):
        return None
    thread = threading.Thread(target=run_link_checks, name="link-checks", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # the process is ending
        RUNNING.release()
        raise
    return thread


def run_link_checks() -> None:
    """Carry out what is due, in the thread."""
    try:
        carry_out_due_link_checks()
    finally:
        connections.close_all()
        RUNNING.release()


def carry_out_due_link_checks() -> int:
    """Carry out every due check; a failure does not stop the next. How many links were probed."""
    probed = 0
    while request := claim_link_check(timezone.now()):
        try:
            probed += carry_out_link_check(request)
        except Exception:
            logger.exception("The links of draft %s were not checked", request.pk)
    return probed
