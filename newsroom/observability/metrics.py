"""What the processes of this house count while they work: requests, tasks, how late stories go out.

Every process keeps its figures in files of its own (newsroom/observability/metric_files.py), in one folder
(`newsroom.observability.metrics_export` adds them up), so that any number of web processes, workers
and hand-started
commands count together. The folder is a machine's own, by its name: process numbers mean nothing
on another machine, nor in another container.
"""

import atexit
import logging
import os
import socket
import threading
from bisect import bisect_left
from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, values

from newsroom.conf.environment import DATA_DIR, env
from newsroom.observability.metric_files import MetricFile

logger = logging.getLogger(__name__)
KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# What is counted in this process alone, where no folder can be written.
PROCESS_REGISTRY = CollectorRegistry()


def prepare_metrics_folder() -> Path | None:
    """The folder of figures, made where it is missing; None where none can be written.

    Says outright what the library else reads from the environment when it is imported, where it may
    be left over from a parent with another folder.
    """
    named = env.str("METRICS_FOLDER", default="")
    folder = Path(named) if named else DATA_DIR / "metrics" / socket.gethostname()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"{folder} may not be written.")
    except OSError as error:
        logger.warning("Figures are kept in memory alone: %s", error)
        values.ValueClass = values.MutexValue
        return None
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.MmapedDict = MetricFile  # type: ignore[attr-defined]  # the class its values are kept by
    values.ValueClass = values.MultiProcessValue()
    return folder


METRICS_FOLDER = prepare_metrics_folder()
REQUEST_BUCKETS_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
TALLY_FLUSH_SECONDS = 1.0  # seconds

REQUEST_SECONDS = Histogram(
    "newsroom_request_seconds",
    "Time to answer a request, by the name of its route, method and status.",
    ["route", "method", "status"],
    registry=PROCESS_REGISTRY,
    buckets=REQUEST_BUCKETS_SECONDS,
)
TASK_SECONDS = Histogram(
    "newsroom_task_seconds",
    "Time that a task took, by its name and outcome.",
    ["task", "outcome"],
    registry=PROCESS_REGISTRY,
    buckets=(0.01, 0.05, 0.25, 1, 2.5, 5, 15, 60),
)
BACKEND_FAILURES = Counter(
    "newsroom_backend_failures",
    "Requests that met a server that was away or a disk that was full, by backend and answer.",
    ["backend", "code"],
    registry=PROCESS_REGISTRY,
)
STALE_RESPONSES = Counter(
    "newsroom_stale_responses",
    "Public reads answered from memory because the database was away, by status.",
    ["status"],
    registry=PROCESS_REGISTRY,
)
CACHE_FALLBACKS = Counter(
    "newsroom_cache_fallbacks",
    "Operations on the cache done in the process's own memory because Redis was away, by operation.",
    ["operation"],
    registry=PROCESS_REGISTRY,
)


@cache
def publish_lag() -> Histogram:
    """Made at the first need: without labels it opens its file at once, in every command."""
    return Histogram(
        "newsroom_publish_lag_seconds",
        "Seconds between the planned time of a release and the commit that made it live.",
        registry=PROCESS_REGISTRY,
        buckets=(0.1, 0.25, 0.5, 1, 1.5, 2, 5, 10, 30, 60, 300, 3600),
    )


def observe_publish_lag(seconds: float) -> None:
    """Count one release that went out, so many seconds after its planned time."""
    publish_lag().observe(seconds)


class RequestTally:
    """Requests that were answered and are not yet in this process's file.

    Kept by the thousand a second, written once a second: a read that is answered from memory takes a
    third of a millisecond, and two values in a mapped file would be a good part of that.
    """

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.pen = threading.Lock()
        # By route, method and status: how many in each bucket, and last the sum of seconds.
        self.lines: dict[tuple[str, str, int], list[float]] = {}

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        key = (route, method, status)
        with self.guard:
            if not self.lines:
                self.write_soon()
            line = self.lines.get(key)
            if line is None:
                line = self.lines[key] = [0.0] * (len(REQUEST_BUCKETS_SECONDS) + 2)
            line[bisect_left(REQUEST_BUCKETS_SECONDS, seconds)] += 1
            line[-1] += seconds

    def write_soon(self) -> None:
        timer = threading.Timer(TALLY_FLUSH_SECONDS, self.write)
        timer.daemon = True
        timer.start()

    def write(self) -> None:
        """Put what was counted into the file; when it returns, all of it is there.

        Whoever asks while another writes waits: else a request would be in neither of the two.
        """
        with self.pen:
            with self.guard:
                lines, self.lines = self.lines, {}
            for (route, method, status), (*numbers, total) in lines.items():
                line = REQUEST_SECONDS.labels(route, method, str(status))
                line._sum.inc(total)
                for bucket, number in zip(line._buckets, numbers, strict=True):
                    if number:
                        bucket.inc(number)


REQUEST_TALLY = RequestTally()
atexit.register(REQUEST_TALLY.write)


def count_backend_failure(backend: str, code: str) -> None:
    """Count a request that was answered 503 or 507 because of a backend."""
    BACKEND_FAILURES.labels(backend, code).inc()


def count_stale_response(status: int) -> None:
    """Count a public read that was answered from memory while the database was away."""
    STALE_RESPONSES.labels(str(status)).inc()


def count_cache_fallback(operation: str) -> None:
    """Count an operation on the cache that Redis could not do."""
    CACHE_FALLBACKS.labels(operation).inc()


def observe_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request. Bounded: routes and statuses are ours, methods the known ones."""
    REQUEST_TALLY.add(route, method if method in KNOWN_METHODS else "other", status, seconds)


def observe_task(name: str, outcome: str, seconds: float) -> None:
    """Count one run of a task. `outcome` is Celery's state in small letters: success, failure, retry."""
    TASK_SECONDS.labels(name, outcome).observe(seconds)
