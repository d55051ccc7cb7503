"""Which addresses the newsroom may call. Pure but for one look into the DNS.

A subscriber's address is typed by a person and resolved by somebody else's name server, so both are
judged: the spelling when it is typed, and every address it resolves to each time before a call.  The
call then goes to the address that was judged and to no other (outbox/http_client.py).
"""

import ipaddress
import re
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from outbox.errors import ForbiddenAddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
URL_CHARS = re.compile(
    r"[!-~\u00a1-\uffff\U00010000-\U0010ffff]+"
)  # no space, no control character
DNS_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?", re.IGNORECASE)
NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
MAX_RESOLVED_ADDRESSES = 16

# `is_global` of the standard library says yes to these; it is not enough by itself.
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
        "2002::/16",  # 6to4: any IPv4 address in disguise
    )
]  # fmt: skip
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
ISATAP_IDENTIFIERS = {0x00005EFE, 0x02005EFE}


@dataclass(frozen=True)
class Target:
    """Where a call goes: the parts of a checked URL. `host` is ASCII, `path` holds the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse_target(url: str) -> Target:
    """The parts of an address that may be called, judged by its spelling alone.

    Raises Forbidden: not http(s), a user name in it, a port not allowed, an IP address that is not
    public or oddly spelled, white space, a backslash, a fragment.
    """
    if not URL_CHARS.fullmatch(url) or "\\" in url or "#" in url:
        raise ForbiddenAddress(
            _("This is not the address of one page. Give it in full, without spaces.")
        )
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as broken:
        raise ForbiddenAddress(_("This is not an address: %(why)s") % {"why": broken}) from broken
    if parts.scheme not in DEFAULT_PORTS:
        raise ForbiddenAddress(
            _("Only addresses that start with http:// or https:// can be called.")
        )
    if "@" in parts.netloc:
        raise ForbiddenAddress(_("Leave user name and password out of the address."))
    port = port if port is not None else DEFAULT_PORTS[parts.scheme]
    if port not in {80, 443, *settings.DISPATCH_PORTS}:
        raise ForbiddenAddress(
            _("Port %(port)s is not allowed; DISPATCH_PORTS names more.") % {"port": port}
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise ForbiddenAddress(_("Write what is not ASCII in the path percent-encoded."))
    return Target(parts.scheme, normalize_host(host), port, path)


def normalize_host(name: str) -> str:
    """The host as it is looked up: ASCII, international names in Punycode. Raises Forbidden."""
    if ":" in name:
        check_address(parse_ip_address(name))
        return name
    try:
        ascii_name = name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError as broken:
        raise ForbiddenAddress(_("This host name cannot be looked up.")) from broken
    ascii_name = ascii_name.rstrip(".").lower()
    labels = ascii_name.split(".")
    if len(ascii_name) > 253 or not all(
        DNS_LABEL.fullmatch(part) and len(part) < 64 for part in labels
    ):
        raise ForbiddenAddress(_("This host name cannot be looked up."))
    if NUMERIC_LABEL.fullmatch(labels[-1]):  # an IPv4 address, whatever else it looks like
        check_address(parse_ip_address(ascii_name))
    return ascii_name


def parse_ip_address(text: str) -> IPAddress:
    """The IP address in its one usual spelling; 127.1, 0x7f.1, 017700000001 and zones are refused."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError as odd:
        raise ForbiddenAddress(_("Write an IP address in its usual form.")) from odd
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        raise ForbiddenAddress
    return address


def resolve_target(target: Target, *, timeout_seconds: float) -> list[str]:
    """The IP addresses of the host, every one of them judged. Looks into the DNS once.

    Raises Forbidden when any of them may not be called, OSError when there is none within so many
    seconds.
    """
    found = query_dns(target, timeout_seconds=timeout_seconds)
    addresses = list(dict.fromkeys(ipaddress.ip_address(text) for text in found))
    if len(addresses) > MAX_RESOLVED_ADDRESSES:
        raise ForbiddenAddress
    for address in addresses:
        check_address(address)
    return [str(address) for address in addresses]


def query_dns(target: Target, *, timeout_seconds: float) -> list[str]:
    """What getaddrinfo says; it knows no time limit, so it is left behind in a thread."""
    answer: list[str] = []
    trouble: list[OSError] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            answer.extend(str(row[4][0]) for row in rows)
        except (OSError, UnicodeError) as error:
            trouble.append(error if isinstance(error, OSError) else OSError(str(error)))

    asking = threading.Thread(target=ask, daemon=True, name=f"dns {target.host}")
    asking.start()
    asking.join(timeout_seconds)
    if trouble:
        raise trouble[0]
    if not answer:
        raise TimeoutError(f"no DNS answer for {target.host}")
    return answer


def check_address(address: IPAddress) -> None:
    """Raises Forbidden for an address that is neither public nor in DISPATCH_PRIVATE_NETWORKS."""
    inner = unwrap_ipv4(address)
    if not (is_allowed_private(inner) or is_public_address(inner)):
        raise ForbiddenAddress(
            _("%(address)s is not a public address; DISPATCH_PRIVATE_NETWORKS names our own.")
            % {"address": address}
        )


def unwrap_ipv4(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv4-mapped or NAT64 address, which is where such a call ends."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_allowed_private(address: IPAddress) -> bool:
    """Whether the operator has allowed this private address: their own cache, for one."""
    return any(
        address.version == network.version and address in network
        for network in settings.DISPATCH_PRIVATE_NETWORKS
    )


def is_public_address(address: IPAddress) -> bool:
    """Whether anybody on the Internet could be meant by it, and nobody else."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in NON_PUBLIC_IPV4)
    if address not in GLOBAL_UNICAST or any(address in network for network in NON_PUBLIC_IPV6):
        return False
    is_isatap = (int(address) >> 32) & 0xFFFFFFFF in ISATAP_IDENTIFIERS
    return address.is_global and not is_isatap
