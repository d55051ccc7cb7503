"""Granian with the application loaded before it serves: one process, or workers forked from the loaded one.

    python -m newsroom.server.preloaded_granian [--await-input] newsroom.server.rsgi:application [OPTIONS]

The options are Granian's. Workers of `python -m granian` import the application each for themselves, which
takes more than a second; here they share one import, and most of its memory. Where Granian does not
fork (macOS, Python 3.14), they import it again.

One worker serves in the process that loaded the application: a parent that only waits for it would have
the application in its memory too (150 MB resident, of 433 of `./run`: docs/performance.md). What ends it
ends the process, and whoever started the process starts it again.

The garbage collector is off while the application is loaded: what is loaded stays, and looking through it
again and again took a tenth of the time.

With `--await-input`, only models and admin are loaded at first; the rest, which reads the collected static
files, when standard input ends. So ./run starts the web server beside `manage.py prepare`.
"""

import gc
import os
import sys
from importlib import import_module
from typing import Any

import django
from granian import cli
from granian.server import MPServer

from newsroom.admin.apps import load_admin_pages

AWAIT_INPUT = "--await-input"


class PreloadedServer(MPServer):
    """Granian's server of processes; a single worker runs in the main process instead of a child."""

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        if self.workers > 1:
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            return
        worker = self._spawn_worker(0, spawn_target, target_loader)
        if not self.interrupt_signal:
            worker.inner.run()  # multiprocessing.Process: here, until SIGINT or SIGTERM
        self.signal_handler_interrupt()  # type: ignore[no-untyped-call]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    gc.disable()
    django.setup()
    if AWAIT_INPUT in sys.argv:
        sys.argv.remove(AWAIT_INPUT)
        load_admin_pages()
        sys.stdin.read()
    import_module("newsroom.server.rsgi")
    gc.enable()
    granian: Any = cli  # which has no annotations
    if granian.Server is MPServer:  # a free-threaded Python has workers in threads
        granian.Server = PreloadedServer
    granian.entrypoint()


if __name__ == "__main__":
    main()
