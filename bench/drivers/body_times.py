"""Driver of `bench.bodies` inside a newsroom with the demo: processor time of the largest bodies.

Asks in one process, signed in as a chief, three kinds of bodies at each address: as many unknown fields as
fit, one long text, and what fits the endpoint. The slowest kind counts, by the median of its rounds; in
processor time, so that a busy machine measures the same.
"""

import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import django

django.setup()

from django.test import Client  # noqa: E402  # the settings stand now

from accounts.models import User  # noqa: E402
from articles.models import Article  # noqa: E402
from bench.drivers.report import describe_load, describe_machine  # noqa: E402
from newsroom.server.body_limits import human_readable_size, max_body_bytes  # noqa: E402
from tests.support.contract.endpoints import writing_endpoints  # noqa: E402
from tests.support.make import DeskClient  # noqa: E402

ROUNDS = 5
MAX_MILLISECONDS = 100
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


def measure_endpoints() -> None:
    """Print a line for each endpoint, those of the admin that take the same together."""
    chief = User.objects.get(email="chief@example.com")
    program = DeskClient(chief, scopes=("desk", "wire", "read")).client
    browser = Client(raise_request_exception=False)
    print(
        "| endpoint | largest body | slowest ms | answers | one byte more |\n|---|--:|--:|---|---|"
    )
    slug = Article.objects.live().newest_first()[0].slug
    slow = []
    for route, path, method in writing_endpoints():
        limit = max_body_bytes(path)
        address = path.replace("/a-b/", f"/{slug}/")
        browser.force_login(chief)  # one of the routes signs out
        client: Any = program if route.startswith(("desk-", "wire-")) else browser
        times, statuses = [], set()
        for body, kind in largest_bodies(route, limit):
            took, status = time_request(client, method, address, body, kind)
            times.append(took)
            statuses.add(status)
        more = client.generic(
            method, address, b"", content_type=JSON_TYPE, CONTENT_LENGTH=str(limit + 1)
        )
        status_list = ", ".join(map(str, sorted(statuses)))
        print(
            f"| `{method} {route}` | {human_readable_size(limit)} | {max(times):.0f} | {status_list} | "
            f"{more.status_code} |"
        )
        slow += [route] if max(times) > MAX_MILLISECONDS else []
    over = ", ".join(slow) or "none"
    print(
        f"\n{describe_machine()}, SQLite, the median of {ROUNDS} rounds. Over {MAX_MILLISECONDS} "
        f"ms: {over}."
    )
    print(describe_load())


def time_request(client: Any, method: str, path: str, body: bytes, kind: str) -> tuple[float, int]:
    """Milliseconds of processor time, the median of the rounds, and the status."""
    times, status = [], 0
    for _ in range(ROUNDS):
        began = time.thread_time()
        status = client.generic(
            method, path, body, content_type=kind, headers={"If-Match": "*"}
        ).status_code
        times.append((time.thread_time() - began) * 1000)
    return median(times), status


def largest_bodies(route: str, limit: int) -> Iterator[tuple[bytes, str]]:
    """Bodies of just that size, each with its type."""
    if route == "wire-intake":
        yield filled_array(b"a\n", limit), "text/plain"
        yield filled_array("한글 문장이 있다.\n".encode(), limit), "text/plain"
        return
    if route.startswith("admin:") or limit > 2 * 1024 * 1024:
        size = min(limit, 1024 * 1024)  # larger ones are files: pictures are told of elsewhere
        yield filled_array(b"a=1&", size), FORM_TYPE
        yield b"body=" + filled_array(b"%3Cp%3Ea", size - 5), FORM_TYPE
        return
    yield unknown_fields(limit), JSON_TYPE
    yield long_text("text", "가", limit), JSON_TYPE
    yield b"[" + b"1," * ((limit - 3) // 2) + b"1]", JSON_TYPE
    if route.startswith("desk-draft"):
        for html in ("<p>문장 하나. ", "<b>a</b>", "&", "<ul><li>"):
            most = 9_900 // (html.count("<") + html.count("&"))
            whole = html * min(most, 299_000 // len(html))
            yield json.dumps({"headline": "제목", "body_html": whole}).encode(), JSON_TYPE


def filled_array(piece: bytes, size: int) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def unknown_fields(limit: int) -> bytes:
    """A document with as many fields as fit that no endpoint has."""
    pairs = ",".join(f'"{number:x}":1' for number in range(limit // 7))
    while len(pairs) > limit - 2:
        pairs = pairs[: pairs.rfind(",", 0, limit - 2)]
    return f"{{{pairs}}}".encode()


def long_text(name: str, letter: str, limit: int) -> bytes:
    """A document with one long text."""
    room = limit - len(json.dumps({name: ""}))
    return json.dumps({name: letter * (room // 3)}, ensure_ascii=False).encode()


if __name__ == "__main__":
    measure_endpoints()
