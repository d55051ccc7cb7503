"""Link check worker: it keeps no process from ending, and what it did not finish stays due."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from desk.link_check_worker import carry_out_due_link_checks
from desk.links import probe as probing
from desk.models import LinkCheckRequest
from desk.tasks import check_links
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
