"""HTTP client with one keep-alive connection, for a reader or an editor."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any, Self

REQUEST_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class TimedResponse:
    """A response with the times (time.time()) of request and response.

    Status 0: there was no answer, so whether it was done is unknown.
    """

    sent: float
    got: float
    status: int
    body: bytes = b""

    @property
    def data(self) -> Any:
        return json.loads(self.body)


class KeepAliveClient:
    """Client that opens a new connection after one that broke."""

    def __init__(self, port: int, *, token: str = "") -> None:
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.line = self.opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self.line.close()

    def opened(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_TIMEOUT_SECONDS)

    def ask(self, method: str, path: str, data: Any = None) -> TimedResponse:
        sent = time.time()
        headers, body = dict(self.headers), None
        if data is not None:
            headers |= {"Content-Type": "application/json", "If-Match": "*"}
            body = json.dumps(data)
        try:
            self.line.request(method, path, body=body, headers=headers)
            answer = self.line.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line = self.opened()
            return TimedResponse(sent, time.time(), 0)
        return TimedResponse(sent, time.time(), answer.status, text)
