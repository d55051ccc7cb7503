"""The outbox in the admin: secrets are shown once, buttons help a delivery along."""

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
from tests.support.outbox import make_retries_due, only_delivery, publish_test_event, subscriber
from tests.support.receivers import HTTPReceiver

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.com/in"


@pytest.fixture
def desk(client: Client, chief: User) -> Client:
    """A browser of the chief editor, who may do this."""
    client.force_login(chief)
    return client


def filled_in(**over: Any) -> dict[str, Any]:
    return {
        "name": "협력사",
        "kind": "webhook",
        "url": HOOK,
        "events": "article.*\ncomment.posted",
        "options": "{}",
        "key": "",
    } | over


def add(desk: Client, **over: Any) -> Any:
    return desk.post(reverse("admin:outbox_subscriber_add"), filled_in(**over))


def press(desk: Client, thing: Any, verb: str, **asked: Any) -> Any:
    name = f"admin:outbox_{thing._meta.model_name}_press"
    return desk.post(reverse(name, args=[thing.pk, verb]), asked, follow=True)


def test_a_new_webhook_s_secret_is_shown_once(desk: Client) -> None:
    answer = add(desk)
    hook = Subscriber.objects.get()
    secret = hook.secrets[0]["secret"]
    assert hook.events == ["article.*", "comment.posted"]
    assert hook.changed_by == "chief"
    assert secret.startswith("whsec_")
    assert secret in answer.text
    assert "no-store" in answer["Cache-Control"]
    page = reverse("admin:outbox_subscriber_change", args=[hook.pk])
    for address in (page, reverse("admin:outbox_subscriber_changelist")):
        assert "whsec_" not in desk.get(address).text


def test_a_key_from_outside_is_never_shown(desk: Client) -> None:
    answer = add(desk, kind="indexnow", key="our-indexnow-key", events="article.*")
    engine = Subscriber.objects.get()
    page = desk.get(reverse("admin:outbox_subscriber_change", args=[engine.pk])).text
    assert answer.status_code == 302
    assert engine.secrets[0]["secret"] == "our-indexnow-key"
    assert "our-indexnow-key" not in page


def test_a_new_secret_is_made_by_a_button_and_shown_once(desk: Client) -> None:
    hook = subscriber(HOOK)
    former = hook.secrets[0]["secret"]
    address = reverse("admin:outbox_subscriber_new_secret", args=[hook.pk])
    assert desk.get(address).status_code == 405
    answer = desk.post(address)
    hook.refresh_from_db()
    assert hook.secrets[0]["secret"] in answer.text
    assert former not in answer.text
    assert [kept["secret"] for kept in hook.secrets][1:] == [former]


def test_an_inner_address_is_refused_with_the_form_as_it_was(desk: Client) -> None:
    answer = add(desk, url="http://169.254.169.254/latest/")
    assert answer.status_code == 200
    assert "DISPATCH_PRIVATE_NETWORKS" in answer.text
    assert "협력사" in answer.text
    assert Subscriber.objects.count() == 0


@pytest.mark.parametrize(
    "over",
    [{"events": ""}, {"options": "{"}, {"options": "[1]"}, {"events": "<script>"}, {"kind": "x"},
     {"name": ""}, {"url": ""}, {"url": "http://a" * 200}, {"kind": "purge_fastly"}],
)  # fmt: skip
def test_what_cannot_work_is_not_kept(desk: Client, over: dict[str, Any]) -> None:
    assert add(desk, **over).status_code == 200
    assert Subscriber.objects.count() == 0


def test_a_subscriber_is_changed_through_the_form(desk: Client) -> None:
    hook = subscriber(HOOK)
    address = reverse("admin:outbox_subscriber_change", args=[hook.pk])
    desk.post(address, filled_in(name="새 이름", kind="websub"))
    hook.refresh_from_db()
    assert (hook.name, hook.kind, len(hook.secrets)) == ("새 이름", "webhook", 1)


