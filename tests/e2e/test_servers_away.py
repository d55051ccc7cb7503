"""PostgreSQL and Redis stop while readers read and editors sign in; both come back."""

import http.client
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from newsroom.http.change_token import TOKEN_MAX_AGE_SECONDS, TOKEN_REDIS_RETRY_SECONDS
from newsroom.http.stale_if_error import DATABASE_RETRY_SECONDS
from tests.support.loopback.prepared_data import prepared_postgres_cluster
from tests.support.loopback.processes import (
    process_environment,
    run_manage_command,
    running_process,
    wait_until,
)
from tests.support.loopback.restartable_postgres import (
    RestartablePostgres,
    RestartableRedis,
    restartable_postgres,
    restartable_redis,
)
from tests.support.loopback.servers import free_port

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
PASSWORD = "a-long-password-of-tests"
STORIES = f"""
import json
from tests.support import make
from accounts.models import User
slugs = ("읽힌-기사", "내릴-기사", "끝날-기사", "다른-기사")
stories = [make.live(slug=slug, poll=make.poll_data()) for slug in slugs]
boss = make.staff("boss", role="chief")
boss.set_password({PASSWORD!r})
boss.save()
print(json.dumps({{"poll": stories[0].poll_id, "email": boss.email}}))
"""
WITHDRAW = """
from articles.models import Article
from desk.actions import withdraw
from tests.support import make
withdraw(Article.objects.get(slug="내릴-기사"), notice="사실과 달라 내렸습니다.", by=make.ben())
"""
END_SOON = """
from datetime import timedelta
from django.utils import timezone
from articles.models import Article
from tests.support import make
end = timezone.now() + timedelta(seconds=12)
make.changed(make.draft_of(Article.objects.get(slug="끝날-기사")), expires_at=end)
print(end.timestamp())
"""
TAKE_DOWN = """
from desk.tasks import process_due
process_due()
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class RunningNewsroom:
    """A web process with PostgreSQL and Redis servers that can be stopped."""

    port: int
    env: dict[str, str]
    database: RestartablePostgres
    redis: RestartableRedis
    names: dict[str, Any]

    def ask(self, path: str, *, method: str = "GET", body: Any = None, cookie: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "Accept": "*/*", "User-Agent": "tests"}
        headers |= {"Cookie": cookie} if cookie else {}
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, quote(path, safe="/?=&%"), data, headers)
            got = connection.getresponse()
            fields = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, fields, got.read().decode())
        finally:
            connection.close()

    def is_up(self) -> bool:
        try:
            return self.ask("/api/v1/masthead/").status == 200
        except OSError:
            return False

    def in_shell(self, script: str) -> str:
        return run_manage_command(self.env, "shell", "-v0", "-c", script)

    @contextmanager
    def database_away(self) -> Iterator[None]:
        self.database.kill()
        try:
            yield
        finally:
            self.database.start()
            wait_until(self.is_up, within=60)
            time.sleep(DATABASE_RETRY_SECONDS + 0.1)  # until stale responses end

    @contextmanager
    def redis_away(self) -> Iterator[None]:
        self.redis.stop()
        try:
            yield
        finally:
            self.redis.start()
            # Until Redis is tried again: a response rendered earlier is not served stale.
            time.sleep(TOKEN_REDIS_RETRY_SECONDS + TOKEN_MAX_AGE_SECONDS)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNewsroom]:
    folder, port = tmp_path_factory.mktemp("away"), free_port()
    with (
        restartable_postgres(make_cluster=prepared_postgres_cluster) as database,
        restartable_redis() as redis,
    ):
        site = f"http://127.0.0.1:{port}"
        env = process_environment(
            folder, DATABASE_URL=database.url, REDIS_URL=redis.url, SITE_URL=site, PORT=str(port)
        )
        run_manage_command(env, "prepare")
        names = json.loads(run_manage_command(env, "shell", "-v0", "-c", STORIES).splitlines()[-1])
        with running_process(web_command(port), env, folder / "web.log"):
            newsroom = RunningNewsroom(port, env, database, redis, names)
            wait_until(newsroom.is_up, within=120)
            yield newsroom


def web_command(port: int) -> list[str]:
    granian = [sys.executable, "-m", "granian", "newsroom.wsgi:application", "--interface=wsgi"]
    options = [f"--port={port}", "--workers=1", "--blocking-threads=2", "--no-ws"]
    return [*granian, *options, "--log-level=error"]


def article(slug: str) -> str:
    return f"/api/v1/articles/{slug}/"


def is_unavailable(answer: Answer) -> bool:
    kind = answer.headers["content-type"]
    return (
        answer.status == 503
        and int(answer.headers["retry-after"]) > 0
        and answer.headers["cache-control"] == "no-store"
        and (kind == "application/problem+json" or "답하지 않습니다" in answer.text)
    )


def test_reads_are_served_stale_and_the_rest_is_503_while_the_database_is_down(
    newsroom: RunningNewsroom,
) -> None:
    paths = ["/", "/articles/", article("읽힌-기사"), "/api/v1/articles/"]
    vote = f"/api/v1/polls/{newsroom.names['poll']}/vote/"
    for path in paths:
        newsroom.ask(path)
    # What was rendered while Redis was not tried again is not served stale: render anew.
    time.sleep(TOKEN_REDIS_RETRY_SECONDS + TOKEN_MAX_AGE_SECONDS)
    before = {path: newsroom.ask(path) for path in paths}
    with newsroom.database_away():
        time.sleep(1.5)  # until no entry is fresh
        for path in paths:
            stale = newsroom.ask(path)
            assert (stale.status, stale.text) == (200, before[path].text), path
            assert int(stale.headers["age"]) >= 1
            assert "stale-if-error" in stale.headers["cache-status"]
            assert "s-maxage" not in stale.headers["cache-control"]
        head = newsroom.ask(article("읽힌-기사"), method="HEAD")
        assert (head.status, head.text) == (200, "")
        for path in ("/articles/다른-기사/", article("다른-기사"), "/search/?q=로봇"):
            assert is_unavailable(newsroom.ask(path)), path
        assert is_unavailable(newsroom.ask(vote, method="PUT", body={"side": "pro"}))
        asked_at = time.monotonic()
        ready = newsroom.ask("/health/ready")
        assert time.monotonic() - asked_at < 15
        assert (ready.status, ready.json()["checks"]["database"]["well"]) == (503, False)
        assert newsroom.ask("/health/live").status == 200
    fresh = newsroom.ask(article("읽힌-기사"))
    assert (fresh.status, fresh.headers.get("age")) == (200, None)
    page = newsroom.ask("/api/v1/me/state/?articles=읽힌-기사")  # gives the cookie of a voter
    cookie = page.headers["set-cookie"].partition(";")[0]
    assert newsroom.ask(vote, method="PUT", body={"side": "pro"}, cookie=cookie).status == 200
    votes = [
        answer.json()["poll"]["total_votes"]
        for answer in (fresh, newsroom.ask(article("읽힌-기사")))
    ]
    assert votes[1] == votes[0] + 1
    assert newsroom.ask("/health/ready").json()["checks"]["database"]["well"]


def test_article_withdrawn_before_the_outage_is_not_served_stale(
    newsroom: RunningNewsroom,
) -> None:
    path = article("내릴-기사")
    assert newsroom.ask(path).status == 200
    newsroom.in_shell(WITHDRAW)  # by another process
    with newsroom.database_away():
        time.sleep(1.5)
        assert is_unavailable(newsroom.ask(path))
    assert newsroom.ask(path).status == 410


def test_article_is_not_served_stale_past_its_expiry(
    newsroom: RunningNewsroom,
) -> None:
    path = article("끝날-기사")
    end = float(newsroom.in_shell(END_SOON).splitlines()[-1])
    assert newsroom.ask(path).status == 200
    with newsroom.database_away():
        time.sleep(1.5)
        answer = newsroom.ask(path)
        if time.time() < end - 0.5:
            assert answer.status == 200, "not expired yet"
        time.sleep(max(0.0, end + 0.1 - time.time()))
        assert is_unavailable(newsroom.ask(path))
    assert newsroom.ask(path).status == 404
    # No worker runs here, and until an expired story is taken down, nothing is served stale.
    newsroom.in_shell(TAKE_DOWN)


def test_sign_in_and_rate_limits_work_while_redis_is_down(
    newsroom: RunningNewsroom,
) -> None:
    login, credentials = "/_allauth/app/v1/auth/login", {"email": newsroom.names["email"]}
    vote = f"/api/v1/polls/{newsroom.names['poll']}/vote/"
    with newsroom.redis_away():
        answer = newsroom.ask(login, method="POST", body=credentials | {"password": PASSWORD})
        assert answer.status == 200, answer.text
        token = answer.json()["meta"]["session_token"]
        assert token
        first = newsroom.ask(vote, method="PUT", body={"side": "con"})
        second = newsroom.ask(vote, method="PUT", body={"side": "con"})
        left = [answer.headers["ratelimit"].split(";")[1] for answer in (first, second)]
        assert (first.status, second.status) == (200, 200)
        assert int(left[0][2:]) - int(left[1][2:]) == 1
        guesses = [
            newsroom.ask(login, method="POST", body=credentials | {"password": "wrong"})
            for _ in range(12)
        ]
        assert {answer.status for answer in guesses} <= {400, 429}
        assert guesses[0].text != guesses[-1].text, "failed sign-ins are limited too"
        assert "newsroom_cache_fallbacks_total" in newsroom.ask("/metrics").text
        assert newsroom.ask("/health/ready").json()["checks"]["broker"]["well"] is False
