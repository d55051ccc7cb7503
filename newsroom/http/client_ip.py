"""Client IP address of a request, behind a known number of trusted proxies. Pure functions of a WSGI
environ."""

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# Headers that show that a request was forwarded by a proxy.
FORWARDING_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)


def forwarded_addresses(meta: Mapping[str, Any], *, proxies: int) -> list[str]:
    """The last `proxies` entries of X-Forwarded-For, written by trusted proxies, the client first; else
    empty."""
    header = str(meta.get("HTTP_X_FORWARDED_FOR", ""))
    addresses = [address.strip() for address in header.split(",") if address.strip()]
    return addresses[-proxies:] if 0 < proxies <= len(addresses) else []


def client_ip(meta: Mapping[str, Any], *, proxies: int) -> IPAddress | None:
    """The client's address, with so many trusted `proxies` in front; None if it cannot be known.

    It cannot be known behind a proxy that is not configured. That one may run on this machine, so that a
    loopback address counts only for requests to a loopback host name.
    """
    if addresses := forwarded_addresses(meta, proxies=proxies):
        return parse_ip(addresses[0])
    if any(meta.get(name) for name in FORWARDING_HEADERS):
        return None
    remote = parse_ip(str(meta.get("REMOTE_ADDR", "")))
    if remote is not None and remote.is_loopback and not has_loopback_host(meta):
        return None
    return remote


def client_throttle_key(meta: Mapping[str, Any], *, proxies: int) -> str:
    """The client for rate limits: an IPv4 address, or the /64 network of an IPv6 address.

    Only trusted proxies are believed; without any, it is the peer address of the connection.
    """
    return client_prefix(meta, proxies=proxies, ipv4_prefix=32, ipv6_prefix=64)


def client_network(meta: Mapping[str, Any], *, proxies: int) -> str:
    """The client's network as providers assign it: /24 of IPv4, /48 of IPv6."""
    return client_prefix(meta, proxies=proxies, ipv4_prefix=24, ipv6_prefix=48)


def client_prefix(
    meta: Mapping[str, Any], *, proxies: int, ipv4_prefix: int, ipv6_prefix: int
) -> str:
    forwarded = forwarded_addresses(meta, proxies=proxies)
    text = forwarded[0] if forwarded else str(meta.get("REMOTE_ADDR", ""))
    address = parse_ip(text)
    if address is None:
        return quote(text[:100])
    prefix = ipv6_prefix if isinstance(address, ipaddress.IPv6Address) else ipv4_prefix
    if prefix == address.max_prefixlen:
        return str(address)
    return str(ipaddress.ip_network((address, prefix), strict=False))


def has_loopback_host(meta: Mapping[str, Any]) -> bool:
    """Whether the Host header is `localhost` or a loopback address."""
    try:
        host = urlsplit(f"//{meta.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:
        return False
    address = parse_ip(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def parse_ip(text: str) -> IPAddress | None:
    """An IP address; an IPv4-mapped IPv6 address as IPv4. None if it is not an address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
