"""PgBouncer in transaction mode: the races of the desk, the outbox and bundles go on through it.

Each transaction may have another connection of the server, so that nothing may outlive one: no session
variables, locks of a session, temporary tables or cursors.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from comments.moderation_statistics import moderation_statistics
from tests.desk.actions import test_desk_actions_races as desk_races
from tests.desk.actions import test_desk_bundle_races as bundle_races
from tests.outbox import test_delivery_races as delivery_races
from tests.support.loopback.pgbouncer import pgbouncer

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.pgbouncer,
    pytest.mark.django_db(transaction=True),
]
RACES = [
    desk_races.test_eight_workers_publish_once,
    desk_races.test_drafts_that_create_the_same_tags_do_not_deadlock,
    desk_races.test_correction_racing_the_scheduler_goes_live,
    desk_races.test_withdrawal_racing_publish_now_stays_withdrawn,
    desk_races.test_shared_photo_is_public_while_any_article_shows_it,
    bundle_races.test_concurrent_passes_publish_a_bundle_once,
    bundle_races.test_concurrent_bundles_of_the_same_stories_get_each_story_once,
    delivery_races.test_six_workers_fan_out_each_event_once,
]


@pytest.fixture(scope="module")
def pooled_port() -> Iterator[int]:
    with pgbouncer(os.environ["DATABASE_URL"]) as port:
        yield port


@pytest.fixture(autouse=True)
def connections_through_pgbouncer(
    pooled_port: int, transactional_db: None, settings: Any
) -> Iterator[None]:
    """Every thread connects to PgBouncer, with the settings of DATABASE_POOL_MODE=transaction; the test
    database is emptied without it."""
    settings.PREPARED_STATEMENTS = False
    database = connections.settings["default"]
    direct = {"PORT": database["PORT"], "DISABLE_SERVER_SIDE_CURSORS": False}
    connection.close()
    database |= {"PORT": str(pooled_port), "DISABLE_SERVER_SIDE_CURSORS": True}
    yield
    connection.close()
    database |= direct


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__.removeprefix("test_"))
def test_race(race: Callable[[], None], pooled_port: int) -> None:
    """What a race asserts holds through the pool."""
    race()
    assert connection.settings_dict["PORT"] == str(pooled_port)


def test_connections_are_those_of_the_pool(pooled_port: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inet_server_port()")
        assert str(cursor.fetchone()[0]) != connection.settings_dict["PORT"] == str(pooled_port)


def test_many_rows_are_read_without_a_cursor_of_the_server() -> None:
    """`iterator()` declares one otherwise, which ends with the connection's transaction."""
    today = timezone.localdate()
    assert list(moderation_statistics(today, today).periods) == [today]
