"""SSRF guard: which URLs and IP addresses the newsroom may call. Pure but for the DNS query.

A subscriber's URL is typed by a person and resolved by a foreign name server, so both are checked: the
URL when it is saved, and every IP address that it resolves to before each call.  The call then goes to a
checked IP address and to no other (outbox/http_client.py), so that a second look-up cannot lead inside.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from outbox.errors import ForbiddenAddress, ForbiddenPort

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
# Private networks that may be called all the same; None: those of OUTBOX_PRIVATE_NETWORKS.
PrivateNetworks = Sequence[IPNetwork] | None

DEFAULT_PORTS = {"http": 80, "https": 443}
# No space, no control character.
URL_CHARS = re.compile(r"[!-~\u00a1-\uffff\U00010000-\U0010ffff]+")
DNS_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?", re.IGNORECASE)
NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
MAX_RESOLVED_ADDRESSES = 16

# `is_global` of the standard library is true for some of these.
NON_PUBLIC_IPV4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's own services, on a public address
    )
]  # fmt: skip
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
NON_PUBLIC_IPV6 = [
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, ORCHID and other special purposes (RFC 6890)
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4: holds any IPv4 address
    )
]  # fmt: skip
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
ISATAP_IDENTIFIERS = {0x00005EFE, 0x02005EFE}


@dataclass(frozen=True)
class Target:
    """The target of a call: the parts of a checked URL. `host` is ASCII, `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header: with the port where it is not the default one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse_target(url: str, *, private_networks: PrivateNetworks = None) -> Target:
    """Parse and check a URL, without resolving its host.

    Raises ForbiddenAddress: not http(s), with a user name, an IP address that is not public or not in its
    usual form, white space, a backslash, a fragment; ForbiddenPort: a port that is not allowed.
    """
    if not URL_CHARS.fullmatch(url) or "\\" in url or "#" in url:
        raise ForbiddenAddress(
            _("This is not the address of one page. Give it in full, without spaces.")
        )
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise ForbiddenAddress(_("This is not an address: %(why)s") % {"why": error}) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise ForbiddenAddress(
            _("Only addresses that start with http:// or https:// can be called.")
        )
    if "@" in parts.netloc:
        raise ForbiddenAddress(_("Leave user name and password out of the address."))
    port = port if port is not None else DEFAULT_PORTS[parts.scheme]
    host = normalize_host(host, private_networks)
    if port not in {80, 443, *settings.OUTBOX_EXTRA_PORTS}:
        raise ForbiddenPort(
            _("Port %(port)s is not allowed; OUTBOX_EXTRA_PORTS names more.") % {"port": port}
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise ForbiddenAddress(_("Write what is not ASCII in the path percent-encoded."))
    return Target(parts.scheme, host, port, path)


def normalize_host(name: str, private_networks: PrivateNetworks = None) -> str:
    """The host as DNS knows it: ASCII, international names in Punycode. Raises ForbiddenAddress."""
    if ":" in name:
        check_address(parse_ip_address(name), private_networks)
        return name
    try:
        ascii_name = name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError as error:
        raise ForbiddenAddress(_("This host name cannot be looked up.")) from error
    ascii_name = ascii_name.rstrip(".").lower()
    labels = ascii_name.split(".")
    if len(ascii_name) > 253 or not all(
        DNS_LABEL.fullmatch(part) and len(part) < 64 for part in labels
    ):
        raise ForbiddenAddress(_("This host name cannot be looked up."))
    if NUMERIC_LABEL.fullmatch(labels[-1]):  # an IPv4 address in some form
        check_address(parse_ip_address(ascii_name), private_networks)
    return ascii_name


def parse_ip_address(text: str) -> IPAddress:
    """Parse an IP address in its usual form.

    Raises ForbiddenAddress for 127.1, 0x7f.1, 017700000001, and for an address with a zone.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise ForbiddenAddress(_("Write an IP address in its usual form.")) from error
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        raise ForbiddenAddress
    return address


def resolve_target(
    target: Target, *, timeout_seconds: float, private_networks: PrivateNetworks = None
) -> list[str]:
    """Resolve a target's host with one DNS query; its IP addresses, all of them checked.

    Raises ForbiddenAddress when any of them may not be called, OSError when there is none in time.
    """
    texts = query_dns(target, timeout_seconds=timeout_seconds)
    addresses = list(dict.fromkeys(ipaddress.ip_address(text) for text in texts))
    if len(addresses) > MAX_RESOLVED_ADDRESSES:
        raise ForbiddenAddress
    for address in addresses:
        check_address(address, private_networks)
    return [str(address) for address in addresses]


def query_dns(target: Target, *, timeout_seconds: float) -> list[str]:
    """The addresses from getaddrinfo, which has no timeout: it runs in a thread that is abandoned.

    Raises OSError, TimeoutError.
    """
    addresses: list[str] = []
    errors: list[OSError] = []

    def query() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            addresses.extend(str(row[4][0]) for row in rows)
        except (OSError, UnicodeError) as error:
            errors.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = threading.Thread(target=query, daemon=True, name=f"dns {target.host}")
    thread.start()
    thread.join(timeout_seconds)
    if errors:
        raise errors[0]
    if not addresses:
        raise TimeoutError(f"no DNS answer for {target.host}")
    return addresses


def check_address(address: IPAddress, private_networks: PrivateNetworks = None) -> None:
    """Raise ForbiddenAddress for an address that is neither public nor in one of these networks."""
    inner = unwrap_ipv4(address)
    if private_networks is None:
        private_networks = settings.OUTBOX_PRIVATE_NETWORKS
    if not (is_in_networks(inner, private_networks) or is_public_address(inner)):
        raise ForbiddenAddress(
            _("%(address)s is not a public address; OUTBOX_PRIVATE_NETWORKS names our own.")
            % {"address": address}
        )


def unwrap_ipv4(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv4-mapped or NAT64 address: the call would end there."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_in_networks(address: IPAddress, networks: Sequence[IPNetwork]) -> bool:
    """Whether the address is in one of the networks, of our own caches for example."""
    return any(address.version == network.version and address in network for network in networks)


def is_public_address(address: IPAddress) -> bool:
    """Whether the address is public: global unicast, and not reserved for a special purpose."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in NON_PUBLIC_IPV4)
    if address not in GLOBAL_UNICAST or any(address in network for network in NON_PUBLIC_IPV6):
        return False
    is_isatap = (int(address) >> 32) & 0xFFFFFFFF in ISATAP_IDENTIFIERS
    return address.is_global and not is_isatap
