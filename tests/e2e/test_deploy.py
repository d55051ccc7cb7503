"""Deployment: every process of compose.yaml on loopback, with the proxy in front."""

import http.cookiejar
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from scripts.probe import main as alive
from tests.support import make
from tests.support.clients.reader_watch import observing_readers, story_paths
from tests.support.loopback.deployment import Deployment, deployment
from tests.support.loopback.processes import wait_until
from tests.support.loopback.proxy import OTHER_CLIENT_ADDRESS, http_request

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.proxy]

# The guarantees are 1.5 s and 2 s, measured by `deploy/check` on an idle machine; one that runs the
# suite besides may take a second longer.
SLACK = 1.0
APPEARS, GONE = 1.5 + SLACK, 2.0 + SLACK
Running = tuple[Deployment, ExitStack]


@pytest.fixture(scope="module")
def running_deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with deployment(tmp_path_factory.mktemp("deploy")) as running:
        yield running


@pytest.fixture
def deployed(running_deployment: Running) -> Deployment:
    return running_deployment[0]


def page(slug: str) -> str:
    return story_paths(slug)["page"]


# -- reading -----------------------------------------------------------------------------------


def test_proxy_answers_the_second_reader_from_its_cache(deployed: Deployment) -> None:
    slug = deployed.publish()
    for path in story_paths(slug).values():
        wait_until(lambda path=path: deployed.read(path).is_cache_hit, within=5)  # type: ignore[misc]
    assert (
        deployed.read(page(slug)).headers["cache-control"] == "public, max-age=0, must-revalidate"
    )


def test_proxy_answers_304_to_a_client_that_has_the_page(deployed: Deployment) -> None:
    path = page(deployed.publish())
    tag = deployed.read(path).headers["etag"]
    assert deployed.read(path, If_None_Match=tag).status == 304


def test_static_files_are_cacheable_for_long(deployed: Deployment) -> None:
    style = re.findall(rb'href="(/static/[^"]+\.css)"', deployed.read("/").body)[0].decode()
    deployed.read(style)
    response = deployed.read(style)
    assert (response.status, response.is_cache_hit) == (200, True)
    assert "immutable" in response.headers["cache-control"]


# -- the clock, through the proxy --------------------------------------------------------------


def test_planned_story_appears_on_time_though_a_404_was_cached(
    deployed: Deployment,
) -> None:
    headline = "예약된 로봇의 등장"
    draft = deployed.draft(headline=headline)
    due = datetime.now(UTC) + timedelta(seconds=6)
    deployed.act(draft, "schedule", {"at": due.isoformat()})
    slug = "예약된-로봇의-등장"
    with observing_readers(deployed, slug, word=headline) as watches:
        wait_until(lambda: all(watch.first for watch in watches.values()), within=25)
    times = {name: (w.first or 0) - due.timestamp() for name, w in watches.items() if w.first}
    assert set(times) == set(watches)
    assert min(times.values()) >= 0, times
    assert max(times.values()) <= APPEARS, times


def gone_after(deployed: Deployment, slug: str, headline: str) -> dict[str, float]:
    """Seconds from the withdrawal until the story was last seen, by URL."""
    with observing_readers(deployed, slug, word=headline) as watches:
        wait_until(lambda: all(watch.first for watch in watches.values()), within=10)
        asked = time.time()
        deployed.withdraw(slug)
        time.sleep(GONE + 0.5)
    assert not any(watch.failures for watch in watches.values())
    return {name: w.last - asked for name, w in watches.items() if w.last}


@pytest.mark.parametrize("turn", range(3))
def test_withdrawn_story_is_gone_from_all_pages(deployed: Deployment, turn: int) -> None:
    headline = f"내려갈 로봇 {turn}"
    slug = deployed.publish(headline=headline)
    delays = gone_after(deployed, slug, headline)
    assert set(delays) == set(story_paths(slug))
    assert max(delays.values()) <= GONE, delays
    response = deployed.read(page(slug))
    assert (response.status, "확인이 더 필요합니다" in response.body.decode()) == (410, True)


def stop(deployed: Deployment, workers: list[Any], slug: str) -> None:
    """Suspend the workers at a moment at which none of them has a lease on the event."""
    url = (deployed.folder / "deploy" / "secrets" / "database_url").read_text()
    with psycopg.connect(url) as connection:
        for _ in range(50):
            for worker in workers:
                worker.send_signal(signal.SIGSTOP)
            try:
                connection.execute(
                    "SELECT id FROM articles_article WHERE slug = %s FOR UPDATE NOWAIT", [slug]
                )
            except psycopg.errors.LockNotAvailable:
                connection.rollback()
                for worker in workers:
                    worker.send_signal(signal.SIGCONT)
                time.sleep(0.1)
            else:
                return
    pytest.fail("somebody holds the story for ever")


def test_withdrawn_story_is_gone_as_soon_without_a_purge(deployed: Deployment) -> None:
    headline = "아무도 알리지 않은 로봇"
    slug = deployed.publish(headline=headline)
    workers = [deployed.processes[name] for name in ("worker", "worker#2")]
    stop(deployed, workers, slug)
    try:
        times = gone_after(deployed, slug, headline)
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGCONT)
    assert max(times.values()) <= GONE, times


# -- photos ------------------------------------------------------------------------------------


