"""The caching proxy as its image starts it: Varnish with the shipped configuration, on loopback."""

import http.client
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.processes import HOUSE, running, wait_until
from tests.support.servers import free_port

SHIPPED = HOUSE / "deploy" / "proxy"
# Who calls: any 127.x.x.x is this machine, so a stranger and a load balancer can be told apart.
ME, BALANCER, STRANGER = "127.0.0.1", "127.0.0.2", "127.0.0.3"
STARTS_WITHIN = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back, headers by their small names."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def was_kept(self) -> bool:
        """Whether the proxy answered from its own memory."""
        return "; hit" in self.headers.get("cache-status", "")


@dataclass(frozen=True)
class Proxy:
    """A running proxy: the door to the street, and the inner one for purges."""

    street: int
    inner: int
    process: subprocess.Popen[bytes]

    def read(self, path: str, **more: Any) -> Answer:
        return ask(self.street, path, **{"Host": f"127.0.0.1:{self.street}"} | more)

    def purge(self, path: str = "/", **more: Any) -> Answer:
        """What dispatch sends, in the name of our site."""
        named = {"Host": f"127.0.0.1:{self.street}"} | more
        return ask(self.inner, path, method="PURGE", **named)


def ask(
    port: int,
    path: str,
    *,
    method: str = "GET",
    body: bytes = b"",
    source: str = ME,
    **headers: str,
) -> Answer:
    """One request on a connection of its own; X_Name stands for X-Name.

    Raises OSError, http.client.HTTPException.
    """
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        door.request(method, path, body=body or None, headers=named)
        answer = door.getresponse()
        heard = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, heard, answer.read())
    finally:
        door.close()


def answers(port: int, path: str) -> bool:
    try:
        return ask(port, path, Host="localhost").status == 200
    except (OSError, http.client.HTTPException):
        return False


def shipped_command() -> list[str]:
    """What deploy/proxy/Containerfile starts."""
    whole = (SHIPPED / "Containerfile").read_text().replace("\\\n", " ")
    command: list[str] = json.loads(re.findall(r"^CMD (\[.*\])$", whole, re.MULTILINE)[-1])
    return command


def places_here(web: Mapping[str, int]) -> str:
    """The shipped places.vcl with this machine's addresses in it."""
    said = (SHIPPED / "places.vcl").read_text()
    for name, port in web.items():
        there, here = (
            f'.host = "{name}";\n    .port = "8000"',
            f'.host = "{ME}";\n    .port = "{port}"',
        )
        assert there in said, f"places.vcl knows no {name}"
        said = said.replace(there, here)
    return said.replace('"172.30.80.0"/24', f'"{ME}"').replace("192.0.2.1", BALANCER)


@contextmanager
def proxy_before(
    web: Mapping[str, int], folder: Path, *, street: int = 0, inner: int = 0
) -> Iterator[Proxy]:
    """The proxy in front of the web processes at these ports; answers at once."""
    street, inner = street or free_port(), inner or free_port()
    home = folder / "varnish"
    home.mkdir()
    shutil.copy(SHIPPED / "newsroom.vcl", home)
    (home / "places.vcl").write_text(places_here(web))
    # In one pass: what was put in is not looked at again.
    ours = {
        "/var/lib/varnish/newsroom": str(home / "work"),
        "/etc/varnish": str(home),
        "=:6081": f"={ME}:{street}",
        "=:6082": f"={ME}:{inner}",
    }
    swap = re.compile("|".join(map(re.escape, ours)))
    command = [swap.sub(lambda found: ours[found[0]], word) for word in shipped_command()]
    log = folder / "proxy.log"
    with running([*command, "-p", f"vcl_path={home}"], os.environ.copy(), log) as process:

        def stands() -> bool:
            assert process.poll() is None, log.read_text()
            return answers(street, "/health/proxy")

        wait_until(stands, within=STARTS_WITHIN)
        yield Proxy(street, inner, process)
