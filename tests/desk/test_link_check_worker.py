"""Link check worker: it keeps no process from ending, what it did not finish stays due, and no
check is repeated without end."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from accounts.models import User
from desk.actions import autosave, edit
from desk.actions.link_checks import (
    CLAIM_LEASE,
    MAX_CHECK_ATTEMPTS,
    carry_out_link_check,
    claim_link_check,
)
from desk.links import external_links_of
from desk.links import probe as probing
from desk.models import Draft, LinkCheckRequest
from desk.tasks import check_links
from desk.workers.link_checks import carry_out_due_link_checks
from tests.desk.test_external_links import OtherSite, other_site, states_of
from tests.desk.test_links import anchors
from tests.support import make
from tests.support.loopback.processes import PROJECT_ROOT, process_environment, wait_until

__all__ = ["other_site"]

# Every name leads to loopback, so that one site is 60 hosts.
PROBING_PROCESS = """
import socket, sys, threading
import django
django.setup()
from desk.links import probe
from tests.support.loopback.receivers import LOOPBACK_NETWORKS
probe.PRIVATE_NETWORKS = LOOPBACK_NETWORKS
look_up = socket.getaddrinfo
socket.getaddrinfo = lambda _host, *more, **named: look_up("127.0.0.1", *more, **named)
urls = [f"http://{n}.example.com:{sys.argv[1]}/slow" for n in range(60)]
threading.Thread(target=lambda: list(probe.probe_all(urls)), daemon=True).start()
sys.stdin.read()
"""


def test_a_process_ends_while_sixty_sites_do_not_answer(
    other_site: OtherSite, tmp_path: Path
) -> None:
    other_site.pages = {"/slow": other_site.hang}
    port = str(other_site.receiver.port)
    with subprocess.Popen(
        [sys.executable, "-c", PROBING_PROCESS, port],
        cwd=PROJECT_ROOT,
        env=process_environment(tmp_path, OUTBOX_EXTRA_PORTS=port),
        stdin=subprocess.PIPE,
    ) as process:
        try:
            wait_until(lambda: len(other_site.calls()) >= probing.MAX_HOSTS_AT_ONCE, within=60)
            assert process.stdin
            process.stdin.close()
            assert process.wait(40) == 0  # all of them would take two minutes
        finally:
            process.kill()


@pytest.mark.django_db
def test_an_interrupted_check_goes_on_with_what_was_not_checked(
    other_site: OtherSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe_host, first_was_probed = probing.probe_host, threading.Event()

    def probe_or_fail(urls: list[str]) -> Iterator[tuple[str, probing.Finding]]:
        if "example.com" in urls[0]:
            first_was_probed.wait(20)
            raise RuntimeError("interrupted")
        yield from probe_host(urls)
        first_was_probed.set()

    other_site.pages = {"/page": 200}
    other = "http://private.example.com:9/other"
    draft = make.draft(body=anchors(f"{other_site.root}/page", other))
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        with monkeypatch.context() as patch:
            patch.setattr(probing, "probe_host", probe_or_fail)
            assert carry_out_due_link_checks() == 0
        assert states_of(draft) == {"page": ("ok", 200), "other": ("unchecked", None)}
        assert carry_out_due_link_checks() == 0  # claimed for the time being
        clock.move_to(now + timedelta(minutes=6))
        assert carry_out_due_link_checks() == 1
        assert states_of(draft)["other"][0] != "unchecked"
    assert not LinkCheckRequest.objects.exists()


@pytest.mark.django_db
def test_a_check_that_always_fails_is_given_up_until_another_save(
    other_site: OtherSite, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[list[str]] = []

    def fail(urls: list[str]) -> Iterator[tuple[str, probing.Finding]]:
        attempts.append(urls)
        raise RuntimeError("always")

    monkeypatch.setattr(probing, "probe_host", fail)
    draft = make.draft(by=ben, body=anchors(f"{other_site.root}/page"))
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for attempt in range(1, 6):
            carry_out_due_link_checks()
            assert len(attempts) == min(attempt, MAX_CHECK_ATTEMPTS)
            clock.shift(CLAIM_LEASE + timedelta(seconds=1))
        assert not LinkCheckRequest.objects.exists()
        edit(draft, by=ben, body=anchors(f"{other_site.root}/another"))
        carry_out_due_link_checks()
        assert len(attempts) == MAX_CHECK_ATTEMPTS + 1
    assert LinkCheckRequest.objects.get().attempts == 1


@pytest.mark.django_db
def test_a_check_whose_process_always_ends_is_given_up(other_site: OtherSite) -> None:
    other_site.pages = {"/page": 200}
    draft = make.draft(body=anchors(f"{other_site.root}/page"))
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for _process in range(MAX_CHECK_ATTEMPTS):
            assert claim_link_check(timezone.now())
            clock.shift(CLAIM_LEASE + timedelta(seconds=1))
        assert carry_out_due_link_checks() == 0
    assert not LinkCheckRequest.objects.exists()
    assert (other_site.calls(), states_of(draft)) == ([], {"page": ("unchecked", None)})


@pytest.mark.django_db
def test_autosaves_with_the_same_links_ask_for_no_other_check(
    other_site: OtherSite, ben: User
) -> None:
    link = anchors(f"{other_site.root}/page")
    other_site.pages = {"/page": 200}
    now = timezone.now()

    def write(draft: Draft, body: str) -> None:
        clock.shift(timedelta(seconds=3))
        autosave(draft, by=ben, version=draft.version, form_token=token, body=body)
        draft.refresh_from_db()

    with time_machine.travel(now, tick=False) as clock:
        draft, token = make.draft(by=ben, body=link), uuid4()
        draft.refresh_from_db()
        request = claim_link_check(timezone.now())
        assert request
        write(draft, f"{link}<p>그리고</p>")
        assert LinkCheckRequest.objects.get().due_at == request.due_at  # the one under way counts
        carry_out_link_check(request)
        assert states_of(draft) == {"page": ("ok", 200)}
        for text in ("또", "다시"):
            write(draft, f"{link}<p>{text}</p>")
            assert not external_links_of(draft).is_pending
        assert len(other_site.calls()) == 1
        clock.shift(timedelta(days=2))  # the result is too old
        write(draft, f"{link}<p>이틀 뒤</p>")
        assert external_links_of(draft).is_pending
        carry_out_due_link_checks()
        assert len(other_site.calls()) == 2
        write(draft, f"{link}{anchors(other_site.root)}")
        assert external_links_of(draft).is_pending


@pytest.mark.django_db
def test_checks_asked_for_before_they_were_switched_off_call_nobody_and_are_dropped(
    other_site: OtherSite, settings: LazySettings
) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        draft = make.draft(body=anchors(f"{other_site.root}/page"))
        claimed = make.draft(body=anchors(f"{other_site.root}/claimed"))
        LinkCheckRequest.objects.filter(draft=claimed).update(due_at=now + timedelta(minutes=5))
        settings.LINK_CHECKS = False
        assert check_links() == "nothing to check"
        assert LinkCheckRequest.objects.get().draft == claimed
        clock.move_to(now + timedelta(minutes=6))
        assert check_links() == "nothing to check"
    assert not LinkCheckRequest.objects.exists()
    assert other_site.calls() == []
    assert states_of(draft) == {"page": ("unchecked", None)}
