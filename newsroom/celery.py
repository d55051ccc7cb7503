"""The worker's and the beat's application.

Tasks find due rows and may run twice; no effect depends on one message (docs/house.md, section 6).
Every entry expires, so that a worker that was away does not meet an hour of ticks.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

app = Celery("newsroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "publish-due": {
        "task": "desk.tasks.publish_due",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "deliver-due": {
        "task": "dispatch.tasks.deliver_due",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "parse-waiting": {
        "task": "wire.tasks.parse_waiting",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "clear-sessions": {
        "task": "newsroom.tasks.clear_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "sweep-queue": {
        "task": "newsroom.tasks.sweep_queue",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
}
