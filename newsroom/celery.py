"""Celery application of worker and beat, and the schedule of periodic tasks.

Tasks find due rows and may run twice; no effect depends on one message (docs/house.md).  Every entry
expires, so that a worker that was away does not run an hour of them at once.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import task_prerun
from django.db import close_old_connections

from newsroom.embedded_beat import EmbeddedBeat
from newsroom.observability import worker_metrics
from newsroom.task_queues import task_queues, task_routes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
# Worker and beat would run the system checks and drop their result. These load all views, forms and admin
# pages: nearly half of the processor time of a start. `manage.py prepare` runs those that count.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

# Celery would close the database connection after each task and, eight times a second, open one for the
# next, which takes PostgreSQL and the worker 16 ms of processor time (SCRAM).
TASKS_PER_CONNECTION = 1000

app = Celery("newsroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.task_queues = task_queues()
app.conf.task_routes = task_routes()
app.conf["CELERY_DB_REUSE_MAX"] = TASKS_PER_CONNECTION
worker_metrics.connect_task_signals()
app.steps["worker"].add(EmbeddedBeat)


@task_prerun.connect
def close_unusable_connections(sender: Any, **_more: Any) -> None:
    """Before a task: close the connections that broke in an earlier one, or are too old (CONN_MAX_AGE)."""
    if not sender.request.is_eager:
        close_old_connections()


app.conf.beat_schedule = {
    "publish-due": {
        "task": "desk.tasks.publish_due",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "deliver-due": {
        "task": "outbox.tasks.deliver_due",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    # Checks whether a backup is due: once after BACKUP_HOUR, and again after one that failed.
    "back-up": {
        "task": "desk.tasks.back_up",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "delete-old-invalidations": {
        "task": "outbox.tasks.delete_old_invalidations",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "tidy-outbox": {
        "task": "outbox.tasks.tidy_outbox",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 3600},
    },
    "delete-settled-notices": {
        "task": "desk.tasks.delete_settled_notices",
        "schedule": crontab(hour=4, minute=40),
        "options": {"expires": 3600},
    },
    "delete-old-autosaves": {
        "task": "desk.tasks.delete_old_autosaves",
        "schedule": crontab(hour=4, minute=55),
        "options": {"expires": 3600},
    },
    "delete-outdated-identities": {
        "task": "accounts.tasks.delete_outdated",
        "schedule": crontab(hour=4, minute=35),
        "options": {"expires": 3600},
    },
    "close-due-accounts": {
        "task": "pages.tasks.close_due_accounts",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "delete-old-former-texts": {
        "task": "comments.tasks.delete_old_former_texts",
        "schedule": crontab(hour=4, minute=45),
        "options": {"expires": 3600},
    },
    # Deletes files and comments of an article that was erased by law, once that is committed.
    "finish-erasures": {
        "task": "desk.tasks.finish_erasures",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "erase-claimants": {
        "task": "desk.tasks.erase_claimants",
        "schedule": crontab(hour=4, minute=50),
        "options": {"expires": 3600},
    },
    "tell-people": {
        "task": "desk.tasks.tell_people",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "check-links": {
        "task": "desk.tasks.check_links",
        "schedule": 3.0,
        "options": {"expires": 5},
    },
    "ask-assistant": {
        "task": "desk.tasks.ask_assistant",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "mail-sign-in-alerts": {
        "task": "accounts.tasks.mail_sign_in_alerts",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "send-notifications": {
        "task": "comments.tasks.send_notifications",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "delete-old-notifications": {
        "task": "comments.tasks.delete_notifications",
        "schedule": crontab(hour=4, minute=45),
        "options": {"expires": 3600},
    },
    "publish-poll-closed-events": {
        "task": "articles.tasks.publish_poll_closed_events",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "check-poll-tallies": {
        "task": "polls.tasks.check_tallies",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "classify-comments": {
        "task": "comments.tasks.classify_due",
        "schedule": 2.0,
        "options": {"expires": 5},
    },
    "run-word-list-trials": {
        "task": "comments.tasks.run_trials",
        "schedule": 3.0,
        "options": {"expires": 5},
    },
    "unlink-closed-polls": {
        "task": "polls.tasks.unlink_closed_polls",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "delete-old-similarity-bands": {
        "task": "comments.tasks.delete_old_similarity_bands",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "delete-idempotency-keys": {
        "task": "comments.tasks.delete_idempotency_keys",
        "schedule": crontab(hour=4, minute=50),
        "options": {"expires": 3600},
    },
    "end-comment-blocks": {
        "task": "comments.tasks.end_blocks",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "check-comment-counts": {
        "task": "comments.tasks.check_counts",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "watch-comment-surges": {
        "task": "comments.tasks.watch_for_surges",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "erase-block-contacts": {
        "task": "comments.tasks.erase_contacts",
        "schedule": crontab(hour=4, minute=45),
        "options": {"expires": 3600},
    },
    "update-change-feed": {
        "task": "articles.tasks.update_change_feed",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "update-search-index": {
        "task": "articles.tasks.update_search_index",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "update-related-articles": {
        "task": "articles.tasks.update_related_articles",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "count-views": {
        "task": "articles.tasks.count_views",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "purge-view-records": {
        "task": "articles.tasks.purge_view_records",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "parse-waiting": {
        "task": "wire.tasks.parse_waiting",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "prune-match-terms": {
        "task": "wire.tasks.prune_match_terms",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "fetch-channels": {
        "task": "wire.tasks.fetch_channels",
        "schedule": 3.0,
        "options": {"expires": 5},
    },
    "process-uploads": {
        "task": "media.tasks.process_uploads",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "delete-orphaned-uploads": {
        "task": "media.tasks.delete_orphaned_uploads",
        "schedule": crontab(hour=5, minute=0),
        "options": {"expires": 3600},
    },
    "clear-sessions": {
        "task": "newsroom.tasks.clear_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
