"""What the web server runs."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
# Threads wait for each other's turn with the interpreter no longer than about one answer takes. With
# Python's own 5 ms a thread that has its answer ready may be passed over a hundred times, since who
# gives the turn back takes it again at once: a hundredth of the readers waited for 70 to 300 ms
# (docs/performance.md).
sys.setswitchinterval(0.0001)
application = get_wsgi_application()
# What is loaded stays: the garbage collector, which holds up every reader while it looks, need not look
# there each time (87 ms; less than one just after the start).
_ = get_resolver().url_patterns  # loads every view
gc.collect()
gc.freeze()
