"""Voter keys: pseudonymous identifiers of voters, keyed by poll (HMAC). Pure.

A voter is an account or a random number in a signed cookie, never an IP address or a fingerprint. The key
of a poll is derived from VOTE_SECRET, which is not in the database: the database alone ties no vote to an
account, and no vote of one poll to another's.
"""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

POLL_KEY_PURPOSE = b"polls/voters/1/"


@dataclass(frozen=True)
class PollKey:
    """The secret key of a poll's voters. `legacy_salt`, in hex, is of polls from before VOTE_SECRET."""

    key: bytes
    legacy_salt: str = ""

    def digest(self, identity: str) -> str:
        """HMAC-SHA256 of an identity in hex.

        Of a poll with a legacy salt, it is that of the digest under the salt: so its votes could be given
        new keys without knowing their voters.
        """
        if self.legacy_salt:
            salt = bytes.fromhex(self.legacy_salt)
            identity = hmac.new(salt, identity.encode(), hashlib.sha256).hexdigest()
        return hmac.new(self.key, identity.encode(), hashlib.sha256).hexdigest()


def poll_key(poll_id: int, *, legacy_salt: str = "") -> PollKey:
    """The key of this poll, by HMAC-SHA256 from VOTE_SECRET (as the second step of HKDF, RFC 5869)."""
    purpose = POLL_KEY_PURPOSE + str(poll_id).encode() + b"\x01"
    key = hmac.new(settings.VOTE_SECRET.encode(), purpose, hashlib.sha256).digest()
    return PollKey(key, legacy_salt)


@dataclass(frozen=True)
class Voter:
    """A voter: an account id (`account`), the number in the voter cookie (`browser`), or both.

    `is_new_browser`: the number was made for this request, so that no other request has it.
    """

    account: int | None = None
    browser: str = ""
    is_new_browser: bool = False

    def keys(self, key: PollKey) -> tuple[str, str]:
        """The key that the vote is counted under, and the browser's key or ""."""
        browser = key.digest(f"c:{self.browser}") if self.browser else ""
        return (key.digest(f"u:{self.account}") if self.account else browser), browser
