"""The newsroom's own settings, with a few addresses and tasks that only tests ask for."""

from newsroom.settings import *  # noqa: F403  # all of it

ROOT_URLCONF = "tests.support.observability_urls"
CELERY_IMPORTS = ["tests.support.observability_urls"]
