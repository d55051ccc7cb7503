"""What came of one attempt to deliver. Pure."""

from dataclasses import dataclass
from datetime import datetime

GONE = 410
# Statuses that speak of the receiver, not of this one delivery.
AWAY = frozenset({429, 502, 503, 504})
ASKED_FOR_TIME = frozenset({429, 503})


@dataclass(frozen=True)
class Outcome:
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

    def is_away(self) -> bool:
        """Whether the next delivery to the same subscriber would fare no better now."""
        return not self.accepted and (self.status is None or self.status in AWAY)

    def asks_for_time(self) -> bool:
        return self.status in ASKED_FOR_TIME and bool(self.retry_after)

    def was_tried(self) -> bool:
        return self.status is not None or bool(self.error)
