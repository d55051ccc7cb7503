"""Settings of a newsroom whose response cache resolves invalidations of articles into no key at all."""

from newsroom.settings import *  # noqa: F403  # all of them, as they are
from newsroom.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.faults.deaf_cache.DeafCacheConfig"]
