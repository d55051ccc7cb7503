"""Liveness probe: `python -m scripts.probe [PORT [PATH]]` exits 0 when a server on this machine answers.

A container's health check; the image has no curl.  Every status below 500 will do: a redirect to https
or a refusal to show metrics is a sign of life too.
"""

import http.client
import sys

HEADERS = {"Host": "localhost", "Connection": "close"}
PROBE_TIMEOUT_SECONDS = 2.0


def main(port: str = "8000", path: str = "/health/live") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PROBE_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path, headers=HEADERS)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    finally:
        connection.close()
    return 0 if status < 500 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
