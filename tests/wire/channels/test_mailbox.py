"""Mailboxes: each message is stored once, marked seen after the commit, and stops no other."""

from email.message import EmailMessage

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests.support.loopback.imap_server import LoopbackMailbox
from tests.wire.channels.conftest import MAIL_HOST, Killed, NewChannel, dying_before_statement
from tests.wire.channels.test_folder import fetched
from wire.actions.channels import fetch_due_channel
from wire.actions.intake import MAX_DELIVERY_BYTES
from wire.channel_errors import ChannelRefused
from wire.models import Channel, Delivery

pytestmark = pytest.mark.django_db
LONG_BODY = "x" * 60 + "\n"
LONG_BODY *= MAX_DELIVERY_BYTES // 40


def letter(subject: str, body: str = "가상시는 다리를 다시 연다고 밝혔다.") -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "desk@agency.example.com", "wire@example.com"
    message["Subject"] = subject
    message.set_content(body)
    return bytes(message).replace(b"\n", b"\r\n")


@pytest.fixture
def channel(mailbox: LoopbackMailbox, new_channel: NewChannel) -> Channel:
    return new_channel(
        "imap",
        f"imaps://{MAIL_HOST}:{mailbox.port}/INBOX",
        username="wire",
        password_variable="WIRE_PASSWORD_YONHAP",
    )


def test_messages_are_stored_byte_for_byte_and_then_seen(
    channel: Channel, mailbox: LoopbackMailbox
) -> None:
    letters = [letter("하나"), letter("둘")]
    for raw in letters:
        mailbox.add(raw)
    assert len(fetched(channel).new) == 2
    stored = Delivery.objects.order_by("pk")
    assert [bytes(row.raw) for row in stored] == letters
    assert {row.content_type for row in stored} == {"message/rfc822"}
    assert mailbox.seen_uids == {1, 2}
    assert (fetched(channel).new, fetched(channel).known) == ([], 0)  # `3:*` names message 2
    mailbox.add(letter("셋"))
    assert len(fetched(channel).new) == 1
    assert "secret" not in str(Channel.objects.values().get())


def test_a_new_uidvalidity_reads_all_again_and_stores_nothing_twice(
    channel: Channel, mailbox: LoopbackMailbox
) -> None:
    for subject in ("하나", "둘"):
        mailbox.add(letter(subject))
    fetched(channel)
    mailbox.uid_validity = 2
    mailbox.messages = {1: letter("둘"), 2: letter("하나"), 3: letter("셋")}
    result = fetched(channel)
    assert (len(result.new), result.known) == (1, 2)
    channel.refresh_from_db()
    assert (channel.uid_validity, channel.last_uid) == (2, 3)


def test_messages_that_cannot_be_read_fail_and_do_not_stop_the_others(
    channel: Channel, mailbox: LoopbackMailbox
) -> None:
    for raw in (
        letter("하나"),
        letter("너무 긴 것", LONG_BODY),
        letter("안 주는 것"),
        letter("넷"),
    ):
        mailbox.add(raw)
    mailbox.reply_hook = lambda command: "NO" if command.startswith("UID FETCH 3 (BODY") else None
    result = fetched(channel)
    assert (len(result.new), result.failed, result.error) == (2, 2, None)
    too_large, withheld = Delivery.objects.filter(status="failed").order_by("pk")
    assert "바이트보다 큽니다" in too_large.reason
    assert b"Subject:" in bytes(too_large.raw)
    assert "내주지 않았습니다" in withheld.reason
    assert mailbox.seen_uids == {1, 4}  # a person finds the others unread


def test_a_size_that_is_a_lie_costs_one_run_and_no_message(
    channel: Channel, mailbox: LoopbackMailbox
) -> None:
    mailbox.stated_sizes[mailbox.add(letter("거짓", LONG_BODY))] = 10
    mailbox.add(letter("참"))
    assert fetched(channel).error is not None
    assert len(fetched(channel).new) == 1
    assert Delivery.objects.filter(status="failed").count() == 1


def test_what_goes_wrong_is_said_in_words(
    channel: Channel,
    mailbox: LoopbackMailbox,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
) -> None:
    mailbox.add(letter("하나"))
    mailbox.password = "another"
    assert "받아들이지 않습니다" in str(fetched(channel).error)
    mailbox.password = "secret"
    mailbox.folders = {"Wire"}
    assert "INBOX 폴더가 없습니다" in str(fetched(channel).error)
    mailbox.folders = {"INBOX"}
    mailbox.reply_hook = lambda command: "" if "SEARCH" in command else None
    assert "연결을 끊었거나" in str(fetched(channel).error)
    mailbox.reply_hook = lambda _command: None
    monkeypatch.delenv("WIRE_PASSWORD_YONHAP")
    assert "WIRE_PASSWORD_YONHAP 변수가 없습니다" in str(fetched(channel).error)
    monkeypatch.setenv("WIRE_PASSWORD_YONHAP", "secret")
    settings.OUTBOX_PRIVATE_NETWORKS = []
    assert "127.0.0.1" in str(fetched(channel).error)
    channel.refresh_from_db()
    assert channel.failures == 5


def test_a_certificate_of_another_host_is_not_trusted(
    mailbox: LoopbackMailbox, new_channel: NewChannel
) -> None:
    other = new_channel(
        "imap",
        f"imaps://other.example.com:{mailbox.port}/",
        username="wire",
        password_variable="WIRE_PASSWORD_YONHAP",
    )
    assert "인증서" in str(fetched(other).error)
    assert mailbox.commands == []  # no password was sent


def test_addresses_that_are_no_mailbox_are_refused(new_channel: NewChannel) -> None:
    for address in ("imap://mail.example.com/", "mail.example.com", "imaps://a@b.example.com/"):
        with pytest.raises(ChannelRefused) as refusal:
            new_channel("imap", address, username="a", password_variable="WIRE_PASSWORD_A")
        assert refusal.value.field == "address"


@pytest.mark.django_db(transaction=True)
def test_no_message_is_lost_doubled_or_left_unseen_by_death_at_any_statement(
    channel: Channel, mailbox: LoopbackMailbox
) -> None:
    for number in range(1, 100):
        mailbox.add(letter(f"{number}번 소식"))
        Channel.objects.update(due_at=timezone.now(), leased_until=None)
        try:
            with dying_before_statement(number):
                fetch_due_channel(timezone.now())
            is_killed = False
        except Killed:
            is_killed = True
        names = Delivery.objects.values_list("name", flat=True)
        assert mailbox.seen_uids <= {
            int(name.rpartition("=")[2]) for name in names
        }  # committed first
        Channel.objects.update(leased_until=None)
        fetched(channel)
        assert Delivery.objects.count() == len(mailbox.messages)
        assert mailbox.seen_uids == set(mailbox.messages)
        if not is_killed:
            break
    assert number > 10
    assert not is_killed
