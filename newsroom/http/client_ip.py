"""Where a request comes from, as far as anybody whose word counts has told us. Pure."""

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# What a proxy leaves on a request that it passes on for somebody else.
FORWARDING_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)


def forwarded_addresses(meta: Mapping[str, Any], *, proxies: int) -> list[str]:
    """What our own proxies say of the way here, the client first; empty where they say nothing."""
    line = str(meta.get("HTTP_X_FORWARDED_FOR", ""))
    named = [name.strip() for name in line.split(",") if name.strip()]
    return named[-proxies:] if 0 < proxies <= len(named) else []


def client_ip(meta: Mapping[str, Any], *, proxies: int) -> IPAddress | None:
    """The client's address by a WSGI environment, with so many `proxies` of ours in front.

    None where nobody can tell: a proxy that we were not told of stands in between. It may stand on
    this very machine, so a caller from here who asks for another host's name is nobody from here.
    """
    if passed := forwarded_addresses(meta, proxies=proxies):
        return parse_ip(passed[0])
    if any(meta.get(name) for name in FORWARDING_HEADERS):
        return None
    direct = parse_ip(str(meta.get("REMOTE_ADDR", "")))
    if direct is not None and direct.is_loopback and not has_loopback_host(meta):
        return None
    return direct


def client_throttle_key(meta: Mapping[str, Any], *, proxies: int) -> str:
    """Whom to count a request for: an address, of IPv6 the network of one household (/64).

    Only what our own proxies say moves it; without any, whoever called us is who asks.
    """
    return client_prefix(meta, proxies=proxies, ipv4_prefix=32, ipv6_prefix=64)


def client_network(meta: Mapping[str, Any], *, proxies: int) -> str:
    """The network a request comes from, as providers give them out: /24 of IPv4, /48 of IPv6."""
    return client_prefix(meta, proxies=proxies, ipv4_prefix=24, ipv6_prefix=48)


def client_prefix(
    meta: Mapping[str, Any], *, proxies: int, ipv4_prefix: int, ipv6_prefix: int
) -> str:
    passed = forwarded_addresses(meta, proxies=proxies)
    said = passed[0] if passed else str(meta.get("REMOTE_ADDR", ""))
    address = parse_ip(said)
    if address is None:
        return quote(said[:100])
    prefix = ipv6_prefix if isinstance(address, ipaddress.IPv6Address) else ipv4_prefix
    if prefix == address.max_prefixlen:
        return str(address)
    return str(ipaddress.ip_network((address, prefix), strict=False))


def has_loopback_host(meta: Mapping[str, Any]) -> bool:
    """Whether the request asks for `localhost` or a loopback address."""
    try:
        host = urlsplit(f"//{meta.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:
        return False
    address = parse_ip(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def parse_ip(text: str) -> IPAddress | None:
    """An address; one of IPv4 in the clothes of IPv6 is taken as what it is."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
