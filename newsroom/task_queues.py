"""Celery queues by urgency, and the queue of each periodic task.

A worker without `--queues` consumes all of them; on Redis it takes the tasks of the first queue that has
some (kombu's `queue_order_strategy`), so that a publication does not wait behind pictures. With `--queues`
a worker is for some alone, in the order given there (docs/scaling.md).
"""

from kombu import Exchange, Queue

PUBLISHING, DEFAULT, SEARCH, MAIL, MEDIA = "publishing", "celery", "search", "mail", "media"
QUEUE_NAMES = (PUBLISHING, DEFAULT, SEARCH, MAIL, MEDIA)  # the most urgent first

TASKS_BY_QUEUE = {
    PUBLISHING: (
        "articles.tasks.publish_poll_closed_events",
        "articles.tasks.update_change_feed",
        "desk.tasks.finish_erasures",
        "desk.tasks.publish_due",
        "outbox.tasks.deliver_due",
    ),
    SEARCH: ("articles.tasks.update_related_articles", "articles.tasks.update_search_index"),
    MAIL: (
        "accounts.tasks.mail_sign_in_alerts",
        "comments.tasks.send_notifications",
        "desk.tasks.tell_people",
    ),
    MEDIA: ("media.tasks.delete_orphaned_uploads", "media.tasks.process_uploads"),
}


def task_queues() -> list[Queue]:
    """The queues in the order of their urgency, each with an exchange of its own name."""
    return [Queue(name, Exchange(name), routing_key=name) for name in QUEUE_NAMES]


def task_routes() -> dict[str, dict[str, str]]:
    """Celery's routes: {task name: {"queue": name}}; every other task goes to the default queue."""
    return {task: {"queue": name} for name, tasks in TASKS_BY_QUEUE.items() for task in tasks}
