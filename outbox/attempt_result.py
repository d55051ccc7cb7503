"""What came of one attempt to deliver. Pure."""

from dataclasses import dataclass
from datetime import datetime

GONE_STATUS = 410
# Statuses that speak of the receiver, not of this one delivery.
UNAVAILABLE_STATUSES = frozenset({429, 502, 503, 504})
RETRY_AFTER_STATUSES = frozenset({429, 503})


@dataclass(frozen=True)
class AttemptResult:
    """One attempt: when, how long, and the answer or the reason why there is none.

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
        """Whether the next delivery to the same subscriber would fare no better now."""
        return not self.accepted and (self.status is None or self.status in UNAVAILABLE_STATUSES)

    def asks_for_delay(self) -> bool:
        return self.status in RETRY_AFTER_STATUSES and bool(self.retry_after)

    def was_attempted(self) -> bool:
        return self.status is not None or bool(self.error)
