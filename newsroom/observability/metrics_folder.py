"""Folder of metric files for prometheus_client's multiprocess mode.

One for each machine, by its host name: process ids mean nothing on another machine, nor in another
container. ./run empties it at every start, as the library asks.
"""

import logging
import os
import socket
from pathlib import Path

from newsroom.conf.environment import DATA_DIR, env

logger = logging.getLogger(__name__)
MULTIPROCESS_VARIABLE = (
    "PROMETHEUS_MULTIPROC_DIR"  # the library's; a parent may have set another folder
)


def prepare_metrics_folder() -> Path | None:
    """Make the folder and set PROMETHEUS_MULTIPROC_DIR; None, and no variable, where it is not writable."""
    configured = env.str("METRICS_FOLDER", default="")
    folder = Path(configured) if configured else DATA_DIR / "metrics" / socket.gethostname()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"{folder} may not be written.")
    except OSError as error:
        logger.warning("Metrics are kept in memory alone: %s", error)
        os.environ.pop(MULTIPROCESS_VARIABLE, None)
        return None
    os.environ[MULTIPROCESS_VARIABLE] = str(folder)
    return folder


METRICS_FOLDER = prepare_metrics_folder()
