"""Metrics: who may read /metrics, the gauges from the database, and the values of all processes."""

import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from articles.search.indexer import sync_index
from desk.api.views import metrics as view
from desk.models import Heartbeat, Release
from desk.tasks import publish_due
from newsroom.conf.environment import LOOPBACK_NETWORKS, read_networks, read_token
from newsroom.observability import metrics, metrics_export, worker_metrics
from newsroom.observability.metrics_export import render_metrics
from outbox.actions import publish_event
from tests.support import make
from tests.support.loopback.processes import PROJECT_ROOT, process_environment, wait_until
from tests.support.loopback.servers import free_port
from tests.support.observability.project import ObservedNewsroom, observed_newsroom
from tests.support.outbox import subscriber
from wire.actions.channels import save_channel
from wire.models import Channel, Delivery, Source

pytestmark = pytest.mark.usefixtures("no_request_series_before")

LOOPBACK_HOST = {"host": "localhost:8000"}
OBSERVE_LAGS = (
    "from newsroom.observability.metrics import observe_publish_lag as o; "
    "[o(x) for x in {lags}]; {then}"
)
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parse_exposition(text: str) -> Samples:
    """An exposition as Prometheus reads it: values by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value_of(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, frozenset(labels.items())), 0.0)


@pytest.fixture
def scrape(client: Client) -> Callable[[], Samples]:
    def scrape() -> Samples:
        response = client.get("/metrics", headers=LOOPBACK_HOST)
        assert response.status_code == 200, response.content
        return parse_exposition(response.content.decode())

    return scrape


def deliver(source: Source, *, ago: timedelta) -> None:
    """Insert a delivery of so long ago that was not parsed."""
    with time_machine.travel(timezone.now() - ago, tick=False):
        Delivery.objects.create(source=source, raw=b"", sha256="", size=0)


# -- Access -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_loopback_clients_may_read_metrics(client: Client) -> None:
    for host in ("localhost:8000", "127.0.0.1:8000", "127.0.0.1"):
        response = client.get("/metrics", headers={"host": host})
        assert response.status_code == 200
        assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert response["Cache-Control"] == "no-store"
    assert client.head("/metrics", headers=LOOPBACK_HOST).content == b""


ClientCase = tuple[int, str, dict[str, str]]  # number of trusted proxies, peer address, headers
WITHOUT_ACCESS: list[ClientCase] = [
    (0, "203.0.113.9", {}),
    (0, "", {}),
    (0, "unix", {}),
    (0, "203.0.113.9", {"host": "localhost"}),
    # A proxy on this machine that is not in TRUSTED_PROXIES.
    (0, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
    (0, "127.0.0.1", {"x-real-ip": "127.0.0.1"}),
    (0, "127.0.0.1", {"forwarded": "for=203.0.113.9"}),
    (0, "127.0.0.1", {"host": "testserver"}),
    # A trusted proxy, and the client behind it.
    (1, "127.0.0.1", {"x-forwarded-for": "203.0.113.9"}),
    (1, "127.0.0.1", {"x-forwarded-for": "127.0.0.1, 203.0.113.9"}),
    (1, "127.0.0.1", {"x-forwarded-for": ""} | {"host": "testserver"}),
    (2, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
    (1, "127.0.0.1", {"x-forwarded-for": "nonsense"}),
    (0, "127.0.0.1", {"authorization": "Bearer wrong-token-wrong-token", "x-real-ip": "1"}),
]


@pytest.mark.django_db
@pytest.mark.parametrize("client_case", WITHOUT_ACCESS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_metrics_are_404_for_clients_without_access(
    settings: Any, client_case: ClientCase, method: str
) -> None:
    proxies, peer, headers = client_case
    settings.TRUSTED_PROXIES = proxies
    settings.METRICS_TOKEN = "a-token-of-the-house-1"
    strict = Client(enforce_csrf_checks=True)
    request: Any = {"headers": LOOPBACK_HOST | headers, "REMOTE_ADDR": peer}
    response = strict.generic(method, "/metrics", **request)
    unknown = strict.generic(method, "/metricz", **request)
    assert response.status_code == 404
    assert response.content == unknown.content
    assert set(response.headers) == set(unknown.headers)


WITH_ACCESS: list[ClientCase] = [
    (0, "10.1.2.3", {"host": "10.1.2.9:8000"}),  # by whatever address the machine has
    (0, "::ffff:10.1.2.3", {"host": "testserver"}),
    (1, "127.0.0.1", {"x-forwarded-for": "10.1.2.3"}),
    (1, "127.0.0.1", {"x-forwarded-for": "203.0.113.9, 10.1.2.3"}),
    (0, "203.0.113.9", {"authorization": "Bearer a-token-of-the-house-1"}),
    (1, "127.0.0.1", {}),  # past our own proxy, from this machine
    (1, "127.0.0.1", {"x-forwarded-proto": "https"}),  # as a health check pretends
]


@pytest.mark.django_db
@pytest.mark.parametrize("client_case", WITH_ACCESS)
def test_metrics_networks_and_token_give_access(
    client: Client, settings: Any, client_case: ClientCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxies, peer, headers = client_case
    settings.TRUSTED_PROXIES = proxies
    settings.METRICS_TOKEN = "a-token-of-the-house-1"
    monkeypatch.setenv("METRICS_NETWORKS", "10.0.0.0/8")
    settings.METRICS_NETWORKS = read_networks("METRICS_NETWORKS") + LOOPBACK_NETWORKS
    response = client.get("/metrics", headers=LOOPBACK_HOST | headers, REMOTE_ADDR=peer)
    assert response.status_code == 200


@pytest.mark.django_db
def test_metrics_are_served_without_tls_and_other_clients_redirected(
    client: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    handler = ClientHandler()  # its middleware reads the settings when it is made
    client.handler = handler
    assert client.get("/metrics", headers=LOOPBACK_HOST).status_code == 200
    for path in ("/metrics", "/metricz"):
        response = client.get(path, headers=LOOPBACK_HOST, REMOTE_ADDR="203.0.113.9")
        assert (response.status_code, response["Location"]) == (
            301,
            f"https://localhost:8000{path}",
        )


def test_short_metrics_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "short")
    with pytest.raises(ImproperlyConfigured, match="16"):
        read_token("METRICS_TOKEN")


# -- Gauges from the database ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_gauges_of_an_idle_newsroom_are_zero(scrape: Callable[[], Samples]) -> None:
    publish_due()
    samples = scrape()
    for name in ("waiting", "overdue", "overdue_seconds", "failed"):
        assert samples[f"newsroom_releases_{name}", frozenset()] == 0
    assert value_of(samples, "newsroom_clock_age_seconds") == pytest.approx(0, abs=5)
    assert value_of(samples, "newsroom_database_up") == 1


@pytest.mark.django_db
def test_gauges_show_overdue_failed_and_undelivered_work(scrape: Callable[[], Samples]) -> None:
    make.planned()
    late, failed = make.planned(), make.planned()
    now = timezone.now()
    Release.objects.filter(pk=late.pk).update(due_at=now - timedelta(seconds=90))
    Release.objects.filter(pk=failed.pk).update(state="failed", due_at=now - timedelta(seconds=9))
    Heartbeat.objects.create(name="publish_due", at=now - timedelta(seconds=33))
    subscriber("https://hooks.example.com/in")
    publish_event("article.published", key="로봇", slug="로봇")
    source = Source.objects.get()
    deliver(source, ago=timedelta(seconds=70))
    samples = scrape()
    assert value_of(samples, "newsroom_releases_waiting") == 3
    assert value_of(samples, "newsroom_releases_overdue") == 2
    assert value_of(samples, "newsroom_releases_overdue_seconds") == pytest.approx(90, abs=5)
    assert value_of(samples, "newsroom_releases_failed") == 1
    assert value_of(samples, "newsroom_clock_age_seconds") == pytest.approx(33, abs=5)
    assert value_of(samples, "newsroom_outbox_depth") == 1
    assert value_of(samples, "newsroom_wire_unparsed") == 1
    assert value_of(samples, "newsroom_wire_unparsed_seconds") == pytest.approx(70, abs=5)
    idle = value_of(samples, "newsroom_wire_idle_seconds", source=source.slug)
    assert idle == pytest.approx(70, abs=5)


@pytest.mark.django_db
def test_search_backlog_gauge_is_capped(
    scrape: Callable[[], Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    def behind() -> float:
        return value_of(scrape(), "newsroom_search_behind")

    assert behind() == 0
    for _ in range(3):
        make.live()
    assert behind() == 3
    monkeypatch.setattr(view, "MAX_COUNTED_BACKLOG", 2)
    assert behind() == 2
    while sync_index():
        pass
    assert behind() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("idle_after", [30, 90])
def test_wire_idle_gauge_follows_the_alarm_of_the_source(
    scrape: Callable[[], Samples], idle_after: int
) -> None:
    Source.objects.update(idle_after=idle_after, quiet_from=None, quiet_until=None)
    deliver(Source.objects.get(), ago=timedelta(minutes=60))
    idle = value_of(scrape(), "newsroom_wire_idle", source=Source.objects.get().slug)
    assert idle == (idle_after < 60)


@pytest.mark.django_db
def test_inactive_source_has_no_idle_gauge(scrape: Callable[[], Samples]) -> None:
    deliver(Source.objects.get(), ago=timedelta())
    Source.objects.update(active=False)
    assert not [name for name, _labels in scrape() if name == "newsroom_wire_idle_seconds"]


@pytest.mark.django_db
def test_metrics_need_the_same_queries_however_much_there_is(
    scrape: Callable[[], Samples], django_assert_num_queries: Any
) -> None:
    scrape()
    with django_assert_num_queries(18):
        scrape()
    for n in range(20):
        make.planned()
        source = Source.objects.create(slug=f"agency-{n}", name="통신", agency="통신")
        deliver(source, ago=timedelta())
        save_channel(Channel(source=source, kind="folder", address=f"{n}"), by=make.chief())
        subscriber(f"https://hooks.example.com/{n}")
        publish_event("article.published", key=f"로봇-{n}", slug="로봇")
    with django_assert_num_queries(18):
        scrape()


@pytest.mark.django_db
def test_metrics_without_database_show_the_rest(
    scrape: Callable[[], Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> Any:
        raise DatabaseError

    scrape()
    monkeypatch.setattr(view, "measure_outbox", broken)
    samples = scrape()
    assert value_of(samples, "newsroom_database_up") == 0
    assert value_of(
        samples, "newsroom_request_seconds_count", route="metrics", method="GET", status="200"
    )
    assert not [name for name, _labels in samples if name.startswith("newsroom_releases")]


# -- Counters and histograms ----------------------------------------------------------------------------


def requests(samples: Samples, **labels: str) -> float:
    return value_of(samples, "newsroom_request_seconds_count", **labels)


@pytest.mark.django_db
def test_read_from_response_cache_counts_under_its_route(
    scrape: Callable[[], Samples], client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.ROOT_URLCONF = (
        "tests.support.observability.urls"  # with a route that nobody else asks for
    )
    settings.RESPONSE_CACHE_SECONDS = 60  # however slow this machine is
    address = f"/watched/articles/{make.live().slug}/"
    labels = {"route": "watched-article", "method": "GET", "status": "200"}
    before = requests(scrape(), **labels)
    client.get(address)
    with django_assert_num_queries(0):
        client.get(address)
    assert requests(scrape(), **labels) == before + 2


def test_requests_of_all_threads_are_in_the_exposition_at_once() -> None:
    labels = {"route": "watched-threads", "method": "GET", "status": "200"}

    def observe() -> None:
        for _ in range(500):
            metrics.observe_request(labels["route"], labels["method"], 200, 0.1)

    threads = [threading.Thread(target=observe) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    exposition = parse_exposition(render_metrics().decode())
    assert requests(exposition, **labels) == 2000
    assert value_of(exposition, "newsroom_request_seconds_sum", **labels) == pytest.approx(200)


@pytest.mark.slow
@pytest.mark.django_db
def test_unknown_urls_and_methods_make_no_new_series(
    scrape: Callable[[], Samples], client: Client
) -> None:
    invented: list[str] = []

    def series() -> set[Any]:
        return {key for key in scrape() if key[0] == "newsroom_request_seconds_count"}

    def request_unknown_urls() -> None:
        name = secrets.token_hex(6)
        invented.extend((name, name.upper()))
        client.get(f"/{name}/{name}")
        client.get(f"/api/v1/articles/{name}/")
        client.generic(name.upper(), f"/api/v1/{name}/")

    request_unknown_urls()
    scrape()
    before = series()
    for _ in range(333):
        request_unknown_urls()
    label_values = {value for _name, labels in series() for _label, value in labels}
    assert not label_values & set(invented)
    # A thousand requests; those of other tests may be read_counts only now, and have few routes.
    assert len(series() - before) < 100
    routes = {dict(labels)["route"] for _name, labels in before}
    assert {"unresolved", "article-detail"} <= routes
    assert {dict(labels)["method"] for _name, labels in before} <= metrics.KNOWN_METHODS | {"other"}


def run_process(folder: Path, lags: list[float]) -> None:
    """A process that observes lags, and ends."""
    program = OBSERVE_LAGS.format(lags=lags, then="")
    env = process_environment(folder, METRICS_FOLDER=str(folder))
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, env=env, check=True)


def lag(folder: Path) -> tuple[float, float]:
    samples = parse_exposition(render_metrics(folder=folder).decode())
    name = "newsroom_publish_lag_seconds"
    return value_of(samples, f"{name}_count"), value_of(samples, f"{name}_sum")


def test_values_of_living_and_dead_processes_are_added_up(tmp_path: Path) -> None:
    waits = "print('counted', flush=True); import sys; sys.stdin.read()"
    command = [sys.executable, "-c", OBSERVE_LAGS.format(lags=[4.0], then=waits)]
    env = process_environment(tmp_path, METRICS_FOLDER=str(tmp_path))
    run_process(tmp_path, [1.0, 2.0])
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as alive:
        assert alive.stdout is not None
        assert alive.stdout.readline() == b"counted\n"
        for _ in range(3):
            assert lag(tmp_path) == (3, 7.0)
        assert (tmp_path / f"histogram_{alive.pid}.db").exists()
        assert alive.stdin is not None
        alive.stdin.close()
        alive.wait(20)
    run_process(tmp_path, [0.5])
    assert lag(tmp_path) == (4, 7.5)
    assert {file.name.partition("_")[0] for file in tmp_path.glob("*")} == {"histogram"}


def test_empty_metric_file_is_skipped(tmp_path: Path) -> None:
    run_process(tmp_path, [1.0])
    (tmp_path / f"histogram_{os.getpid()}.db").touch()
    assert lag(tmp_path) == (1, 1.0)


def test_metrics_are_kept_in_memory_where_the_folder_is_not_writable(tmp_path: Path) -> None:
    then = (
        "from newsroom.observability.metrics_export import render_metrics as r; print(r().decode())"
    )
    program = OBSERVE_LAGS.format(lags=[3.0], then=then)
    (tmp_path / "a-file").touch()
    env = process_environment(tmp_path, METRICS_FOLDER=str(tmp_path / "a-file"))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_ROOT, env=env, check=True, capture_output=True,
        text=True
    )  # fmt: skip
    assert value_of(parse_exposition(done.stdout), "newsroom_publish_lag_seconds_sum") == 3.0
    assert "memory alone" in done.stderr


# -- Real processes ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["threads", "prefork"])
def newsroom(tmp_path_factory: pytest.TempPathFactory, request: Any) -> Iterator[ObservedNewsroom]:
    folder = tmp_path_factory.mktemp(f"metrics-{request.param}")
    with observed_newsroom(folder, pool=request.param) as newsroom:
        yield newsroom


def test_exposition_has_values_of_all_web_processes_and_the_worker(
    newsroom: ObservedNewsroom,
) -> None:
    def read_counts() -> list[float]:
        status, headers, body = newsroom.ask("/metrics")
        assert (status, headers["content-type"]) == (200, metrics_export.METRICS_CONTENT_TYPE)
        samples = parse_exposition(body)
        runs = "newsroom_task_seconds_count"
        return [
            requests(samples, route="watched-ask", method="POST", status="202"),
            value_of(samples, runs, task="watched.first", outcome="success"),
            value_of(samples, runs, task="watched.second", outcome="success"),
            value_of(samples, runs, task="watched.falls", outcome="failure"),
        ]

    wait_until(
        lambda: len(set(read_counts()[:3])) == 1, within=40
    )  # requests of other tests have been counted
    before = read_counts()
    for _ in range(12):
        assert newsroom.ask("/desk/watched/ask/", method="POST")[0] == 202
    newsroom.ask("/desk/watched/ask-what-falls/", method="POST")
    after = [was + more for was, more in zip(before, (12, 12, 12, 1), strict=True)]
    wait_until(lambda: read_counts() == after, within=40)


def test_worker_serves_metrics_at_its_own_port(newsroom: ObservedNewsroom) -> None:
    wait_until(lambda: newsroom.answers("/metrics", port=newsroom.worker_port), within=40)
    newsroom.ask("/desk/watched/ask/", method="POST")

    def read_counts() -> bool:
        samples = parse_exposition(newsroom.ask("/metrics", port=newsroom.worker_port)[2])
        return (
            value_of(
                samples, "newsroom_task_seconds_count", task="watched.first", outcome="success"
            )
            > 0
        )

    wait_until(read_counts, within=40)
    assert newsroom.ask("/", port=newsroom.worker_port)[0] == 404
    other_host = newsroom.ask(
        "/metrics", headers={"Host": "news.example.com"}, port=newsroom.worker_port
    )
    assert other_host[::2] == (404, "")


def test_real_server_refuses_metrics_to_forwarded_clients(newsroom: ObservedNewsroom) -> None:
    status, _headers, body = newsroom.ask("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert status == 404
    assert "newsroom_" not in body


def test_worker_with_a_taken_metrics_port_logs_an_error_and_works(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: list[str] = []
    monkeypatch.setattr(
        worker_metrics.logger, "error", lambda text, *args: messages.append(text % args)
    )
    settings.METRICS_PORT = free_port()
    with socket.create_server(("", settings.METRICS_PORT)):
        worker_metrics.start_worker_metrics()
    assert "cannot be opened" in messages[0]
