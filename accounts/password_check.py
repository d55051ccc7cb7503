"""Constant-time password check for several accounts with the same e-mail address. Pure.

Several accounts may have one address (docs/decisions/0021-sign-in.md).  Checked one by one, the time of a
sign-in would disclose how many there are; so all of an address share a salt, and one hash is compared with
all.  Salts have to differ between addresses, not between passwords.
"""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from django.contrib.auth.hashers import (
    get_hasher,
    identify_hasher,
    is_password_usable,
    make_password,
)
from django.utils.crypto import constant_time_compare

# Names of the cost parameters in the hashers' `decode` and in their `encode`.
COST_PARAMETERS = {
    "iterations": "iterations",
    "work_factor": "n",
    "block_size": "r",
    "parallelism": "p",
}


class HasPassword(Protocol):
    """An object with a password hash."""

    password: str


P = TypeVar("P", bound=HasPassword)


def reusable_salt(encoded: str) -> str | None:
    """The salt of a hash, if a new hash of the preferred algorithm may reuse it; else None."""
    preferred: Any = get_hasher()
    if not encoded or not is_password_usable(encoded) or "$" not in encoded:
        return None
    hasher = identify_hasher(encoded)
    if hasher.algorithm != preferred.algorithm:
        return None
    return str(hasher.decode(encoded)["salt"])


def hash_like(encoded: str, password: str) -> str:
    """Hash a password with the algorithm, cost and salt of another hash."""
    hasher: Any = identify_hasher(encoded)
    parts = hasher.decode(encoded)
    cost = {
        COST_PARAMETERS[name]: value for name, value in parts.items() if name in COST_PARAMETERS
    }
    return str(hasher.encode(password, parts["salt"], **cost))


def find_user_by_password(password: str, *, users: Iterable[P]) -> P | None:
    """The first of `users` with this password, by one hash per salt; one hash also without users."""
    hashes: dict[str, str] = {}
    match: P | None = None
    for user in users:
        if not is_password_usable(user.password):
            continue
        prefix = user.password.rpartition("$")[0]
        if prefix not in hashes:
            hashes[prefix] = hash_like(user.password, password)
        if constant_time_compare(hashes[prefix], user.password) and match is None:
            match = user
    if not hashes:
        make_password(password)
    return match


def needs_rehash(encoded: str) -> bool:
    """Whether a hash has another algorithm or cost than new ones."""
    preferred: Any = get_hasher()
    hasher = identify_hasher(encoded)
    return hasher.algorithm != preferred.algorithm or bool(preferred.must_update(encoded))
