"""Addresses in ASCII, as HTTP sends them: the host in Punycode, the rest percent-encoded."""

from urllib.parse import urldefrag, urlsplit

from django.utils.encoding import iri_to_uri, punycode


def ascii_url(url: str) -> str:
    """An address in ASCII and without its fragment: the host in Punycode, the rest percent-encoded.

    Raises ValueError for one that is malformed or whose host cannot be a name of DNS.
    """
    parts = urlsplit(urldefrag(url).url)
    user, at, host_and_port = parts.netloc.rpartition("@")
    host, colon, port = host_and_port.partition(":")
    if not host.isascii():  # else it may be an IPv6 address
        host_and_port = f"{punycode(host)}{colon}{port}"
    return iri_to_uri(parts._replace(netloc=f"{user}{at}{host_and_port}").geturl())
