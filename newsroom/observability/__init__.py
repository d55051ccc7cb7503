"""Observability: log, redaction, metrics, tracing, error reports, storage probe.

Importing the package names the folder of metric files to prometheus_client, which reads
PROMETHEUS_MULTIPROC_DIR when it is first imported.
"""

from newsroom.observability.metrics_folder import METRICS_FOLDER

__all__ = ["METRICS_FOLDER"]
