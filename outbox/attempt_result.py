"""The result of one attempt to deliver. Pure."""

from dataclasses import dataclass
from datetime import datetime

# Statuses that speak of the receiver, not of this one delivery.
UNAVAILABLE_STATUSES = frozenset({429, 502, 503, 504})
RETRY_AFTER_STATUSES = frozenset({429, 503})


@dataclass(frozen=True)
class AttemptResult:
    """One attempt: when, how long it took, and the response or the error.

    `status` None without an error means that there was nothing to send.
    """

    at: datetime
    duration_ms: int
    accepted: bool
    status: int | None = None
    excerpt: str = ""
    error: str = ""
    retry_after: str = ""

    def is_receiver_unavailable(self) -> bool:
        """Whether another delivery to the same subscriber would fail as well now."""
        no_response = self.status is None or self.status in UNAVAILABLE_STATUSES
        return not self.accepted and no_response

    def asks_for_delay(self) -> bool:
        """Whether the response has a Retry-After that counts (RFC 9110, section 10.2.3)."""
        return self.status in RETRY_AFTER_STATUSES and bool(self.retry_after)

    def was_attempted(self) -> bool:
        """Whether a request was made."""
        return self.status is not None or bool(self.error)
