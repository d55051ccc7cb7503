"""What the web server runs."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
# Threads wait for each other's turn with the interpreter no longer than about one answer takes. With
# Python's own 5 ms a thread that has its answer ready may be passed over a hundred times, since who
# gives the turn back takes it again at once: a hundredth of the readers waited for 70 to 300 ms
# (docs/performance.md).
sys.setswitchinterval(0.0001)
application = get_wsgi_application()
