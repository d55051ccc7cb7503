"""Watched folder: complete files become deliveries once, then move; nothing else does."""

import os
import time
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from tests.support.formats.wire_copy import agency_copy
from tests.wire.channels.conftest import Killed, NewChannel, dying_before_statement
from wire.actions.channels import FetchResult, fetch_due_channel
from wire.actions.intake import MAX_DELIVERY_BYTES
from wire.models import Channel, Delivery

pytestmark = pytest.mark.django_db
STILL_SECONDS = 10


def fetched(channel: Channel) -> FetchResult:
    """What a run brings now, whatever its next one was planned for."""
    Channel.objects.filter(pk=channel.pk).update(due_at=timezone.now())
    result = fetch_due_channel(timezone.now())
    assert result is not None
    return result


def fetched_when_still(channel: Channel) -> FetchResult:
    """What a run brings after the files have not changed for long enough."""
    with time_machine.travel(time.time()) as clock:
        fetched(channel)
        clock.shift(STILL_SECONDS)
        return fetched(channel)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_is_taken_in_once_its_size_is_still(drop: Path, new_channel: NewChannel) -> None:
    channel = new_channel("folder", "drop")
    file = drop / "새소식.txt"
    file.write_bytes(agency_copy()[:40])
    with time_machine.travel(time.time()) as clock:
        assert fetched(channel).new == []
        clock.shift(STILL_SECONDS - 1)
        file.write_bytes(agency_copy())  # it still arrives
        assert fetched(channel).new == []
        clock.shift(STILL_SECONDS - 1)
        assert fetched(channel).new == []
        clock.shift(1)
        assert len(fetched(channel).new) == 1
    delivery = Delivery.objects.get()
    assert (bytes(delivery.raw), delivery.name) == (agency_copy(), "새소식.txt")
    assert (names(drop), names(drop / "done")) == (["done"], ["새소식.txt"])


def test_a_done_mark_says_so_at_once_and_does_not_outlive_its_file(
    drop: Path, new_channel: NewChannel
) -> None:
    channel = new_channel("folder", "drop")
    (drop / "a.txt").write_bytes(agency_copy())
    (drop / "a.txt.done").touch()
    assert len(fetched(channel).new) == 1
    assert names(drop) == ["done"]
    (drop / "a.txt").write_bytes(agency_copy("다음 소식"))  # of the same name, still arriving
    assert fetched(channel).new == []
    assert names(drop) == ["a.txt", "done"]


