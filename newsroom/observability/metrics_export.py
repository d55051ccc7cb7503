"""Prometheus endpoint: the metrics of all processes as text, who may read them, and a worker's port."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from secrets import compare_digest
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from newsroom.http.client_ip import client_ip
from newsroom.observability import METRICS_FOLDER
from newsroom.observability.metric_files import HEADER_BYTES
from newsroom.observability.metrics import PROCESS_REGISTRY

METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# A worker's port is served without Django: those of newsroom/http/security_headers.py that matter there.
SECURITY_HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
]


def may_read_metrics(meta: Mapping[str, Any]) -> bool:
    """Whether the sender of a request (WSGI environment) is in METRICS_NETWORKS or has METRICS_TOKEN."""
    authorization = str(meta.get("HTTP_AUTHORIZATION", ""))
    if settings.METRICS_TOKEN and compare_digest(
        authorization.encode("utf-8", "replace"), f"Bearer {settings.METRICS_TOKEN}".encode()
    ):
        return True
    address = client_ip(meta, proxies=settings.TRUSTED_PROXIES)
    return address is not None and any(address in net for net in settings.METRICS_NETWORKS)


class ProcessFilesCollector(MultiProcessCollector):
    """The library's collector for multiprocess mode, without files that a process has only just created.

    It sums over living and dead processes. There are no gauges in the files, so `mark_process_dead` would
    have nothing to remove.
    """

    def __init__(self, registry: CollectorRegistry, folder: Path) -> None:
        super().__init__(registry, path=str(folder))  # type: ignore[no-untyped-call]
        self.folder = folder

    def collect(self) -> Iterable[Metric]:
        files = [f for f in self.folder.glob("*.db") if f.stat().st_size >= HEADER_BYTES]
        metrics: Iterable[Metric] = self.merge(map(str, files))  # type: ignore[no-untyped-call]
        return metrics


class StaticCollector:
    """Metrics that were read for this exposition."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self.metrics


def render_metrics(*more: Metric, folder: Path | None = METRICS_FOLDER) -> bytes:
    """The exposition in the text format 0.0.4: the metrics of all processes, and `more`."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(StaticCollector(more))
    if folder:
        ProcessFilesCollector(registry, folder)
    else:
        registry.register(PROCESS_REGISTRY)
    return generate_latest(registry)


# -- The port of a worker, on machines without a web server ----------------------------------------------
# The library's own `start_wsgi_server` has no access control.


class MetricsServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class SilentRequestHandler(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """No log line: Prometheus asks every few seconds."""


def metrics_application(meta: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """WSGI application: the exposition at /metrics for those who may read it, 404 for everything else."""
    is_read = meta.get("REQUEST_METHOD") in {"GET", "HEAD"} and meta.get("PATH_INFO") == "/metrics"
    if not (is_read and may_read_metrics(meta)):
        empty = [("Content-Type", "text/plain"), ("Content-Length", "0")]
        start_response("404 Not Found", empty + SECURITY_HEADERS)
        return [b""]
    body = render_metrics()
    headers = [("Content-Type", METRICS_CONTENT_TYPE), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers + SECURITY_HEADERS)
    return [b"" if meta["REQUEST_METHOD"] == "HEAD" else body]


def start_metrics_server(port: int) -> MetricsServer:
    """Serve metrics at this port of every address of the machine until the process ends.

    Raises OSError where the port is taken.
    """
    server = make_server(
        "",
        port,
        metrics_application,
        server_class=MetricsServer,
        handler_class=SilentRequestHandler,
    )
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
