"""/metrics: what an operator can see of the newsroom, and who may."""

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
from tests.support.observability_project import ObservedNewsroom, observed_newsroom
from tests.support.outbox import subscriber
from tests.support.processes import PROJECT_ROOT, process_environment, wait_until
from tests.support.servers import free_port
from wire.models import Delivery, Source

HERE = {"host": "localhost:8000"}
FIGURES = (
    "from newsroom.observability.metrics import observe_publish_lag as o; "
    "[o(x) for x in {lags}]; {then}"
)
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Figures:
    """An exposition as Prometheus reads it: values by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(figures: Figures, name: str, **labels: str) -> float:
    return figures.get((name, frozenset(labels.items())), 0.0)


@pytest.fixture
def ask(client: Client) -> Callable[[], Figures]:
    def ask() -> Figures:
        answer = client.get("/metrics", headers=HERE)
        assert answer.status_code == 200, answer.content
        return read(answer.content.decode())

    return ask


def delivered(source: Source, *, ago: timedelta) -> None:
    """A delivery that came so long ago and was not parsed."""
    with time_machine.travel(timezone.now() - ago, tick=False):
        Delivery.objects.create(source=source, raw=b"", sha256="", size=0)


# -- Who may -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_this_machine_simply_asks(client: Client) -> None:
    for host in ("localhost:8000", "127.0.0.1:8000", "127.0.0.1"):
        answer = client.get("/metrics", headers={"host": host})
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert answer["Cache-Control"] == "no-store"
    assert client.head("/metrics", headers=HERE).content == b""


Came = tuple[int, str, dict[str, str]]  # proxies of ours, the address at the door, headers
STRANGERS: list[Came] = [
    (0, "203.0.113.9", {}),
    (0, "", {}),
    (0, "unix", {}),
    (0, "203.0.113.9", {"host": "localhost"}),
    # A proxy on this machine that we were not told of.
    (0, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
    (0, "127.0.0.1", {"x-real-ip": "127.0.0.1"}),
    (0, "127.0.0.1", {"forwarded": "for=203.0.113.9"}),
    (0, "127.0.0.1", {"host": "testserver"}),
    # One that we know, and whoever stands behind it.
    (1, "127.0.0.1", {"x-forwarded-for": "203.0.113.9"}),
    (1, "127.0.0.1", {"x-forwarded-for": "127.0.0.1, 203.0.113.9"}),
    (1, "127.0.0.1", {"x-forwarded-for": ""} | {"host": "testserver"}),
    (2, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
    (1, "127.0.0.1", {"x-forwarded-for": "nonsense"}),
    (0, "127.0.0.1", {"authorization": "Bearer wrong-token-wrong-token", "x-real-ip": "1"}),
]


@pytest.mark.django_db
@pytest.mark.parametrize("came", STRANGERS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_to_a_stranger_the_address_does_not_exist(settings: Any, came: Came, method: str) -> None:
    proxies, peer, headers = came
    settings.TRUSTED_PROXIES = proxies
    settings.METRICS_TOKEN = "a-token-of-the-house-1"
    strict = Client(enforce_csrf_checks=True)
    asked: Any = {"headers": HERE | headers, "REMOTE_ADDR": peer}
    answer = strict.generic(method, "/metrics", **asked)
    unknown = strict.generic(method, "/metricz", **asked)
    assert answer.status_code == 404
    assert answer.content == unknown.content
    assert set(answer.headers) == set(unknown.headers)


ALLOWED: list[Came] = [
    (0, "10.1.2.3", {"host": "10.1.2.9:8000"}),  # by whatever address the machine has
    (0, "::ffff:10.1.2.3", {"host": "testserver"}),
    (1, "127.0.0.1", {"x-forwarded-for": "10.1.2.3"}),
    (1, "127.0.0.1", {"x-forwarded-for": "203.0.113.9, 10.1.2.3"}),
    (0, "203.0.113.9", {"authorization": "Bearer a-token-of-the-house-1"}),
    (1, "127.0.0.1", {}),  # past our own proxy, from this machine
    (1, "127.0.0.1", {"x-forwarded-proto": "https"}),  # as a health check pretends
]


@pytest.mark.django_db
@pytest.mark.parametrize("came", ALLOWED)
def test_the_networks_that_are_named_may_and_whoever_has_the_token(
    client: Client, settings: Any, came: Came, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxies, peer, headers = came
    settings.TRUSTED_PROXIES = proxies
    settings.METRICS_TOKEN = "a-token-of-the-house-1"
    monkeypatch.setenv("METRICS_NETWORKS", "10.0.0.0/8")
    settings.METRICS_NETWORKS = read_networks("METRICS_NETWORKS") + LOOPBACK_NETWORKS
    answer = client.get("/metrics", headers=HERE | headers, REMOTE_ADDR=peer)
    assert answer.status_code == 200


@pytest.mark.django_db
def test_figures_are_asked_for_without_tls_and_strangers_are_redirected_as_everywhere(
    client: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    handler = ClientHandler()  # its middleware reads the settings when it is made
    client.handler = handler
    assert client.get("/metrics", headers=HERE).status_code == 200
    for path in ("/metrics", "/metricz"):
        asked = client.get(path, headers=HERE, REMOTE_ADDR="203.0.113.9")
        assert (asked.status_code, asked["Location"]) == (301, f"https://localhost:8000{path}")


def test_a_token_that_can_be_guessed_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "short")
    with pytest.raises(ImproperlyConfigured, match="16"):
        read_token("METRICS_TOKEN")


# -- How the house stands ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_quiet_house_says_so(ask: Callable[[], Figures]) -> None:
    publish_due()
    found = ask()
    for name in ("waiting", "overdue", "overdue_seconds", "failed"):
        assert found[f"newsroom_releases_{name}", frozenset()] == 0
    assert of(found, "newsroom_clock_age_seconds") == pytest.approx(0, abs=5)
    assert of(found, "newsroom_database_up") == 1


@pytest.mark.django_db
def test_what_is_late_failed_or_untold_is_seen(ask: Callable[[], Figures]) -> None:
    make.planned()
    late, failed = make.planned(), make.planned()
    now = timezone.now()
    Release.objects.filter(pk=late.pk).update(due_at=now - timedelta(seconds=90))
    Release.objects.filter(pk=failed.pk).update(state="failed", due_at=now - timedelta(seconds=9))
    Heartbeat.objects.create(name="publish_due", at=now - timedelta(seconds=33))
    subscriber("https://hooks.example.com/in")
    publish_event("article.published", key="로봇", slug="로봇")
    source = Source.objects.get()
    delivered(source, ago=timedelta(seconds=70))
    found = ask()
    assert of(found, "newsroom_releases_waiting") == 3
    assert of(found, "newsroom_releases_overdue") == 2
    assert of(found, "newsroom_releases_overdue_seconds") == pytest.approx(90, abs=5)
    assert of(found, "newsroom_releases_failed") == 1
    assert of(found, "newsroom_clock_age_seconds") == pytest.approx(33, abs=5)
    assert of(found, "newsroom_outbox_depth") == 1
    assert of(found, "newsroom_wire_unparsed") == 1
    assert of(found, "newsroom_wire_unparsed_seconds") == pytest.approx(70, abs=5)
    idle = of(found, "newsroom_wire_idle_seconds", source=source.slug)
    assert idle == pytest.approx(70, abs=5)


@pytest.mark.django_db
def test_stories_that_search_does_not_know_yet_are_counted_up_to_a_point(
    ask: Callable[[], Figures], monkeypatch: pytest.MonkeyPatch
) -> None:
    def behind() -> float:
        return of(ask(), "newsroom_search_behind")

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
@pytest.mark.parametrize("patience", [30, 90])
def test_a_source_is_idle_when_its_alarm_says_so(ask: Callable[[], Figures], patience: int) -> None:
    Source.objects.update(idle_after=patience, quiet_from=None, quiet_until=None)
    delivered(Source.objects.get(), ago=timedelta(minutes=60))
    idle = of(ask(), "newsroom_wire_idle", source=Source.objects.get().slug)
    assert idle == (patience < 60)


@pytest.mark.django_db
def test_a_source_that_is_off_is_not_idle(ask: Callable[[], Figures]) -> None:
    delivered(Source.objects.get(), ago=timedelta())
    Source.objects.update(active=False)
    assert not [name for name, _labels in ask() if name == "newsroom_wire_idle_seconds"]


@pytest.mark.django_db
def test_a_full_house_costs_no_more_queries_than_an_empty_one(
    ask: Callable[[], Figures], django_assert_num_queries: Any
) -> None:
    ask()
    with django_assert_num_queries(11):
        ask()
    for n in range(20):
        make.planned()
        source = Source.objects.create(slug=f"agency-{n}", name="통신", agency="통신")
        delivered(source, ago=timedelta())
        subscriber(f"https://hooks.example.com/{n}")
        publish_event("article.published", key=f"로봇-{n}", slug="로봇")
    with django_assert_num_queries(11):
        ask()


@pytest.mark.django_db
def test_a_house_without_its_database_still_tells_the_rest(
    ask: Callable[[], Figures], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> Any:
        raise DatabaseError

    ask()
    monkeypatch.setattr(view, "measure_outbox", broken)
    found = ask()
    assert of(found, "newsroom_database_up") == 0
    assert of(found, "newsroom_request_seconds_count", route="metrics", method="GET", status="200")
    assert not [name for name, _labels in found if name.startswith("newsroom_releases")]


# -- What is counted ------------------------------------------------------------------------------------


def requests(figures: Figures, **labels: str) -> float:
    return of(figures, "newsroom_request_seconds_count", **labels)


@pytest.mark.django_db
def test_a_read_from_memory_counts_as_the_route_that_it_is(
    ask: Callable[[], Figures], client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.ROOT_URLCONF = (
        "tests.support.observability_urls"  # with a route that nobody else asks for
    )
    settings.RESPONSE_CACHE_SECONDS = 60  # however slow this machine is
    address = f"/watched/articles/{make.live().slug}/"
    named = {"route": "watched-article", "method": "GET", "status": "200"}
    before = requests(ask(), **named)
    client.get(address)
    with django_assert_num_queries(0):
        client.get(address)
    assert requests(ask(), **named) == before + 2


def test_whoever_asks_while_another_writes_down_waits_for_it() -> None:
    """Else what was taken to be written and is not yet would be missing from the answer."""
    tally = metrics.RequestTally()
    tally.add("watched-half", "GET", 200, 0.1)
    writer, asker = (threading.Thread(target=tally.write) for _ in range(2))
    with metrics.REQUEST_SECONDS._lock:  # the writer has taken the lines, and comes no further
        writer.start()
        wait_until(lambda: not tally.lines, within=20)
        asker.start()
        asker.join(0.2)
        assert asker.is_alive()
    writer.join()
    asker.join()


@pytest.mark.django_db
def test_a_thousand_invented_addresses_and_methods_make_no_new_lines(
    ask: Callable[[], Figures], client: Client
) -> None:
    invented: list[str] = []

    def lines() -> set[Any]:
        return {key for key in ask() if key[0] == "newsroom_request_seconds_count"}

    def wander() -> None:
        name = secrets.token_hex(6)
        invented.extend((name, name.upper()))
        client.get(f"/{name}/{name}")
        client.get(f"/api/v1/articles/{name}/")
        client.generic(name.upper(), f"/api/v1/{name}/")

    wander()
    ask()
    before = lines()
    for _ in range(333):
        wander()
    said = {value for _name, labels in lines() for _label, value in labels}
    assert not said & set(invented)
    # A thousand requests; those of other tests may be counted only now, and have few routes.
    assert len(lines() - before) < 100
    routes = {dict(labels)["route"] for _name, labels in before}
    assert {"unresolved", "article-detail"} <= routes
    assert {dict(labels)["method"] for _name, labels in before} <= metrics.KNOWN_METHODS | {"other"}


def run_to_its_end(folder: Path, lags: list[float]) -> None:
    """A process that counts, and ends."""
    program = FIGURES.format(lags=lags, then="")
    env = process_environment(folder, METRICS_FOLDER=str(folder))
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, env=env, check=True)


def lag(folder: Path) -> tuple[float, float]:
    found = read(render_metrics(folder=folder).decode())
    name = "newsroom_publish_lag_seconds"
    return of(found, f"{name}_count"), of(found, f"{name}_sum")


def test_what_several_processes_counted_adds_up_also_when_they_are_gone(tmp_path: Path) -> None:
    waits = "print('counted', flush=True); import sys; sys.stdin.read()"
    command = [sys.executable, "-c", FIGURES.format(lags=[4.0], then=waits)]
    env = process_environment(tmp_path, METRICS_FOLDER=str(tmp_path))
    run_to_its_end(tmp_path, [1.0, 2.0])
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as alive:
        assert alive.stdout is not None
        assert alive.stdout.readline() == b"counted\n"
        for _ in range(3):
            assert lag(tmp_path) == (3, 7.0)
        names = {file.name for file in tmp_path.glob("*.db")}
        assert names == {f"histogram_{alive.pid}.db", "histogram_departed.db"}
        assert alive.stdin is not None
        alive.stdin.close()
        alive.wait(20)
    run_to_its_end(tmp_path, [0.5])
    assert lag(tmp_path) == (4, 7.5)
    assert [file.name for file in tmp_path.glob("*.db")] == ["histogram_departed.db"]


def test_a_file_that_a_process_has_just_begun_is_no_trouble(tmp_path: Path) -> None:
    run_to_its_end(tmp_path, [1.0])
    (tmp_path / f"histogram_{os.getpid()}.db").touch()
    assert lag(tmp_path) == (1, 1.0)


def test_a_house_that_may_write_no_figures_counts_in_memory(tmp_path: Path) -> None:
    then = "from newsroom.observability.metrics_export import page; print(page().decode())"
    program = FIGURES.format(lags=[3.0], then=then)
    (tmp_path / "a-file").touch()
    env = process_environment(tmp_path, METRICS_FOLDER=str(tmp_path / "a-file"))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_ROOT, env=env, check=True, capture_output=True,
        text=True
    )  # fmt: skip
    assert of(read(done.stdout), "newsroom_publish_lag_seconds_sum") == 3.0
    assert "memory alone" in done.stderr


# -- Real processes ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["threads", "prefork"])
def house(tmp_path_factory: pytest.TempPathFactory, request: Any) -> Iterator[ObservedNewsroom]:
    folder = tmp_path_factory.mktemp(f"metrics-{request.param}")
    with observed_newsroom(folder, pool=request.param) as house:
        yield house


def test_one_answer_tells_of_every_web_process_and_of_the_worker(house: ObservedNewsroom) -> None:
    def counted() -> list[float]:
        status, headers, body = house.ask("/metrics")
        assert (status, headers["content-type"]) == (200, metrics_export.METRICS_CONTENT_TYPE)
        found = read(body)
        runs = "newsroom_task_seconds_count"
        return [
            requests(found, route="watched-ask", method="POST", status="202"),
            of(found, runs, task="watched.first", outcome="success"),
            of(found, runs, task="watched.second", outcome="success"),
            of(found, runs, task="watched.falls", outcome="failure"),
        ]

    wait_until(
        lambda: len(set(counted()[:3])) == 1, within=40
    )  # what other tests asked for is done
    before = counted()
    for _ in range(12):
        assert house.ask("/desk/watched/ask/", method="POST")[0] == 202
    house.ask("/desk/watched/ask-what-falls/", method="POST")
    after = [was + more for was, more in zip(before, (12, 12, 12, 1), strict=True)]
    wait_until(lambda: counted() == after, within=40)


def test_a_worker_tells_at_its_own_door_where_it_has_one(house: ObservedNewsroom) -> None:
    wait_until(lambda: house.answers("/metrics", port=house.worker_port), within=40)
    house.ask("/desk/watched/ask/", method="POST")

    def counted() -> bool:
        found = read(house.ask("/metrics", port=house.worker_port)[2])
        return of(found, "newsroom_task_seconds_count", task="watched.first", outcome="success") > 0

    wait_until(counted, within=40)
    assert house.ask("/", port=house.worker_port)[0] == 404
    asked_by_another_name = house.ask(
        "/metrics", headers={"Host": "news.example.com"}, port=house.worker_port
    )
    assert asked_by_another_name[::2] == (404, "")


def test_a_stranger_gets_nothing_from_a_real_server(house: ObservedNewsroom) -> None:
    status, _headers, body = house.ask("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert status == 404
    assert "newsroom_" not in body


def test_a_worker_whose_port_is_taken_says_so_and_works(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        worker_metrics.logger, "error", lambda text, *args: said.append(text % args)
    )
    settings.METRICS_PORT = free_port()
    with socket.create_server(("", settings.METRICS_PORT)):
        worker_metrics.start_worker_metrics()
    assert "cannot be opened" in said[0]
