"""Around every task: its figures, its trace, and the worker's own door for Prometheus.

Through Celery's signals, which are its own place for this. Nothing of the newsroom depends on them.
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
SLOW_TASK_SECONDS = 5.0  # seconds
# Tasks of this process at the moment, by id: since when, and what was being done before.
running_tasks: dict[str, tuple[float, Token[Trace | None]]] = {}


def add_request_id_header(headers: dict[str, Any] | None = None, **_more: Any) -> None:
    """A message takes along the id of the request or task that leaves it behind."""
    trace = current_trace.get()
    if trace is not None and headers is not None:
        headers[TASK_REQUEST_ID_HEADER] = trace.id


def start_task(task_id: str, task: Any, **_more: Any) -> None:
    trace = TaskTrace(task.name, task_id, getattr(task.request, TASK_REQUEST_ID_HEADER, None))
    running_tasks[task_id] = time.perf_counter(), current_trace.set(trace)


def finish_task(task_id: str, task: Any, state: str | None = None, **_more: Any) -> None:
    began, before = running_tasks.pop(task_id)
    seconds = time.perf_counter() - began
    outcome = (state or "unknown").lower()
    observe_task(task.name, outcome, seconds)
    trace = current_trace.get()
    # The clock's own rounds, every second, are no news; what somebody asked for is, and what is slow.
    if seconds > SLOW_TASK_SECONDS or (trace is not None and trace.id != task_id):
        told = {"outcome": outcome, "ms": round(seconds * 1000, 1)}
        level = logging.WARNING if seconds > SLOW_TASK_SECONDS else logging.INFO
        logger.log(level, "%s: %s", task.name, outcome, extra={"told": told})
    current_trace.reset(before)


def start_worker_metrics(**_more: Any) -> None:
    """Where METRICS_PORT is set, answer there. A worker whose port is taken still works."""
    if not settings.METRICS_PORT:
        return
    try:
        start_metrics_server(settings.METRICS_PORT)
    except OSError as error:
        logger.error("METRICS_PORT=%s cannot be opened: %s", settings.METRICS_PORT, error)  # noqa: TRY400 -- no bug


def keep_django_logging(**_more: Any) -> None:
    """Heard, so that Celery leaves logging as the settings have it (LOG_LEVEL, LOG_FORMAT)."""


def connect_task_signals() -> None:
    """Begin to listen; called once, where the Celery application is made."""
    signals.before_task_publish.connect(add_request_id_header)
    signals.task_prerun.connect(start_task)
    signals.task_postrun.connect(finish_task)
    signals.worker_ready.connect(start_worker_metrics)
    signals.setup_logging.connect(keep_django_logging)
