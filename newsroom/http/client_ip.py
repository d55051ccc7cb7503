"""Where a request comes from, as far as anybody whose word counts has told us. Pure."""

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What a proxy leaves on a request that it passes on for somebody else.
PASSED_ON = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)


def came_through(meta: Mapping[str, Any], *, proxies: int) -> list[str]:
    """What our own proxies say of the way here, the client first; empty where they say nothing."""
    line = str(meta.get("HTTP_X_FORWARDED_FOR", ""))
    named = [name.strip() for name in line.split(",") if name.strip()]
    return named[-proxies:] if 0 < proxies <= len(named) else []


def address_of(meta: Mapping[str, Any], *, proxies: int) -> Address | None:
    """The client's address by a WSGI environment, with so many `proxies` of ours in front.

    None where nobody can tell: a proxy that we were not told of stands in between. It may stand on
    this very machine, so a caller from here who asks for another host's name is nobody from here.
    """
    if passed := came_through(meta, proxies=proxies):
        return parsed(passed[0])
    if any(meta.get(name) for name in PASSED_ON):
        return None
    direct = parsed(str(meta.get("REMOTE_ADDR", "")))
    if direct is not None and direct.is_loopback and not names_this_machine(meta):
        return None
    return direct


def who_asks(meta: Mapping[str, Any], *, proxies: int) -> str:
    """Whom to count a request for: an address, of IPv6 the network of one household (/64).

    Only what our own proxies say moves it; without any, whoever called us is who asks.
    """
    return counted_as(meta, proxies=proxies, ipv4_prefix=32, ipv6_prefix=64)


def network_of(meta: Mapping[str, Any], *, proxies: int) -> str:
    """The network a request comes from, as providers give them out: /24 of IPv4, /48 of IPv6."""
    return counted_as(meta, proxies=proxies, ipv4_prefix=24, ipv6_prefix=48)


def counted_as(meta: Mapping[str, Any], *, proxies: int, ipv4_prefix: int, ipv6_prefix: int) -> str:
    passed = came_through(meta, proxies=proxies)
    said = passed[0] if passed else str(meta.get("REMOTE_ADDR", ""))
    address = parsed(said)
    if address is None:
        return quote(said[:100])
    prefix = ipv6_prefix if isinstance(address, ipaddress.IPv6Address) else ipv4_prefix
    if prefix == address.max_prefixlen:
        return str(address)
    return str(ipaddress.ip_network((address, prefix), strict=False))


def names_this_machine(meta: Mapping[str, Any]) -> bool:
    """Whether the request asks for `localhost` or a loopback address."""
    try:
        host = urlsplit(f"//{meta.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:
        return False
    address = parsed(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def parsed(text: str) -> Address | None:
    """An address; one of IPv4 in the clothes of IPv6 is taken as what it is."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
