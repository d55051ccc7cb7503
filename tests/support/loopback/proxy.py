"""Caching proxy: Varnish with the shipped configuration, as its image starts it, on loopback."""

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

from tests.support.loopback.processes import PROJECT_ROOT, running_process, wait_until
from tests.support.loopback.servers import free_port

PROXY_CONFIG_FOLDER = PROJECT_ROOT / "deploy" / "proxy"
# Who calls: any 127.x.x.x is this machine, so a stranger and a load balancer can be told apart.
LOCAL_ADDRESS, LOAD_BALANCER_ADDRESS, OTHER_CLIENT_ADDRESS = "127.0.0.1", "127.0.0.2", "127.0.0.3"
START_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class ProxyResponse:
    """A response with lower-case header names."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def is_cache_hit(self) -> bool:
        """Whether the proxy answered from its cache."""
        return "; hit" in self.headers.get("cache-status", "")


@dataclass(frozen=True)
class Proxy:
    """A running proxy: its public port, and the one for purges."""

    public_port: int
    purge_port: int
    process: subprocess.Popen[bytes]

    def read(self, path: str, **more: Any) -> ProxyResponse:
        return http_request(
            self.public_port, path, **{"Host": f"127.0.0.1:{self.public_port}"} | more
        )

    def purge(self, path: str = "/", **more: Any) -> ProxyResponse:
        """A purge request as the outbox sends it."""
        sent_headers = {"Host": f"127.0.0.1:{self.public_port}"} | more
        return http_request(self.purge_port, path, method="PURGE", **sent_headers)


def http_request(
    port: int,
    path: str,
    *,
    method: str = "GET",
    body: bytes = b"",
    source: str = LOCAL_ADDRESS,
    **headers: str,
) -> ProxyResponse:
    """One request on a connection of its own; X_Name stands for X-Name.

    Raises OSError, http.client.HTTPException.
    """
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=20, source_address=(source, 0)
    )
    try:
        sent_headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body or None, headers=sent_headers)
        answer = connection.getresponse()
        headers_received = {name.lower(): value for name, value in answer.getheaders()}
        return ProxyResponse(answer.status, headers_received, answer.read())
    finally:
        connection.close()


def responds(port: int, path: str) -> bool:
    try:
        return http_request(port, path, Host="localhost").status == 200
    except (OSError, http.client.HTTPException):
        return False


def shipped_command() -> list[str]:
    """What deploy/proxy/Containerfile starts."""
    whole = (PROXY_CONFIG_FOLDER / "Containerfile").read_text().replace("\\\n", " ")
    command: list[str] = json.loads(re.findall(r"^CMD (\[.*\])$", whole, re.MULTILINE)[-1])
    return command


def local_backends_vcl(web: Mapping[str, int]) -> str:
    """The shipped places.vcl with the addresses of this machine."""
    vcl = (PROXY_CONFIG_FOLDER / "places.vcl").read_text()
    for name, port in web.items():
        there, here = (
            f'.host = "{name}";\n    .port = "8000"',
            f'.host = "{LOCAL_ADDRESS}";\n    .port = "{port}"',
        )
        assert there in vcl, f"places.vcl knows no {name}"
        vcl = vcl.replace(there, here)
    return vcl.replace('"172.30.80.0"/24', f'"{LOCAL_ADDRESS}"').replace(
        "192.0.2.1", LOAD_BALANCER_ADDRESS
    )


@contextmanager
def running_proxy(
    web: Mapping[str, int], folder: Path, *, public_port: int = 0, purge_port: int = 0
) -> Iterator[Proxy]:
    """The proxy in front of the web processes at these ports, started and answering."""
    public_port, purge_port = public_port or free_port(), purge_port or free_port()
    home = folder / "varnish"
    home.mkdir()
    shutil.copy(PROXY_CONFIG_FOLDER / "newsroom.vcl", home)
    (home / "places.vcl").write_text(local_backends_vcl(web))
    # In one pass: what was put in is not looked at again.
    ours = {
        "/var/lib/varnish/newsroom": str(home / "work"),
        "/etc/varnish": str(home),
        "=:6081": f"={LOCAL_ADDRESS}:{public_port}",
        "=:6082": f"={LOCAL_ADDRESS}:{purge_port}",
    }
    swap = re.compile("|".join(map(re.escape, ours)))
    command = [swap.sub(lambda found: ours[found[0]], word) for word in shipped_command()]
    log = folder / "proxy.log"
    with running_process([*command, "-p", f"vcl_path={home}"], os.environ.copy(), log) as process:

        def stands() -> bool:
            assert process.poll() is None, log.read_text()
            return responds(public_port, "/health/proxy")

        wait_until(stands, within=START_TIMEOUT_SECONDS)
        yield Proxy(public_port, purge_port, process)
