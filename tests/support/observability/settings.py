"""Settings for tests of observability: the newsroom's, with URLs and tasks that only tests use."""

from newsroom.settings import *  # noqa: F403  # all of it

ROOT_URLCONF = "tests.support.observability.urls"
CELERY_IMPORTS = ["tests.support.observability.urls"]
