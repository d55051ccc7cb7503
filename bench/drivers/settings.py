"""Settings of the benchmark: the newsroom's with one URL more. Refuses to load without BENCH=1."""

import os

from django.core.exceptions import ImproperlyConfigured

from newsroom.settings import *  # noqa: F403  # all of them, as they are

if os.environ.get("BENCH") != "1":
    raise ImproperlyConfigured(
        "bench.drivers.settings is for `python -m bench`, which sets BENCH=1."
    )

ROOT_URLCONF = "bench.drivers.urls"
