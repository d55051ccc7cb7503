"""The caching proxy's configuration, before a web server that answers as it is told."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsroom.http.middleware import PERSONAL_PATHS
from newsroom.http.security_headers import PERMISSIONS_POLICY
from tests.support.loopback.processes import wait_until
from tests.support.loopback.proxy import (
    LOAD_BALANCER_ADDRESS,
    LOCAL_ADDRESS,
    OTHER_CLIENT_ADDRESS,
    PROXY_CONFIG_FOLDER,
    Proxy,
    ProxyResponse,
    running_proxy,
)
from tests.support.loopback.receivers import HTTPReceiver, ReceivedRequest, running_receiver
from tests.support.loopback.receivers import ReceiverResponse as Reply

ERROR_HEADERS = (
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
)

pytestmark = pytest.mark.proxy

PUBLIC = {"Cache-Control": "public, max-age=0, must-revalidate", "Content-Type": "text/html"}
KEYED = PUBLIC | {"Surrogate-Key": "article-robot newest", "ETag": '"one"'}
GONE = {"Cache-Control": "no-store", "Content-Type": "text/html"}
LONG = b"words " * 500


class Web:
    """The web server behind: what it answers, and what it was asked for besides the probes."""

    def __init__(self, receiver: HTTPReceiver) -> None:
        self.receiver = receiver
        self.says: Reply | Callable[[ReceivedRequest], Reply] = (200, KEYED, LONG)
        self.well = True
        receiver.answer = self.answer

    def answer(self, got: ReceivedRequest) -> Reply:
        if got.path == "/health/live":
            return (200 if self.well else 503, GONE, b"")
        return self.says(got) if callable(self.says) else self.says

    def asked(self, path: str) -> list[ReceivedRequest]:
        return [got for got in self.receiver.got if got.path == path]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, Web]]:
    with (
        running_receiver() as receiver,
        running_proxy(
            {"web-1": receiver.port, "web-2": receiver.port}, tmp_path_factory.mktemp("proxy")
        ) as proxy,
    ):
        web = Web(receiver)
        wait_until(lambda: proxy.read("/health/live").status == 200, within=10)
        yield proxy, web


@pytest.fixture
def proxy(pair: tuple[Proxy, Web]) -> Proxy:
    return pair[0]


@pytest.fixture
def web(pair: tuple[Proxy, Web]) -> Iterator[Web]:
    """The web server, well again for the next test."""
    yield pair[1]
    pair[1].says, pair[1].well = (200, KEYED, LONG), True
    wait_until(lambda: pair[0].read("/health/live").status == 200, within=10)


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    """An address of this test alone."""
    return f"/articles/{abs(hash(request.node.name))}/"


def twice(proxy: Proxy, path: str, **headers: str) -> tuple[ProxyResponse, ProxyResponse]:
    return proxy.read(path, **headers), proxy.read(path, **headers)


def long_lived(proxy: Proxy, path: str) -> None:
    """Keep a copy that may be shown while the web is away: asked for a second after the last purge."""
    proxy.purge(Surrogate_Key="ping")
    time.sleep(1.2)
    assert proxy.read(path).status == 200


# -- what is kept ------------------------------------------------------------------------------


def test_the_second_reader_is_answered_from_memory(proxy: Proxy, web: Web, path: str) -> None:
    first, second = twice(proxy, path)
    assert (first.is_cache_hit, second.is_cache_hit) == (False, True)
    assert first.body == second.body == LONG
    assert len(web.asked(path)) == 1


def test_a_browser_is_told_what_the_newsroom_said_and_no_more(
    proxy: Proxy, web: Web, path: str
) -> None:
    answer = proxy.read(path)
    assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert not {"surrogate-key", "cache-tag", "xkey", "via", "x-varnish"} & set(answer.headers)


SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=60"


def test_what_is_for_shared_caches_is_told_to_the_balancer_alone(
    proxy: Proxy, web: Web, path: str
) -> None:
    web.says = (200, KEYED | {"Cache-Control": SHARED}, LONG)
    browser = proxy.read(path)
    assert browser.headers["cache-control"] == "public, max-age=0, must-revalidate"
    balancer = proxy.read(path, source=LOAD_BALANCER_ADDRESS)
    assert balancer.headers["cache-control"] == SHARED


def test_a_long_life_elsewhere_is_no_longer_here(proxy: Proxy, web: Web, path: str) -> None:
    web.says = (200, KEYED | {"Cache-Control": SHARED}, LONG)
    proxy.read(path)
    web.says = (200, KEYED | {"Cache-Control": SHARED, "ETag": '"two"'}, b"new words")
    assert wait_until(lambda: proxy.read(path).body == b"new words", within=5) < 1.2


def test_in_the_second_before_a_planned_change_nothing_is_kept(
    proxy: Proxy, web: Web, path: str
) -> None:
    ending = "public, max-age=0, s-maxage=0, must-revalidate"
    web.says = (200, KEYED | {"Cache-Control": ending}, LONG)
    first, second = twice(proxy, path)
    assert (first.is_cache_hit, second.is_cache_hit) == (False, False)
    web.says = (410, GONE, b"gone")
    assert proxy.read(path).status == 410


def test_whoever_has_it_is_told_so(proxy: Proxy, web: Web, path: str) -> None:
    tag = proxy.read(path).headers["etag"]
    answer = proxy.read(path, If_None_Match=tag)
    assert (answer.status, answer.body) == (304, b"")


def test_pages_of_other_sites_have_copies_of_their_own(proxy: Proxy, web: Web, path: str) -> None:
    """The API says `Vary: origin`, by which browsers of other sites are let in or not."""
    web.says = lambda got: (
        200,
        KEYED | {"Vary": "origin, Accept-Encoding"},
        got.headers.get("origin", "no page").encode(),
    )
    first, second = twice(proxy, path)
    other, again = twice(proxy, path, Origin="https://app.example.com")
    assert (first.body, second.is_cache_hit) == (b"no page", True)
    assert (other.body, other.is_cache_hit, again.is_cache_hit) == (
        b"https://app.example.com",
        False,
        True,
    )


def test_head_is_answered_from_the_same_copy(proxy: Proxy, web: Web, path: str) -> None:
    proxy.read(path)
    answer = proxy.read(path, method="HEAD")
    assert (answer.status, answer.is_cache_hit, answer.body) == (200, True, b"")


def test_a_changed_story_is_seen_within_a_second_without_any_purge(
    proxy: Proxy, web: Web, path: str
) -> None:
    proxy.read(path)
    web.says = (200, KEYED | {"ETag": '"two"'}, b"new words")
    assert wait_until(lambda: proxy.read(path).body == b"new words", within=5) < 1.2


def test_a_copy_that_nobody_asked_for_meanwhile_is_not_given(
    proxy: Proxy, web: Web, path: str
) -> None:
    long_lived(proxy, path)
    web.says = (410, GONE, b"gone")
    time.sleep(1)
    assert proxy.read(path).status == 410


def test_a_crowd_at_a_cold_address_is_one_question(proxy: Proxy, web: Web, path: str) -> None:
    def slowly(got: ReceivedRequest) -> Reply:
        time.sleep(0.3)
        return 200, KEYED, LONG

    web.says = slowly
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _: proxy.read(path), range(20)))
    assert {answer.body for answer in answers} == {LONG}
    assert len(web.asked(path)) == 1


def test_long_texts_are_packed_for_who_can_unpack_them(proxy: Proxy, web: Web, path: str) -> None:
    packed = proxy.read(path, Accept_Encoding="gzip")
    plain = proxy.read(path)
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(LONG)
    assert plain.body == LONG


def test_what_is_packed_already_is_not_packed_again(proxy: Proxy, web: Web, path: str) -> None:
    web.says = (200, KEYED | {"Content-Encoding": "br", "Vary": "Accept-Encoding"}, b"packed")
    answer = proxy.read(path, Accept_Encoding="br")
    assert (answer.headers["content-encoding"], answer.body) == ("br", b"packed")


# -- what is kept by nobody --------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "no-store"},
        {"Cache-Control": "public, no-store"},
        {"Cache-Control": "private, max-age=60"},
        {"Cache-Control": "max-age=60"},
        {},
        PUBLIC | {"Set-Cookie": "sessionid=somebody"},
        PUBLIC | {"Vary": "Cookie"},
        PUBLIC | {"Vary": "Accept-Encoding, Cookie"},
        PUBLIC | {"Vary": "original"},
        PUBLIC | {"Vary": "*"},
    ],
    ids=[
        "no-store",
        "both",
        "private",
        "not public",
        "silent",
        "cookie",
        "vary",
        "vary too",
        "vary alike",
        "vary all",
    ],
)
def test_an_answer_not_meant_for_all_is_not_kept(
    proxy: Proxy, web: Web, path: str, headers: dict[str, str]
) -> None:
    web.says = (200, headers, b"for one")
    _first, second = twice(proxy, path)
    assert not second.is_cache_hit
    assert len(web.asked(path)) == 2


@pytest.mark.parametrize("status", [301, 404, 410, 500])
def test_what_is_not_there_is_asked_for_again(
    proxy: Proxy, web: Web, path: str, status: int
) -> None:
    web.says = (status, KEYED, b"not here")
    assert proxy.read(path).status == status
    web.says = (200, KEYED, LONG)
    assert proxy.read(path).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer something"},
        {"Cookie": "sessionid=somebody"},
        {"Cookie": "theme=dark; sessionid=somebody"},
        {"X-Session-Token": "somebody"},
    ],
    ids=["token", "session", "session too", "session of an app"],
)
def test_who_shows_who_they_are_passes_by_the_memory(
    proxy: Proxy, web: Web, path: str, headers: dict[str, str]
) -> None:
    proxy.read(path)
    answer = proxy.read(path, **headers)
    assert not answer.is_cache_hit
    (name, value) = next(iter(headers.items()))
    assert web.asked(path)[-1].headers[name.lower()] == value


@pytest.mark.parametrize("start", PERSONAL_PATHS)
def test_the_addresses_of_one_person_pass_by_the_memory(proxy: Proxy, web: Web, start: str) -> None:
    _first, second = twice(proxy, f"{start}page/", Cookie="csrftoken=abc")
    assert not second.is_cache_hit
    assert web.asked(f"{start}page/")[-1].headers["cookie"] == "csrftoken=abc"


def test_a_cookie_of_no_meaning_neither_travels_nor_divides(
    proxy: Proxy, web: Web, path: str
) -> None:
    proxy.read(path)
    assert proxy.read(path, Cookie="theme=dark").is_cache_hit
    assert "cookie" not in web.asked(path)[0].headers


# -- purges ------------------------------------------------------------------------------------


def test_a_purge_by_address_takes_the_copy_away(proxy: Proxy, web: Web, path: str) -> None:
    proxy.read(path)
    assert proxy.purge(path).status == 200
    assert not proxy.read(path).is_cache_hit


def test_a_purge_by_key_takes_the_copy_away_under_every_spelling(
    proxy: Proxy, web: Web, path: str
) -> None:
    spellings = [path, f"{path}?page_size=2", path.replace("a", "%61", 1)]
    for one in spellings:
        proxy.read(one)
    assert proxy.purge(Surrogate_Key="article-other article-robot").status == 200
    assert not any(proxy.read(one).is_cache_hit for one in spellings)


def test_a_purge_by_another_key_leaves_it(proxy: Proxy, web: Web, path: str) -> None:
    proxy.read(path)
    proxy.purge(Surrogate_Key="article-rob article-robots obot")
    assert proxy.read(path).is_cache_hit


@pytest.mark.parametrize("source", [LOCAL_ADDRESS, OTHER_CLIENT_ADDRESS])
def test_nobody_purges_from_the_street(proxy: Proxy, web: Web, path: str, source: str) -> None:
    proxy.read(path)
    answer = proxy.read(path, method="PURGE", source=source, Surrogate_Key="article-robot")
    assert (answer.status, proxy.read(path).is_cache_hit) == (403, True)


def test_a_stranger_who_found_the_inner_door_purges_nothing(
    proxy: Proxy, web: Web, path: str
) -> None:
    proxy.read(path)
    answer = proxy.purge(path, source=OTHER_CLIENT_ADDRESS, Surrogate_Key="article-robot")
    assert (answer.status, proxy.read(path).is_cache_hit) == (403, True)


def test_the_inner_door_is_for_purges_alone(proxy: Proxy, web: Web, path: str) -> None:
    answer = proxy.purge(path, source=LOCAL_ADDRESS)
    assert answer.status == 200
    assert Proxy(proxy.purge_port, proxy.purge_port, proxy.process).read(path).status == 404


# -- while the web is away ---------------------------------------------------------------------


def away(proxy: Proxy, web: Web) -> None:
    web.well, web.says = False, (503, GONE, b"away")
    wait_until(lambda: proxy.read("/health/live").status == 503, within=10)


def test_while_the_web_is_away_a_copy_is_given_even_when_it_is_over(
    proxy: Proxy, web: Web, path: str
) -> None:
    long_lived(proxy, path)
    away(proxy, web)
    time.sleep(1)
    answer = proxy.read(path)
    assert (answer.status, answer.body, answer.is_cache_hit) == (200, LONG, True)


def test_a_copy_is_given_where_one_answer_fails(proxy: Proxy, web: Web, path: str) -> None:
    long_lived(proxy, path)
    time.sleep(1)
    web.says = (500, GONE, b"broken")
    assert [proxy.read(path).status for _ in range(3)] == [200, 200, 200]


def test_a_withdrawn_story_is_never_given_while_the_web_is_away(
    proxy: Proxy, web: Web, path: str
) -> None:
    long_lived(proxy, path)
    away(proxy, web)
    proxy.purge(Surrogate_Key="article-robot")
    assert proxy.read(path).status == 503


def test_old_words_fetched_while_a_purge_went_by_live_no_longer_than_others(
    proxy: Proxy, web: Web, path: str
) -> None:
    asked, purged = threading.Event(), threading.Event()

    def slowly(got: ReceivedRequest) -> Reply:
        asked.set()
        purged.wait(5)
        return 200, KEYED, b"old words"

    web.says = slowly
    with ThreadPoolExecutor(1) as reader:
        reading = reader.submit(proxy.read, path)
        asked.wait(5)
        proxy.purge(Surrogate_Key="article-robot")
        purged.set()
        assert reading.result().body == b"old words"
    away(proxy, web)
    time.sleep(1)
    assert proxy.read(path).status == 503


def test_what_has_no_key_is_not_given_when_it_is_over(proxy: Proxy, web: Web, path: str) -> None:
    web.says = (200, PUBLIC, LONG)
    long_lived(proxy, path)
    away(proxy, web)
    time.sleep(1)
    assert proxy.read(path).status == 503


def test_a_proxy_that_nobody_purges_gives_nothing_that_is_over(tmp_path: Path) -> None:
    with running_receiver() as receiver:
        ports = {"web-1": receiver.port, "web-2": receiver.port}
        with running_proxy(ports, tmp_path) as proxy:
            web = Web(receiver)
            wait_until(lambda: proxy.read("/health/live").status == 200, within=10)
            assert proxy.read("/").status == 200
            away(proxy, web)
            time.sleep(1)
            assert proxy.read("/").status == 503


def hangs_up(got: ReceivedRequest) -> Reply:
    raise OSError


def test_with_nothing_to_give_it_says_so_in_korean(proxy: Proxy, web: Web, path: str) -> None:
    away(proxy, web)
    web.says = hangs_up
    page, api_response = proxy.read(path), proxy.read("/api/v1/articles/nowhere/")
    assert (page.status, api_response.status, api_response.json()["status"]) == (503, 503, 503)
    assert "답하지 못합니다" in page.body.decode()
    assert api_response.headers["content-type"] == "application/problem+json"
    assert page.headers["cache-control"] == "no-store"
    for answer in (page, api_response):
        assert set(ERROR_HEADERS) <= set(answer.headers)
        assert answer.headers["permissions-policy"] == PERMISSIONS_POLICY


# -- the envelope ------------------------------------------------------------------------------

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example.com",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
    "X-Request-ID": "forged",
    "X-Stale": "yes",
}


def test_a_stranger_does_not_say_who_they_are(proxy: Proxy, web: Web, path: str) -> None:
    proxy.read(path, source=OTHER_CLIENT_ADDRESS, **FORGED)
    got = web.asked(path)[0].headers
    assert (got["x-forwarded-for"], got["x-forwarded-proto"]) == (OTHER_CLIENT_ADDRESS, "http")
    assert not {
        name.lower() for name in FORGED if name not in {"X-Forwarded-For", "X-Forwarded-Proto"}
    } & set(got)


def test_the_load_balancer_says_whom_it_saw_and_the_reader_adds_nothing(
    proxy: Proxy, web: Web, path: str
) -> None:
    forwarded_headers = {
        "X-Forwarded-For": "192.0.2.77, 198.51.100.7",
        "X-Forwarded-Proto": "https",
    }
    proxy.read(path, source=LOAD_BALANCER_ADDRESS, **forwarded_headers)
    got = web.asked(path)[0].headers
    assert (got["x-forwarded-for"], got["x-forwarded-proto"]) == ("198.51.100.7", "https")


@pytest.mark.parametrize(
    "address", ["/metrics", "/metrics/", "/metrics?x=1", "/%6Detrics", "//metrics", "/METRICS"]
)
def test_the_figures_are_not_for_the_street(proxy: Proxy, web: Web, address: str) -> None:
    assert proxy.read(address).status == 404
    assert not web.asked(address)


def test_an_upload_may_be_as_large_as_a_photo_and_no_larger(proxy: Proxy, web: Web) -> None:
    web.says = (201, GONE, b"")
    assert proxy.read("/upload/", method="POST", body=b"x" * 1000).status == 201
    response = proxy.read("/upload/", method="POST", Content_Length=str(40 * 1024 * 1024))
    assert response.status == 413


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"method": "TRACE"}, 405),
        ({"method": "BREW"}, 405),
        ({"Upgrade": "websocket"}, 400),
        ({"method": "POST", "Transfer-Encoding": "chunked"}, 411),
    ],
    ids=["trace", "brew", "upgrade", "chunked"],
)
def test_what_the_newsroom_has_no_use_for_does_not_reach_it(
    proxy: Proxy, web: Web, path: str, asked: dict[str, str], status: int
) -> None:
    answer = proxy.read(path, **asked)
    assert answer.status == status
    assert set(ERROR_HEADERS) <= set(answer.headers)
    assert not web.asked(path)


def test_the_list_of_personal_addresses_is_the_newsrooms() -> None:
    vcl = (PROXY_CONFIG_FOLDER / "newsroom.vcl").read_text()
    starts = "|".join(start.strip("/") for start in PERSONAL_PATHS)
    assert sorted(starts.split("|")) == sorted(
        vcl.split('req.url ~ "^/(')[1].split(")")[0].split("|")
    )
