"""Actions of the outbox: publish and fan out events, lease and manage subscribers, record results."""

from outbox.actions.fan_out import fan_out_all, fan_out_batch
from outbox.actions.invalidations import delete_old_invalidations
from outbox.actions.leases import acquire_lease, release_lease, renew_lease
from outbox.actions.publish import publish_event, publish_events
from outbox.actions.replay import replay_delivery, replay_events_since, send_test_event
from outbox.actions.results import record_result, record_results
from outbox.actions.retention import DeletedCounts, delete_delivered, dismiss_delivery
from outbox.actions.subscribers import (
    add_subscriber,
    claim_failure_notice,
    disable_subscriber,
    enable_subscriber,
    rotate_secret,
    update_subscriber,
)
from outbox.retry_policy import REPEAT_PURGE_AFTER

__all__ = [
    "REPEAT_PURGE_AFTER",
    "DeletedCounts",
    "acquire_lease",
    "add_subscriber",
    "claim_failure_notice",
    "delete_delivered",
    "delete_old_invalidations",
    "disable_subscriber",
    "dismiss_delivery",
    "enable_subscriber",
    "fan_out_all",
    "fan_out_batch",
    "publish_event",
    "publish_events",
    "record_result",
    "record_results",
    "release_lease",
    "renew_lease",
    "replay_delivery",
    "replay_events_since",
    "rotate_secret",
    "send_test_event",
    "update_subscriber",
]