def test_a_test_is_sent_by_a_button(desk: Client, receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    answer = press(desk, hook, "ping")
    deliver_all_due()
    assert "시험을 보냈습니다" in answer.text
    assert len(receiver.got) == 1


def test_off_and_on_by_buttons(desk: Client) -> None:
    hook = subscriber(HOOK)
    press(desk, hook, "off", reason="점검 중")
    hook.refresh_from_db()
    assert hook.disabled_reason == "점검 중"
    page = desk.get(reverse("admin:outbox_subscriber_change", args=[hook.pk])).text
    assert "점검 중" in page
    press(desk, hook, "on")
    hook.refresh_from_db()
    assert hook.is_active()


def test_everything_since_a_moment_goes_out_again_by_a_button(
    desk: Client, receiver: HTTPReceiver
) -> None:
    hook = subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    today = timezone.localtime()
    press(desk, hook, "replay", since_0=f"{today:%Y-%m-%d}", since_1="00:00")
    deliver_all_due()
    assert len(receiver.got) == 2


def test_a_delivery_shows_every_answer_and_is_sent_again_by_a_button(
    desk: Client, receiver: HTTPReceiver
) -> None:
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
    press(desk, delivery, "replay")
    deliver_all_due()
    assert only_delivery().state == "done"


def test_what_was_given_up_is_put_aside_by_a_button(desk: Client, receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    for _ in WEBHOOK_RETRY_DELAYS:
        make_retries_due()
        deliver_all_due()
    delivery = only_delivery()
    address = reverse("admin:outbox_delivery_change", args=[delivery.pk])
    assert "확인하고 치우기" in desk.get(address).text
    press(desk, delivery, "aside")
    assert only_delivery().dismissed_at
    assert "확인하고 치우기" not in desk.get(address).text
    assert "확인하고 치움" in [
        line.action for line in format_entries(Entry.objects.filter(verb="put_aside"))
    ]


def test_what_is_wrong_is_seen_in_the_list(desk: Client, receiver: HTTPReceiver) -> None:
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
def test_only_the_chief_editor_decides_who_hears(client: Client, role: str) -> None:
    hook = subscriber(HOOK)
    client.force_login(make.staff(f"somebody-{role}", role=role))
    assert add(client).status_code == 403
    assert press(client, hook, "ping").status_code == 403
    secret = reverse("admin:outbox_subscriber_new_secret", args=[hook.pk])
    assert client.post(secret).status_code == 403
    assert client.get(reverse("admin:outbox_delivery_changelist")).status_code == 403
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("model", ["event", "subscriber", "delivery"])
def test_the_lists_ask_the_database_as_often_for_one_row_as_for_twenty(
    desk: Client, model: str, language: str
) -> None:
    desk.cookies["django_language"] = language
    address = reverse(f"admin:outbox_{model}_changelist")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    def one_more() -> None:
        hook = subscriber(HOOK)
        publish_test_event(f"기사-{hook.pk}")
        fan_out_all()

    one_more()
    desk.get(address)
    one = queries()
    for _ in range(5):
        one_more()
    assert queries() == one


def test_a_page_with_many_attempts_asks_no_more(desk: Client) -> None:
    subscriber(HOOK)
    publish_test_event()
    fan_out_all()
    delivery = only_delivery()
    address = reverse("admin:outbox_delivery_change", args=[delivery.pk])
    for number in range(40):
        Attempt.objects.create(delivery=delivery, at=timezone.now(), duration_ms=number, status=500)
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(address).status_code == 200
    assert len(asked) <= 8


def test_what_people_do_with_subscribers_is_in_the_audit_log_and_no_key_with_it(
    desk: Client,
) -> None:
    add(desk)
    hook = Subscriber.objects.get()
    page = reverse("admin:outbox_subscriber_change", args=[hook.pk])
    desk.post(page, filled_in(url="https://hooks.example.com/other"))
    desk.post(reverse("admin:outbox_subscriber_new_secret", args=[hook.pk]))
    press(desk, hook, "off", reason="점검")
    press(desk, hook, "on")
    press(desk, hook, "ping")
    entries = Entry.objects.filter(kind="outbox.subscriber").order_by("pk")
    verbs = ["added", "changed", "rotated", "switched_off", "switched_on", "tested"]
    assert [entry.verb for entry in entries] == verbs
    assert entries[1].details == {"changed": ["url"]}
    assert entries[3].details == {"reason": "점검"}
    assert "whsec" not in str(list(entries.values()))
