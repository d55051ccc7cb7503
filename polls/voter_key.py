"""Voter keys: pseudonymous identifiers of voters, keyed by poll (HMAC). Pure.

A voter is an account or a random number in a signed cookie, never an IP address or a fingerprint.
"""

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True)
class Voter:
    """A voter: an account id (`account`), the number in the voter cookie (`browser`), or both."""

    account: int | None = None
    browser: str = ""

    def keys(self, secret: str) -> tuple[str, str]:
        """The key that the vote is counted under, and the browser's key or "".

        HMAC-SHA256 in hex under the poll's secret: votes of two polls cannot be linked, and without the
        secret none to a person.
        """
        browser = voter_digest(secret, f"c:{self.browser}") if self.browser else ""
        return (voter_digest(secret, f"u:{self.account}") if self.account else browser), browser


def voter_digest(secret: str, identity: str) -> str:
    """HMAC-SHA256 of an identity in hex; `secret` is hex."""
    return hmac.new(bytes.fromhex(secret), identity.encode(), hashlib.sha256).hexdigest()
