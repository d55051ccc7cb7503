"""Celery queues: which task is in which, and that a worker takes the most urgent first."""

import os
import uuid
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection, Consumer, Producer

from newsroom.celery import app
from newsroom.conf.backends import redis_transport_options
from newsroom.task_queues import MEDIA, PUBLISHING, QUEUE_NAMES, TASKS_BY_QUEUE, task_queues


def test_routed_tasks_exist_and_a_worker_consumes_every_queue() -> None:
    app.loader.import_default_modules()
    routed = [task for tasks in TASKS_BY_QUEUE.values() for task in tasks]
    assert sorted(set(routed)) == sorted(routed)
    assert set(routed) <= set(app.tasks)
    assert list(app.amqp.queues.consume_from) == list(QUEUE_NAMES)


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("desk.tasks.publish_due", PUBLISHING),
        ("media.tasks.process_uploads", MEDIA),
        ("desk.tasks.back_up", "celery"),
    ],
)
def test_a_task_is_sent_to_its_queue_alone(task: str, queue: str) -> None:
    route = app.amqp.router.route({}, task)
    assert route.get("queue", app.amqp.queues[app.conf.task_default_queue]).name == queue
    assert app.amqp.queues[queue].exchange.name == app.amqp.queues[queue].routing_key == queue


@pytest.mark.redis
def test_a_publication_does_not_wait_behind_pictures() -> None:
    prefix = {"global_keyprefix": f"{os.getpid()}:{uuid.uuid4()}:"}
    received: list[str] = []
    with Connection(
        settings.REDIS_URL, transport_options=redis_transport_options(settings.REDIS_URL) | prefix
    ) as connection:
        channel: Any = connection.channel()
        queues = [queue(channel) for queue in task_queues()]
        for queue in queues:
            queue.declare()
        producer = Producer(channel)
        for name in (MEDIA, MEDIA, "celery", PUBLISHING):
            producer.publish({"queue": name}, exchange=name, routing_key=name)
        channel.basic_qos(0, 1, False)

        def receive(body: dict[str, str], message: Any) -> None:
            received.append(body["queue"])
            message.ack()

        with Consumer(channel, queues=queues, callbacks=[receive], accept=["json"]):
            while len(received) < 4:
                connection.drain_events(timeout=10)
        for queue in queues:
            queue.delete()
    assert received == [PUBLISHING, "celery", MEDIA, MEDIA]
