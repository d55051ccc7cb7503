"""WSGI environ (PEP 3333) of an RSGI request."""

import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from wsgiref.util import FileWrapper

BODYLESS_METHODS = {"GET", "HEAD"}
UNPREFIXED_HEADERS = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
ENVIRON_DEFAULTS: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": FileWrapper,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
# In place of a header value with bytes beyond ASCII, which the server does not hand on: the header is there
# and no value of ours, so that it is refused where it counts, instead of passing for one that is missing.
UNREADABLE_VALUE = "\xbf"


def environ_of(scope: Any) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333), without its body.

    Header lines of one name are joined (RFC 9110, section 5.3). Names with an underscore are left out: they
    would be mistaken for those with a hyphen, which a trusted proxy sets. A header without a
    readable line gets UNREADABLE_VALUE.
    """
    server, _, port = scope.server.rpartition(":")
    path = scope.path
    environ = {
        **ENVIRON_DEFAULTS,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "wsgi.url_scheme": scope.scheme,
    }
    lines = scope.headers.items()
    for name, value in lines:
        key = environ_key(name)
        if key in environ:
            environ[key] += f"{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        elif key:
            environ[key] = value
    if len(scope.headers) > len({name for name, _ in lines}):
        mark_unreadable(environ, scope.headers.keys())
    if "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority or ""
    return environ


def mark_unreadable(environ: dict[str, Any], names: Iterable[str]) -> None:
    """Set UNREADABLE_VALUE for each of these headers that has no value in the environ."""
    for name in names:
        if key := environ_key(name):
            environ.setdefault(key, UNREADABLE_VALUE)


@lru_cache(maxsize=512)
def environ_key(name: str) -> str:
    """The WSGI environ key of a header; empty for a name with an underscore."""
    if "_" in name:
        return ""
    return UNPREFIXED_HEADERS.get(name) or f"HTTP_{name.upper().replace('-', '_')}"


def announces_body(environ: dict[str, Any], scope: Any) -> bool:
    """Whether the request may have a body (RFC 9112, section 6; in HTTP/2 no header has to announce it)."""
    if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
        return True
    has_frames = scope.http_version == "2" and "CONTENT_LENGTH" not in environ
    return has_frames and scope.method not in BODYLESS_METHODS
