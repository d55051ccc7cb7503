"""Series of requests that earlier tests of a process counted, taken out of its metric file."""

from typing import Any

from newsroom.observability.metric_files import HEADER_BYTES
from newsroom.observability.metrics import REQUEST_SECONDS, request_histogram


def forget_request_series() -> None:
    """Leave the requests of earlier tests out of expositions. Those of the canaries and sweeps are
    thousands of series, which take a second to render, and another one to parse.

    Other metrics are back in the file with their next value.
    """
    file: Any = request_histogram("unresolved", "GET", 404)._sum._file  # of all histograms
    REQUEST_SECONDS._metrics.clear()  # `clear` warns that values stay in the file
    request_histogram.cache_clear()
    file._positions.clear()
    file._used = HEADER_BYTES
    file._m[:HEADER_BYTES] = HEADER_BYTES.to_bytes(HEADER_BYTES, "little")
    file._write(0, HEADER_BYTES)
