"""What this house counts, told to Prometheus: added up over its processes, and to whom."""

import logging
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from secrets import compare_digest
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from newsroom.file_lock import folder_lock
from newsroom.http.client_ip import client_ip
from newsroom.observability.metric_files import HEADER_BYTES, MetricFile, read_metric_values
from newsroom.observability.metrics import METRICS_FOLDER, PROCESS_REGISTRY, REQUEST_TALLY

logger = logging.getLogger(__name__)
METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
KINDS = ("counter", "histogram")
# A worker's own door stands outside of Django; what matters there of newsroom/http/security_headers.py.
SECURITY_HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
]
DEPARTED = "departed"  # where the figures of processes that ended are added up


def may_read_metrics(meta: Mapping[str, Any]) -> bool:
    """Whether whoever sends this (a WSGI environment) comes from METRICS_NETWORKS or has METRICS_TOKEN."""
    given = str(meta.get("HTTP_AUTHORIZATION", ""))
    if settings.METRICS_TOKEN and compare_digest(
        given.encode("utf-8", "replace"), f"Bearer {settings.METRICS_TOKEN}".encode()
    ):
        return True
    address = client_ip(meta, proxies=settings.TRUSTED_PROXIES)
    return address is not None and any(address in net for net in settings.METRICS_NETWORKS)


class ProcessFilesCollector:
    """The figures of all processes that share this machine's folder, of those too that have ended."""

    def __init__(self, folder: Path | None = METRICS_FOLDER) -> None:
        self.folder = folder

    def collect(self) -> Iterable[Metric]:
        if self.folder is None:
            return PROCESS_REGISTRY.collect()
        files = [
            str(file) for file in self.folder.glob("*.db") if file.stat().st_size >= HEADER_BYTES
        ]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)
        return found


class StaticCollector:
    """Figures read at the moment of the question."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self.metrics


def render_metrics(*more: Metric, folder: Path | None = METRICS_FOLDER) -> bytes:
    """The exposition, in the text format 0.0.4: what was counted, and `more`."""
    REQUEST_TALLY.write()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(StaticCollector(more))
    registry.register(ProcessFilesCollector(folder))
    # One process at a time: files of the departed must not be added up by two, nor read in between.
    with folder_lock(folder) if folder else nullcontext():
        if folder:
            merge_dead_process_files(folder)
        return generate_latest(registry)


def merge_dead_process_files(folder: Path) -> None:
    """Add the files of processes that ended to one file of all of them; the sums stay what they are,
    the folder does not grow with every restart. Where the disk is full they stay as they are."""
    for kind in KINDS:
        grave = folder / f"{kind}_{DEPARTED}.db"
        dead = [
            file for file in folder.glob(f"{kind}_*.db") if file != grave and is_process_dead(file)
        ]
        if not dead:
            continue
        sums: defaultdict[str, float] = defaultdict(float)
        for file in (grave, *dead):
            for key, value, *_rest in read_metric_values(file) if file.exists() else ():
                sums[key] += value
        try:
            write_merged_values(grave, sums)
        except OSError as error:
            logger.warning("Figures of ended processes are not added up: %s", error)
            continue
        for file in dead:
            file.unlink()


def write_merged_values(file: Path, sums: Mapping[str, float]) -> None:
    """Replace a file of figures by another, whole. Raises OSError, and leaves the old one then."""
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        book = MetricFile(str(part), strict=True)
        for key, value in sums.items():
            book.write_value(key, value, 0.0)
        book.close()
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def is_process_dead(file: Path) -> bool:
    """Whether the process is gone whose number is in the name of the file."""
    number = file.stem.rpartition("_")[2]
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


# -- A door of its own, for workers on machines without a web server ---------------------------------


class MetricsServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class SilentRequestHandler(WSGIRequestHandler):
    def log_message(self, *_words: Any) -> None:
        """Nothing in the log: asked every few seconds."""


def metrics_application(meta: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """The exposition at /metrics for whoever may read it; 404 for everybody and everything else."""
    asked = meta.get("REQUEST_METHOD") in {"GET", "HEAD"} and meta.get("PATH_INFO") == "/metrics"
    if not (asked and may_read_metrics(meta)):
        empty = [("Content-Type", "text/plain"), ("Content-Length", "0")]
        start_response("404 Not Found", empty + SECURITY_HEADERS)
        return [b""]
    body = render_metrics()
    measured = [("Content-Type", METRICS_CONTENT_TYPE), ("Content-Length", str(len(body)))]
    start_response("200 OK", measured + SECURITY_HEADERS)
    return [b"" if meta["REQUEST_METHOD"] == "HEAD" else body]


def start_metrics_server(port: int) -> MetricsServer:
    """Answer at this port of every address of this machine until the process ends.

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