def upload(deployed: Deployment) -> tuple[int, str]:
    """Upload a photo through the proxy by the desk API; its id and path."""
    boundary = "newsroom-boundary"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="alt"\r\n\r\n로봇\r\n'.encode(),
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="r.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + make.image_bytes(size=(640, 400))
        + f"\r\n--{boundary}--\r\n".encode(),
    ]
    response = deployed.read(
        "/api/v1/desk/photos/",
        method="POST",
        body=b"".join(parts),
        Authorization=f"Bearer {deployed.token}",
        Content_Type=f"multipart/form-data; boundary={boundary}",
    )
    assert response.status == 201, response.body
    number = response.json()["id"]
    wait_until(lambda: photo(deployed, number)["state"] == "ready", within=60)
    path = urllib.parse.urlsplit(photo(deployed, number)["sources"][-1]["url"]).path
    return number, path.replace("/desk/", "/media/")


def photo(deployed: Deployment, number: int) -> Any:
    """A photo in the desk API; a worker decodes it meanwhile."""
    response = deployed.read(
        f"/api/v1/desk/photos/{number}/", Authorization=f"Bearer {deployed.token}"
    )
    return response.json()


def test_photo_is_private_before_publication_and_after_withdrawal(deployed: Deployment) -> None:
    number, path = upload(deployed)
    assert deployed.read(path).status == 404
    slug = deployed.publish(headline="사진이 있는 로봇", lead_photo=number)
    wait_until(lambda: deployed.read(path).is_cache_hit, within=5)
    shown = deployed.read(path)
    assert (shown.status, shown.headers["content-type"]) == (200, "image/jpeg")
    asked = time.monotonic()
    deployed.withdraw(slug)
    wait_until(lambda: deployed.read(path).status == 404, within=10)
    assert time.monotonic() - asked <= GONE


# -- who comes ---------------------------------------------------------------------------------


def test_admin_works_through_the_proxy(deployed: Deployment) -> None:
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    door = f"{deployed.site}/admin/login/?next=/admin/"
    form = browser.open(door, timeout=20).read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[0]
    words = {"username": "chief@example.com", "password": "chief-password-1"}
    sent = urllib.parse.urlencode(words | {"csrfmiddlewaretoken": token, "next": "/admin/"})
    inside = browser.open(door, data=sent.encode(), timeout=20)
    assert (inside.status, inside.url) == (200, f"{deployed.site}/admin/")
    assert "sessionid" in {cookie.name for cookie in jar}
    assert "hit" not in inside.headers["Cache-Status"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        browser.open(door, data=b"username=chief@example.com", timeout=20)


def test_outside_clients_can_neither_purge_nor_read_metrics(deployed: Deployment) -> None:
    path = page(deployed.publish())
    wait_until(lambda: deployed.read(path).is_cache_hit, within=5)
    assert deployed.read(path, method="PURGE").status == 403
    assert (
        http_request(deployed.purge_port, path, method="PURGE", source=OTHER_CLIENT_ADDRESS).status
        == 403
    )
    assert deployed.read("/metrics").status == 404
    assert http_request(deployed.web["web-1"], "/metrics", Host="localhost").status == 200


def test_each_process_passes_its_liveness_probe(deployed: Deployment) -> None:
    assert alive(str(deployed.web["web-1"])) == 0
    assert alive(deployed.metrics["worker"], "/metrics") == 0
    assert alive(deployed.metrics["worker#2"], "/metrics") == 0
    assert alive("1") == 1


# -- while something is away -------------------------------------------------------------------


def test_rolling_restart_fails_no_request(running_deployment: Running) -> None:
    deployed, stack = running_deployment
    slug = deployed.publish(headline="쉬지 않는 로봇")
    with observing_readers(deployed, slug, word="쉬지 않는 로봇") as watches:
        time.sleep(1)
        deployed.renew(stack, "web-1")
        time.sleep(2)
        deployed.renew(stack, "web-2")
        time.sleep(2)
    assert {name: watch.failures for name, watch in watches.items() if watch.failures} == {}
    assert watches["page"].looks > 50


def test_proxy_serves_stale_pages_without_web_processes_but_no_withdrawn_one(
    running_deployment: Running,
) -> None:
    deployed, stack = running_deployment
    stays, goes = (
        deployed.publish(headline="남는 로봇"),
        deployed.publish(headline="떠나는 로봇"),
    )
    warm = threading.Event()

    def keep_reading() -> None:
        while not warm.is_set():
            for path in ("/", page(stays), page(goes)):
                deployed.read(path)
            warm.wait(0.1)

    reader = threading.Thread(target=keep_reading)
    reader.start()
    time.sleep(1)
    deployed.withdraw(goes)
    # Long enough for the purge, for the one that is sent after it, and for a copy made after both.
    time.sleep(8)
    warm.set()
    reader.join()
    for name in deployed.web:
        kill(deployed, name)
    time.sleep(2)
    try:
        assert deployed.read(page(stays)).status == 200
        assert deployed.read(page(goes)).status == 503
        front = deployed.read("/")
        assert (front.status, "남는 로봇" in front.body.decode()) == (200, True)
        assert "떠나는 로봇" not in front.body.decode()
    finally:
        for name in deployed.web:
            deployed.renew(stack, name)


def kill(deployed: Deployment, name: str) -> None:
    """Kill the process and its children, as if the machine were gone."""
    process = deployed.processes[name]
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in [str(process.pid), *listed]:
        os.kill(int(pid), signal.SIGKILL)
    process.wait(10)
