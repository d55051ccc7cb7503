"""Channels: leases, state in words, fetch now, metrics, the worker."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from newsroom.errors import NotAllowed
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from tests.support.loopback.receivers import HTTPReceiver, ReceivedRequest, ReceiverResponse
from tests.wire.channels.conftest import NewChannel
from tests.wire.channels.test_folder import fetched
from wire import worker
from wire.actions.channels import fetch_due_channel, fetch_now, save_channel, switch_off, switch_on
from wire.actions.channels.fetching import run
from wire.actions.channels.leases import LEASE_DURATION, lease_channel
from wire.channel_errors import ChannelBusy, ChannelDisabled, ChannelRefused
from wire.metrics import channel_states
from wire.models import Channel, Delivery, Source, Version
from wire.tasks import fetch_channels

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], APIClient]


def test_a_channel_is_fetched_by_one_worker_until_its_lease_is_over(
    drop: Path, new_channel: NewChannel, ben: User
) -> None:
    channel = new_channel("folder", "drop")
    leased = lease_channel(channel)
    assert leased is not None
    assert fetch_due_channel(timezone.now()) is None
    with pytest.raises(ChannelBusy):
        fetch_now(channel, by=ben)
    with time_machine.travel(timezone.now() + LEASE_DURATION + timedelta(seconds=1)):
        assert fetch_due_channel(timezone.now()) is not None


def test_what_is_switched_off_is_not_fetched(
    drop: Path, new_channel: NewChannel, yonhap: Source, ben: User
) -> None:
    channel = new_channel("folder", "drop")
    switch_off(channel, by=make.chief())
    channel.refresh_from_db()
    assert fetch_due_channel(timezone.now()) is None
    with pytest.raises(ChannelDisabled):
        fetch_now(channel, by=ben)
    assert channel_states(timezone.now()) == []


def test_a_channel_at_another_address_begins_anew(
    receiver: HTTPReceiver, new_channel: NewChannel
) -> None:
    channel = new_channel("feed", receiver.url)
    receiver.answer = (200, {"ETag": '"1"'}, b"<rss/>")
    fetched(channel)
    channel.refresh_from_db()
    assert channel.etag == '"1"'
    channel.address += "/other"
    save_channel(channel, by=make.chief())
    channel.refresh_from_db()
    assert (channel.etag, channel.body_sha256) == ("", "")


def test_run_at_the_former_address_writes_nothing_any_more(
    receiver: HTTPReceiver, new_channel: NewChannel
) -> None:
    channel = new_channel("feed", receiver.url)
    receiver.answer = (200, {"ETag": '"1"'}, b"<rss/>")
    leased = lease_channel(channel)
    assert leased
    channel.address += "/other"
    save_channel(channel, by=make.chief())
    run(leased, seconds=20, by=None)
    channel.refresh_from_db()
    assert channel.address.endswith("/other")
    assert (channel.etag, channel.body_sha256, channel.last_success_at) == ("", "", None)


def test_channel_whose_address_is_allowed_no_longer_can_be_switched_off(
    new_channel: NewChannel, ben: User
) -> None:
    channel = new_channel("feed", "https://agency.example/feed")
    Channel.objects.update(address="https://agency.example:99999/feed")
    switch_off(channel, by=make.chief())
    with pytest.raises(ChannelRefused):
        switch_on(channel, by=make.chief())
    with pytest.raises(NotAllowed):
        switch_off(channel, by=ben)
    assert not Channel.objects.get().enabled


def test_failure_and_recovery_are_in_the_audit_log_once(
    receiver: HTTPReceiver, new_channel: NewChannel
) -> None:
    channel = new_channel("feed", receiver.url)
    receiver.answer = 500
    for _run in range(3):
        fetched(channel)
    receiver.answer = (200, {}, b"<rss/>")
    fetched(channel)
    verbs = Entry.objects.filter(kind="wire.channel").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["channel_set_up", "channel_failed", "channel_recovered"]


def test_one_broken_channel_does_not_keep_back_the_others(
    drop: Path, new_channel: NewChannel, receiver: HTTPReceiver
) -> None:
    receiver.answer = 500
    new_channel("feed", receiver.url)
    new_channel("folder", "nowhere")
    new_channel("folder", "drop", settle_seconds=1)
    (drop / "a.txt").write_bytes(agency_copy())
    (drop / "a.txt.done").touch()
    assert worker.fetch_due() == 3
    assert Delivery.objects.count() == 1
    assert worker.fetch_due() == 0
    assert fetch_channels() is False  # nothing is due, no thread is started


@pytest.mark.usefixtures("no_request_series_before")
def test_metrics_and_inbox_tell_of_a_way_in_that_is_stuck(
    drop: Path, new_channel: NewChannel, as_user: SignIn, ben: User
) -> None:
    channel = new_channel("folder", "nowhere")
    fetched(channel)
    (state,) = channel_states(timezone.now())
    assert (state.source, state.channel) == ("yonhap", f"folder-{channel.pk}")
    assert (state.failures, state.silent_seconds, state.stalled) == (1, None, False)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        client = as_user(ben)
        inbox = client.get(reverse("admin:wire_story_changelist")).content.decode()
        metrics = client.get("/metrics", headers={"host": "127.0.0.1"}).content.decode()
    assert "감시 폴더 nowhere에서 가져오지 못합니다" in inbox
    labels = f'{{channel="folder-{channel.pk}",source="yonhap"}}'
    assert f"newsroom_wire_channel_failures{labels} 1.0" in metrics
    assert f"newsroom_wire_channel_stalled{labels} 1.0" in metrics
    assert "newsroom_wire_pictures_waiting 0.0" in metrics


def test_fetch_now_shows_at_once_what_came(
    drop: Path, new_channel: NewChannel, as_user: SignIn, ben: User
) -> None:
    channel = new_channel("folder", "drop")
    press = reverse("admin:wire_channel_press", args=[channel.pk, "fetch"])
    client = as_user(ben)
    page = client.post(press, follow=True).content.decode()
    assert "새로 온 것은 없습니다" in page
    for name in ("a.txt", "b.txt"):
        (drop / name).write_bytes(agency_copy(name))
        (drop / f"{name}.done").touch()
    (drop / "c.txt").touch()
    (drop / "c.txt.done").touch()
    page = client.post(press, follow=True).content.decode()
    assert "새 수신 2건, 이미 있는 것 0건, 읽지 못한 것 1건. 새 기사문 2건." in page
    assert Version.objects.count() == 2
    drop.rename(drop.parent / "moved")
    page = client.post(press, follow=True).content.decode()
    assert "폴더가 없습니다" in page
    assert Entry.objects.filter(verb="fetched_now", by=ben.pk).count() == 3


def test_who_may_set_up_and_fetch(
    drop: Path, new_channel: NewChannel, as_user: SignIn, ben: User, ada: User
) -> None:
    channel = new_channel("folder", "drop")
    edit = reverse("admin:wire_channel_change", args=[channel.pk])
    press = reverse("admin:wire_channel_press", args=[channel.pk, "fetch"])
    off = reverse("admin:wire_channel_press", args=[channel.pk, "off"])
    assert as_user(ada).post(press).status_code == 403
    assert as_user(ben).get(edit).status_code == 200
    assert as_user(ben).post(off).status_code == 403
    chief = as_user(make.chief())
    values = {"source": channel.source_id, "kind": "folder", "interval": 30, "settle_seconds": 5}
    page = chief.post(edit, {**values, "address": "../secret"}).content.decode()
    assert "수신 폴더 안의 폴더 이름을 적어 주세요" in page
    assert chief.post(edit, {**values, "address": "drop/inner", "enabled": "on"}).status_code == 302
    channel.refresh_from_db()
    assert (channel.address, channel.interval) == ("drop/inner", 30)


def test_list_has_a_constant_number_of_queries(
    new_channel: NewChannel, as_user: SignIn, ben: User
) -> None:
    client, counts = as_user(ben), []
    for number in range(20):
        new_channel("folder", f"drop{number}")
        if number in {0, 19}:
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("admin:wire_channel_changelist"))
            counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_workers_fetch_a_channel_once(receiver: HTTPReceiver, new_channel: NewChannel) -> None:
    """They ask at the same moment; the server sends something else each time it is asked."""
    together = threading.Barrier(4)

    def answer(_request: ReceivedRequest) -> ReceiverResponse:
        return 200, {}, f"<rss>{len(receiver.got)}</rss>".encode()

    receiver.answer = answer
    new_channel("feed", receiver.url, interval=3600)
    results = []

    def fetch() -> None:
        together.wait(20)
        results.append(fetch_due_channel(timezone.now()))
        connections.close_all()

    threads = [threading.Thread(target=fetch) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(receiver.got) == Delivery.objects.count() == 1
    assert sum(result is not None for result in results) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_server_that_hangs_keeps_no_task_waiting(
    receiver: HTTPReceiver, new_channel: NewChannel
) -> None:
    asked, end = threading.Event(), threading.Event()

    def hang(_request: ReceivedRequest) -> ReceiverResponse:
        asked.set()
        end.wait(60)
        return 200, {}, b"<rss/>"

    receiver.answer = hang
    channel = new_channel("feed", receiver.url, interval=3600)
    thread = worker.start_fetching()  # what the task does
    assert thread is not None
    try:
        assert asked.wait(20)
        assert fetch_channels() is False  # it is leased, so nothing is due
        assert not Delivery.objects.exists()
    finally:
        end.set()
        thread.join(60)
    channel.refresh_from_db()
    assert (Delivery.objects.count(), channel.lease_token) == (1, None)
