"""`python -m scripts.probe [PORT [PATH]]`: exits 0 when a process on this very machine answers there.

What a container's health check runs; the image has no curl.  Any answer but an error of its own will do:
a redirect to https or a refusal to show figures is a sign of life too.
"""

import http.client
import sys

HEADERS = {"Host": "localhost", "Connection": "close"}
PROBE_TIMEOUT_SECONDS = 2.0


def main(port: str = "8000", path: str = "/health/live") -> int:
    door = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PROBE_TIMEOUT_SECONDS)
    try:
        door.request("GET", path, headers=HEADERS)
        status = door.getresponse().status
    except (OSError, http.client.HTTPException) as trouble:
        print(f"{type(trouble).__name__}: {trouble}", file=sys.stderr)
        return 1
    finally:
        door.close()
    return 0 if status < 500 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
