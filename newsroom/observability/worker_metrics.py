"""Celery signal handlers for task metrics, the request id of a task, and a worker's metrics port.

Nothing of the newsroom's own rules depends on them.
"""

import logging
import time
from contextvars import Token
from typing import Any

from celery import signals
from django.conf import settings

from newsroom.observability.metrics import observe_task
from newsroom.observability.metrics_export import start_metrics_server
from newsroom.observability.tracing import TaskTrace, Trace, current_trace

logger = logging.getLogger("newsroom.tasks")
TASK_REQUEST_ID_HEADER = "newsroom_request_id"
SLOW_TASK_SECONDS = 5.0
# Running tasks of this process, by id: start time, and the token that restores the previous trace.
running_tasks: dict[str, tuple[float, Token[Trace | None]]] = {}


def add_request_id_header(headers: dict[str, Any] | None = None, **_more: Any) -> None:
    """Put the id of the current request or task into the headers of a message."""
    trace = current_trace.get()
    if trace is not None and headers is not None:
        headers[TASK_REQUEST_ID_HEADER] = trace.id


def start_task(task_id: str, task: Any, **_more: Any) -> None:
    """Before a task: note its start and set its trace."""
    trace = TaskTrace(task.name, task_id, getattr(task.request, TASK_REQUEST_ID_HEADER, None))
    running_tasks[task_id] = time.perf_counter(), current_trace.set(trace)


def finish_task(task_id: str, task: Any, state: str | None = None, **_more: Any) -> None:
    """After a task: count it, and log it where it was slow or belongs to a request."""
    started_at, token = running_tasks.pop(task_id)
    seconds = time.perf_counter() - started_at
    outcome = (state or "unknown").lower()
    observe_task(task.name, outcome, seconds)
    trace = current_trace.get()
    # Periodic tasks run every second and are not logged unless they are slow.
    if seconds > SLOW_TASK_SECONDS or (trace is not None and trace.id != task_id):
        fields = {"outcome": outcome, "ms": round(seconds * 1000, 1)}
        level = logging.WARNING if seconds > SLOW_TASK_SECONDS else logging.INFO
        logger.log(level, "%s: %s", task.name, outcome, extra={"fields": fields})
    current_trace.reset(token)


def start_worker_metrics(**_more: Any) -> None:
    """Serve metrics at METRICS_PORT, if set. A worker whose port is taken still works."""
    if not settings.METRICS_PORT:
        return
    try:
        start_metrics_server(settings.METRICS_PORT)
    except OSError as error:
        logger.error("METRICS_PORT=%s cannot be opened: %s", settings.METRICS_PORT, error)  # noqa: TRY400 -- no bug


def keep_django_logging(**_more: Any) -> None:
    """Handler that makes Celery leave logging as the settings have it (LOG_LEVEL, LOG_FORMAT)."""


def connect_task_signals() -> None:
    """Connect the handlers; called once, where the Celery application is made."""
    signals.before_task_publish.connect(add_request_id_header)
    signals.task_prerun.connect(start_task)
    signals.task_postrun.connect(finish_task)
    signals.worker_ready.connect(start_worker_metrics)
    signals.setup_logging.connect(keep_django_logging)
