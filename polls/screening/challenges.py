"""Challenges that a held vote is asked for: proof of work, Turnstile or hCaptcha (VOTE_CHALLENGE).

A challenge is answered by repeating the vote with `proof`. A wrong answer, and a provider that is slow or
away, leave the vote held.
"""

import hashlib
import logging
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core import signing

logger = logging.getLogger(__name__)
TOKEN_SALT = "polls.challenges"  # noqa: S105 -- the purpose of a signature
TOKEN_SECONDS = 1800
SEPARATOR = "~"
VERIFY_URLS = {
    "turnstile": "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    "hcaptcha": "https://api.hcaptcha.com/siteverify",
}


def make_challenge(poll_id: int, voter_key: str) -> dict[str, Any] | None:
    """The challenge for a held vote as the API shows it; None where none is configured."""
    kind = settings.VOTE_CHALLENGE
    if kind == "none":
        return None
    if kind == "proof_of_work":
        token = signing.TimestampSigner(salt=TOKEN_SALT).sign(challenge_subject(poll_id, voter_key))
        return {"kind": kind, "token": token, "bits": settings.VOTE_PROOF_BITS, "site_key": None}
    return {"kind": kind, "token": None, "bits": None, "site_key": settings.VOTE_CHALLENGE_SITE_KEY}


def challenge_subject(poll_id: int, voter_key: str) -> str:
    """What the token is for: this voter in this poll, by a digest of the voter's key."""
    return f"{poll_id}.{hashlib.sha256(voter_key.encode()).hexdigest()[:24]}"


def is_passed(proof: str, *, poll_id: int, voter_key: str) -> bool:
    """Whether `proof` answers the challenge of this voter in this poll."""
    if settings.VOTE_CHALLENGE == "proof_of_work":
        return is_work_done(proof, subject=challenge_subject(poll_id, voter_key))
    url = VERIFY_URLS.get(settings.VOTE_CHALLENGE)
    return url is not None and is_confirmed(url, proof)


def is_work_done(proof: str, *, subject: str) -> bool:
    """Whether `proof` is TOKEN~NONCE and SHA-256 of it begins with as many zero bits as are asked for."""
    token, _separator, _nonce = proof.partition(SEPARATOR)
    try:
        signed = signing.TimestampSigner(salt=TOKEN_SALT).unsign(token, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        return False
    digest = int.from_bytes(hashlib.sha256(proof.encode()).digest())
    return signed == subject and digest >> (256 - settings.VOTE_PROOF_BITS) == 0


def is_confirmed(url: str, proof: str) -> bool:
    """Whether the provider confirms the answer, within VOTE_CHALLENGE_TIMEOUT."""
    httpx: Any = import_module("httpx")  # takes a quarter of a second, and is needed rarely
    try:
        answer = httpx.post(
            url,
            data={"secret": settings.VOTE_CHALLENGE_SECRET, "response": proof},
            timeout=settings.VOTE_CHALLENGE_TIMEOUT_SECONDS,
        )
        return bool(answer.json()["success"] is True)
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        logger.warning("A challenge could not be verified, its vote stays held: %s", error)
        return False
