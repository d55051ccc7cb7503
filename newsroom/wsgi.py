"""WSGI application: Django set up, every view loaded, and the loaded objects frozen for the garbage
collector."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
application = get_wsgi_application()
# gc.freeze() takes the loaded modules out of every later collection: a full one took 87 ms and blocked all
# requests of the process, and takes less than 1 ms just after the start (docs/decisions/0003).
_ = get_resolver().url_patterns  # loads every view
gc.collect()
gc.freeze()
