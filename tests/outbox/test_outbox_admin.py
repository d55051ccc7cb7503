"""Admin of the outbox: secrets are shown once, buttons run the actions."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.descriptions import format_entries
from audit.models import Entry
from outbox.actions import disable_subscriber, fan_out_all
from outbox.models import Attempt, Delivery, Subscriber
from outbox.retry_policy import WEBHOOK_RETRY_DELAYS
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import make_retries_due, only_delivery, publish_test_event, subscriber

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.com/in"


@pytest.fixture
def desk(client: Client, chief: User) -> Client:
    """A client signed in as chief editor."""
    client.force_login(chief)
    return client


def form_data(**over: Any) -> dict[str, Any]:
    return {
        "name": "협력사",
        "kind": "webhook",
        "url": HOOK,
        "events": "article.*\ncomment.posted",
        "options": "{}",
        "key": "",
    } | over


def add(desk: Client, **over: Any) -> Any:
    return desk.post(reverse("admin:outbox_subscriber_add"), form_data(**over))


def press_button(desk: Client, thing: Any, verb: str, **data: Any) -> Any:
    name = f"admin:outbox_{thing._meta.model_name}_press"
    return desk.post(reverse(name, args=[thing.pk, verb]), data, follow=True)


def test_secret_of_a_new_webhook_is_shown_once(desk: Client) -> None:
    response = add(desk)
    hook = Subscriber.objects.get()
    secret = hook.secrets[0]["secret"]
    assert hook.events == ["article.*", "comment.posted"]
    assert hook.changed_by == "chief"
    assert secret.startswith("whsec_")
    assert secret in response.text
    assert "no-store" in response["Cache-Control"]
    page = reverse("admin:outbox_subscriber_change", args=[hook.pk])
    for address in (page, reverse("admin:outbox_subscriber_changelist")):
        assert "whsec_" not in desk.get(address).text


def test_service_key_is_never_shown(desk: Client) -> None:
    response = add(desk, kind="indexnow", key="our-indexnow-key", events="article.*")
    engine = Subscriber.objects.get()
    page = desk.get(reverse("admin:outbox_subscriber_change", args=[engine.pk])).text
    assert response.status_code == 302
    assert engine.secrets[0]["secret"] == "our-indexnow-key"
    assert "our-indexnow-key" not in page


def test_rotate_button_shows_the_new_secret_once(desk: Client) -> None:
    hook = subscriber(HOOK)
    former = hook.secrets[0]["secret"]
    address = reverse("admin:outbox_subscriber_new_secret", args=[hook.pk])
    assert desk.get(address).status_code == 405
    response = desk.post(address)
    hook.refresh_from_db()
    assert hook.secrets[0]["secret"] in response.text
    assert former not in response.text
    assert [entry["secret"] for entry in hook.secrets][1:] == [former]


def test_private_url_is_refused_and_the_form_keeps_its_values(desk: Client) -> None:
    response = add(desk, url="http://169.254.169.254/latest/")
    assert response.status_code == 200
    assert "OUTBOX_PRIVATE_NETWORKS" in response.text
    assert "협력사" in response.text
    assert Subscriber.objects.count() == 0


@pytest.mark.parametrize(
    "over",
    [{"events": ""}, {"options": "{"}, {"options": "[1]"}, {"events": "<script>"}, {"kind": "x"},
     {"name": ""}, {"url": ""}, {"url": "http://a" * 200}, {"kind": "purge_fastly"}],
)  # fmt: skip
def test_invalid_subscriber_is_not_saved(desk: Client, over: dict[str, Any]) -> None:
    assert add(desk, **over).status_code == 200
    assert Subscriber.objects.count() == 0


def test_subscriber_is_updated_in_the_form(desk: Client) -> None:
    hook = subscriber(HOOK)
    address = reverse("admin:outbox_subscriber_change", args=[hook.pk])
    desk.post(address, form_data(name="새 이름", kind="websub"))
    hook.refresh_from_db()
    assert (hook.name, hook.kind, len(hook.secrets)) == ("새 이름", "webhook", 1)


def test_button_sends_a_test_event(desk: Client, receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    response = press_button(desk, hook, "ping")
    deliver_all_due()
    assert "시험을 보냈습니다" in response.text
    assert len(receiver.got) == 1


def test_buttons_disable_and_enable_a_subscriber(desk: Client) -> None:
    hook = subscriber(HOOK)
    press_button(desk, hook, "off", reason="점검 중")
    hook.refresh_from_db()
    assert hook.disabled_reason == "점검 중"
    page = desk.get(reverse("admin:outbox_subscriber_change", args=[hook.pk])).text
    assert "점검 중" in page
    press_button(desk, hook, "on")
    hook.refresh_from_db()
    assert hook.is_active()


def test_button_replays_events_since_a_time(desk: Client, receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    today = timezone.localtime()
    press_button(desk, hook, "replay", since_0=f"{today:%Y-%m-%d}", since_1="00:00")
    deliver_all_due()
    assert len(receiver.got) == 2


def test_delivery_page_shows_attempts_and_replays(desk: Client, receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = (418, {}, b"<script>alert(1)</script> teapot")
    deliver_all_due()
    delivery = only_delivery()
    page = desk.get(reverse("admin:outbox_delivery_change", args=[delivery.pk])).text
    assert "418" in page
    assert "teapot" in page
    assert "<script>alert(1)" not in page
    receiver.answer = 200
    press_button(desk, delivery, "replay")
    deliver_all_due()
    assert only_delivery().state == "done"


def test_button_dismisses_a_delivery_given_up(desk: Client, receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    for _ in WEBHOOK_RETRY_DELAYS:
        make_retries_due()
        deliver_all_due()
    delivery = only_delivery()
    address = reverse("admin:outbox_delivery_change", args=[delivery.pk])
    assert "확인하고 치우기" in desk.get(address).text
    press_button(desk, delivery, "aside")
    assert only_delivery().dismissed_at
    assert "확인하고 치우기" not in desk.get(address).text
    assert "확인하고 치움" in [
        line.action for line in format_entries(Entry.objects.filter(verb="put_aside"))
    ]


def test_subscriber_list_shows_failures(desk: Client, receiver: HTTPReceiver) -> None:
    failing = subscriber(receiver.url, name="실패하는 곳")
    off = subscriber(HOOK, name="꺼진 곳")
    publish_test_event()
    receiver.answer = 500
    disable_subscriber(off, reason="점검", by=make.ben())
    for _ in range(10):
        make_retries_due()
        deliver_all_due()
    failing.refresh_from_db()
    page = desk.get(reverse("admin:outbox_subscriber_changelist")).text
    assert "부터 실패" in page
    assert "부터 꺼짐" in page


@pytest.mark.parametrize("role", ["reporter", "editor", "moderator"])
def test_only_chief_editors_manage_subscribers(client: Client, role: str) -> None:
    hook = subscriber(HOOK)
    client.force_login(make.staff(f"somebody-{role}", role=role))
    assert add(client).status_code == 403
    assert press_button(client, hook, "ping").status_code == 403
    secret = reverse("admin:outbox_subscriber_new_secret", args=[hook.pk])
    assert client.post(secret).status_code == 403
    assert client.get(reverse("admin:outbox_delivery_changelist")).status_code == 403
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("model", ["event", "subscriber", "delivery"])
def test_admin_lists_need_as_many_queries_for_one_row_as_for_twenty(
    desk: Client, model: str, language: str
) -> None:
    desk.cookies["django_language"] = language
    address = reverse(f"admin:outbox_{model}_changelist")

    def count_queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    def add_row() -> None:
        hook = subscriber(HOOK)
        publish_test_event(f"기사-{hook.pk}")
        fan_out_all()

    add_row()
    desk.get(address)
    one = count_queries()
    for _ in range(5):
        add_row()
    assert count_queries() == one


def test_delivery_page_with_many_attempts_needs_no_more_queries(desk: Client) -> None:
    subscriber(HOOK)
    publish_test_event()
    fan_out_all()
    delivery = only_delivery()
    address = reverse("admin:outbox_delivery_change", args=[delivery.pk])
    for number in range(40):
        Attempt.objects.create(delivery=delivery, at=timezone.now(), duration_ms=number, status=500)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    assert len(queries) <= 8


def test_subscriber_changes_are_audited_without_keys(
    desk: Client,
) -> None:
    add(desk)
    hook = Subscriber.objects.get()
    page = reverse("admin:outbox_subscriber_change", args=[hook.pk])
    desk.post(page, form_data(url="https://hooks.example.com/other"))
    desk.post(reverse("admin:outbox_subscriber_new_secret", args=[hook.pk]))
    press_button(desk, hook, "off", reason="점검")
    press_button(desk, hook, "on")
    press_button(desk, hook, "ping")
    entries = Entry.objects.filter(kind="outbox.subscriber").order_by("pk")
    verbs = ["added", "changed", "rotated", "switched_off", "switched_on", "tested"]
    assert [entry.verb for entry in entries] == verbs
    assert entries[1].details == {"changed": ["url"]}
    assert entries[3].details == {"reason": "점검"}
    assert "whsec" not in str(list(entries.values()))