def test_what_cannot_become_copy_fails_with_its_reason_beside_it(
    drop: Path, new_channel: NewChannel, tmp_path: Path
) -> None:
    channel = new_channel("folder", "drop")
    secret = tmp_path / "secret.txt"
    secret.write_bytes(agency_copy("비밀"))
    (drop / "empty.txt").touch()
    (drop / "blank.txt").write_bytes(b" \n")
    (drop / "link.txt").symlink_to(secret)
    os.mkfifo(drop / "pipe.txt")
    with (drop / "large.txt").open("wb") as large:
        large.truncate(MAX_DELIVERY_BYTES + 1)
    (drop / "good.txt").write_bytes(agency_copy())
    for ignored in (".hidden", "b.txt.part", "c.tmp"):
        (drop / ignored).write_bytes(agency_copy())
    result = fetched_when_still(channel)
    assert (len(result.new), result.failed, result.error) == (1, 5, None)
    reasons = {
        path.name.split(".")[0]: path.read_text().strip()
        for path in (drop / "failed").glob("*.reason.txt")
    }
    assert reasons == {
        "empty": "파일이 비어 있습니다.",
        "blank": "파일이 비어 있습니다.",
        "link": "파일이 아니라 링크입니다. 링크는 따라가지 않습니다.",
        "pipe": "보통 파일이 아닙니다.",
        "large": f"파일이 {MAX_DELIVERY_BYTES}바이트보다 큽니다.",
    }
    failed = Delivery.objects.filter(status=Delivery.Status.FAILED)
    assert {row.name.split(".")[0]: row.reason for row in failed} == reasons
    assert not any(b"\xeb\xb9\x84\xeb\xb0\x80" in bytes(row.raw) for row in Delivery.objects.all())
    assert names(drop) == [".hidden", "b.txt.part", "c.tmp", "done", "failed"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_read_permission_fails(drop: Path, new_channel: NewChannel) -> None:
    channel = new_channel("folder", "drop")
    (drop / "locked.txt").write_bytes(agency_copy())
    (drop / "locked.txt").chmod(0)
    assert fetched_when_still(channel).failed == 1
    assert names(drop / "failed") == ["locked.txt", "locked.txt.reason.txt"]


def test_the_same_name_again_keeps_both_files(drop: Path, new_channel: NewChannel) -> None:
    channel = new_channel("folder", "drop")
    for text in ("하나", "둘", "둘"):
        (drop / "a.txt").write_bytes(agency_copy(text))
        (drop / "a.txt.done").touch()
        result = fetched(channel)
    assert (result.new, result.known) == ([], 1)  # the third brought the bytes of the second
    assert names(drop / "done") == ["a.txt", "a.txt.2", "a.txt.3"]
    assert Delivery.objects.count() == 2


def test_a_folder_that_is_missing_or_outside_is_an_error_in_words(
    drop: Path, new_channel: NewChannel
) -> None:
    channel = new_channel("folder", "elsewhere")
    result = fetched(channel)
    assert "폴더가 없습니다" in str(result.error)
    channel.refresh_from_db()
    assert (channel.failures, channel.last_success_at) == (1, None)
    assert channel.last_error == str(result.error)
    (drop.parent / "away").symlink_to("/etc")
    for address in ("../drop", "/etc", "away", ""):
        with pytest.raises(Exception, match="폴더"):
            new_channel("folder", address)


def test_files_that_cannot_be_moved_are_stored_once_and_said(
    drop: Path, new_channel: NewChannel
) -> None:
    channel = new_channel("folder", "drop")
    (drop / "done").touch()  # a file where the folder should be
    for name in ("a.txt", "b.txt"):
        (drop / name).write_bytes(agency_copy(name))
        (drop / f"{name}.done").touch()
    result = fetched(channel)
    assert len(result.new) == 2
    assert "옮길 수 없습니다" in str(result.error)
    again = fetched_when_still(channel)
    assert (again.new, again.known, Delivery.objects.count()) == ([], 2, 2)
    (drop / "done").unlink()
    assert fetched_when_still(channel).error is None
    assert names(drop / "done") == ["a.txt", "b.txt"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_doubled_by_death_at_any_statement(
    drop: Path, new_channel: NewChannel
) -> None:
    """Dead before the first, second, third … statement of a run over two files and a bad one."""
    channel = new_channel("folder", "drop", settle_seconds=1)
    for number in range(1, 200):
        texts = {
            f"{number}-{letter}.txt": agency_copy(f"소식 {number} {letter}") for letter in "ab"
        }
        for name, raw in {**texts, f"{number}-bad.txt": b""}.items():
            (drop / name).write_bytes(raw)
            (drop / f"{name}.done").touch()
        Channel.objects.update(due_at=timezone.now(), leased_until=None)
        try:
            with dying_before_statement(number):
                fetch_due_channel(timezone.now())
            is_killed = False
        except Killed:
            is_killed = True
        with time_machine.travel(
            time.time() + 3600
        ):  # the lease is over, what lost its mark is still
            fetched(channel)
            fetched_when_still(channel)
        for name, raw in texts.items():
            assert bytes(Delivery.objects.get(name=name).raw) == raw
        assert Delivery.objects.filter(name=f"{number}-bad.txt").count() == 1
        assert names(drop) == ["done", "failed"]
        if not is_killed:
            break
    assert number > 15
    assert not is_killed
