"""Who votes, without anybody being told. Pure.

An account, or a random number in a signed cookie; never an address, never what a browser looks like.
"""

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True)
class Voter:
    """Somebody at a browser: signed in (`account`), known by a cookie (`browser`), or both."""

    account: int | None = None
    browser: str = ""

    def keys(self, secret: str) -> tuple[str, str]:
        """(the key the vote counts under, the browser's key or ""), HMAC-SHA256 under the poll's
        secret in hex: votes of two polls cannot be linked, and without the secret none to a person.
        """
        browser = voter_digest(secret, f"c:{self.browser}") if self.browser else ""
        return (voter_digest(secret, f"u:{self.account}") if self.account else browser), browser


def voter_digest(secret: str, identity: str) -> str:
    return hmac.new(bytes.fromhex(secret), identity.encode(), hashlib.sha256).hexdigest()
