"""Prometheus metrics of requests, tasks, publication lag, backend failures and caches.

Each process writes its values to files of its own (metric_files.py) in one folder of the machine, so
that any number of web processes, workers and commands are counted together (metrics_export.py).
"""

from functools import cache, lru_cache

from prometheus_client import CollectorRegistry, Counter, Histogram, values

from newsroom.observability.metric_files import MetricFile

KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# What /metrics shows where no folder of metric files can be written: this process alone.
PROCESS_REGISTRY = CollectorRegistry()
REQUEST_BUCKETS_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

# The class of the files of the library's multiprocess mode, before the first metric is made.
values.MmapedDict = MetricFile  # type: ignore[attr-defined]

REQUEST_SECONDS = Histogram(
    "newsroom_request_seconds",
    "Response time, by route name, method and status.",
    ["route", "method", "status"],
    registry=PROCESS_REGISTRY,
    buckets=REQUEST_BUCKETS_SECONDS,
)
TASK_SECONDS = Histogram(
    "newsroom_task_seconds",
    "Run time of Celery tasks, by name and outcome.",
    ["task", "outcome"],
    registry=PROCESS_REGISTRY,
    buckets=(0.01, 0.05, 0.25, 1, 2.5, 5, 15, 60),
)
BACKEND_FAILURES = Counter(
    "newsroom_backend_failures",
    "Requests refused because a backend was unavailable or a disk full, by backend and error code.",
    ["backend", "code"],
    registry=PROCESS_REGISTRY,
)
STALE_RESPONSES = Counter(
    "newsroom_stale_responses",
    "Public reads served stale because the database was unavailable, by status.",
    ["status"],
    registry=PROCESS_REGISTRY,
)
CACHE_FALLBACKS = Counter(
    "newsroom_cache_fallbacks",
    "Cache operations done in process memory because Redis was unavailable, by operation.",
    ["operation"],
    registry=PROCESS_REGISTRY,
)


@cache
def publish_lag() -> Histogram:
    """The histogram of publication lag, made at its first use: without labels it opens its file at once,
    which not every command should.
    """
    return Histogram(
        "newsroom_publish_lag_seconds",
        "Seconds between the due time of a release and the commit that made it live.",
        registry=PROCESS_REGISTRY,
        buckets=(0.1, 0.25, 0.5, 1, 1.5, 2, 5, 10, 30, 60, 300, 3600),
    )


def observe_publish_lag(seconds: float) -> None:
    """Count one published release, so many seconds after its due time."""
    publish_lag().observe(seconds)


def count_backend_failure(backend: str, code: str) -> None:
    """Count a request that was refused with 503 or 507 because of a backend."""
    BACKEND_FAILURES.labels(backend, code).inc()


def count_stale_response(status: int) -> None:
    """Count a public read that was served stale while the database was unavailable."""
    STALE_RESPONSES.labels(str(status)).inc()


def count_cache_fallback(operation: str) -> None:
    """Count a cache operation that Redis could not do."""
    CACHE_FALLBACKS.labels(operation).inc()


@lru_cache(maxsize=1000)
def request_histogram(route: str, method: str, status: int) -> Histogram:
    """The histogram of these labels; looking it up in the library costs a third of an observation."""
    return REQUEST_SECONDS.labels(
        route, method if method in KNOWN_METHODS else "other", str(status)
    )


def observe_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request. Labels are bounded: route names, statuses, known methods."""
    request_histogram(route, method, status).observe(seconds)


def observe_task(name: str, outcome: str, seconds: float) -> None:
    """Count one run of a task. `outcome` is Celery's state in lower case: success, failure, retry."""
    TASK_SECONDS.labels(name, outcome).observe(seconds)
