"""SSRF guard: allowed and forbidden addresses, in all their forms."""

import ipaddress
import socket
import threading
from typing import Any

import pytest

from outbox.errors import ForbiddenAddress
from outbox.ssrf_guard import check_address, parse_target, resolve_target

INSIDE = [
    # every address that is_global of the standard library lets through
    "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "224.0.0.1", "ff02::1", "fec0::1", "192.0.0.8",
    "168.63.129.16",
    # and the usual ones
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "192.88.99.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:a00:1::", "2002:808:808::",
    "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "ff0e::1", "2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:10.0.0.1", "4000::1",
]  # fmt: skip

OUTSIDE = ["8.8.8.8", "1.1.1.1", "211.249.220.24", "2606:4700:4700::1111", "64:ff9b::808:808"]

# Spellings that look-ups turn into 127.0.0.1, 0.0.0.0 or another inner address.
ODD = [
    "0x7f.1", "2130706433", "017700000001", "127.1", "0", "①②⑦.⓪.⓪.①", "0177.0.0.1", "0x7f000001",
    "127.0.0.1.", "127.0.1", "00.0.0.0", "0x", "127。0。0。1", "１２７.０.０.１", "[::1%25lo]",
    "[fe80::1%25eth0]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "1.2.3.4.5", "256.1.1.1",
]  # fmt: skip

WRONG = [
    "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/", "example.com",
    "http:///path", "https://", "http://user@example.com/", "http://user:password@example.com/",
    "http://example.com@127.0.0.1/", "http://example.com:22/", "http://example.com:8080/",
    "http://example.com:0/", "http://example.com:99999/", "http://example.com:x/", "http://exa mple.com/",
    "http://example.com/a b", "http://example.com/\r\nX: y", "http://example.com\\@127.0.0.1/",
    "http://example.com/#part", "http://[::1/", "http://-example.com/", "http://a..b/", "http://example.com/\x00",
    "http://example.com/기사", f"http://{'a' * 64}.com/", f"http://{'a.' * 130}com/", "",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_private_ip_address_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check_address(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_url_of_a_private_address_is_refused(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(ForbiddenAddress):
        parse_target(f"http://{host}/")


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_ip_address_is_allowed(address: str) -> None:
    check_address(ipaddress.ip_address(address))
    host = f"[{address}]" if ":" in address else address
    assert parse_target(f"http://{host}/in").path == "/in"


@pytest.mark.parametrize("host", ODD)
def test_unusual_ip_address_form_is_refused_without_a_dns_query(host: str) -> None:
    with pytest.raises(ForbiddenAddress):
        parse_target(f"http://{host}/")


@pytest.mark.parametrize("url", WRONG)
def test_url_that_is_not_plain_http_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        parse_target(url)


def test_korean_host_name_is_resolved_in_punycode() -> None:
    place = parse_target("https://소식.example.com/in?x=1")
    assert place.host == "xn--9l4b4x.example.com"
    assert (place.port, place.path, place.authority) == (443, "/in?x=1", place.host)


def fake_dns(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """A DNS resolver that answers with these addresses; the list of its queries."""
    queried: list[str] = []

    def resolve(host: str, port: int, **_kwargs: Any) -> list[Any]:
        queried.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return queried


@pytest.mark.parametrize("address", INSIDE)
def test_host_that_resolves_to_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    fake_dns(monkeypatch, address)
    with pytest.raises(ForbiddenAddress):
        resolve_target(parse_target("https://hooks.example.com/"), timeout_seconds=5)


def test_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake_dns(monkeypatch, "8.8.8.8", "1.1.1.1", "10.0.0.1")
    with pytest.raises(ForbiddenAddress):
        resolve_target(parse_target("https://hooks.example.com/"), timeout_seconds=5)


def test_host_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    queried = fake_dns(monkeypatch, "8.8.8.8")
    assert resolve_target(parse_target("https://hooks.example.com/"), timeout_seconds=5) == [
        "8.8.8.8"
    ]
    assert queried == ["hooks.example.com"]


def test_dns_query_times_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enough = threading.Event()

    def never_answer(*_args: Any, **_kwargs: Any) -> list[Any]:
        enough.wait(5)
        raise OSError("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", never_answer)
    with pytest.raises(TimeoutError):
        resolve_target(parse_target("https://hooks.example.com/"), timeout_seconds=0.05)
    enough.set()


def test_operator_may_allow_private_networks_and_ports(settings: Any) -> None:
    settings.OUTBOX_PRIVATE_NETWORKS = [ipaddress.ip_network("10.1.0.0/16")]
    settings.OUTBOX_EXTRA_PORTS = [6081]
    assert parse_target("http://10.1.2.3:6081/").authority == "10.1.2.3:6081"
    with pytest.raises(ForbiddenAddress):
        parse_target("http://10.2.0.1:6081/")
    with pytest.raises(ForbiddenAddress):
        parse_target("http://127.0.0.1:6081/")
