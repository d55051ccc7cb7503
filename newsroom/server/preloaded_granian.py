"""Granian with the application loaded before its workers are forked.

    python -m newsroom.server.preloaded_granian [--await-input] newsroom.server.rsgi:application [OPTIONS]

The options are Granian's. Workers of `python -m granian` import the application each for themselves, which
takes more than a second; here they share one import, and most of its memory. Where Granian does not
fork (macOS, Python 3.14), they import it again.

With `--await-input`, only models and admin are loaded at first; the rest, which reads the collected static
files, when standard input ends. So ./run starts the web server beside `manage.py prepare`.
"""

import os
import sys
from importlib import import_module

import django
from granian.cli import entrypoint

from newsroom.admin.apps import load_admin_pages

AWAIT_INPUT = "--await-input"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    if AWAIT_INPUT in sys.argv:
        sys.argv.remove(AWAIT_INPUT)
        load_admin_pages()
        sys.stdin.read()
    import_module("newsroom.server.rsgi")
    entrypoint()  # type: ignore[no-untyped-call]  # Granian's has no annotations


if __name__ == "__main__":
    main()
