"""Password checks for several accounts at once, in the time that one takes. Pure.

Several accounts may name one e-mail address (docs/decisions/0021-sign-in.md).  Were each checked by
itself, the time of a sign-in would tell how many there are; so all that name an address share a salt,
and one computation answers for all.  A salt has to differ between addresses, not between passwords.
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

# What the hashers' `decode` and their `encode` call the same cost.
COST_PARAMETERS = {
    "iterations": "iterations",
    "work_factor": "n",
    "block_size": "r",
    "parallelism": "p",
}


class HasPassword(Protocol):
    password: str


P = TypeVar("P", bound=HasPassword)


def reusable_salt(encoded: str) -> str | None:
    """The salt of a hash, if a new one of the preferred algorithm may use it too."""
    preferred: Any = get_hasher()
    if not encoded or not is_password_usable(encoded) or "$" not in encoded:
        return None
    hasher = identify_hasher(encoded)
    if hasher.algorithm != preferred.algorithm:
        return None
    return str(hasher.decode(encoded)["salt"])


def hash_like(encoded: str, password: str) -> str:
    """The password hashed with the algorithm, cost and salt of another hash."""
    hasher: Any = identify_hasher(encoded)
    parts = hasher.decode(encoded)
    cost = {
        COST_PARAMETERS[name]: value for name, value in parts.items() if name in COST_PARAMETERS
    }
    return str(hasher.encode(password, parts["salt"], **cost))


def find_user_by_password(password: str, *, users: Iterable[P]) -> P | None:
    """The first of these people whose password it is, by one computation per salt; one where nobody is."""
    hashed: dict[str, str] = {}
    found: P | None = None
    for person in users:
        if not is_password_usable(person.password):
            continue
        kind = person.password.rpartition("$")[0]
        if kind not in hashed:
            hashed[kind] = hash_like(person.password, password)
        if constant_time_compare(hashed[kind], person.password) and found is None:
            found = person
    if not hashed:
        make_password(password)
    return found


def needs_rehash(encoded: str) -> bool:
    """Whether a hash is of another algorithm or cost than new ones are."""
    preferred: Any = get_hasher()
    hasher = identify_hasher(encoded)
    return hasher.algorithm != preferred.algorithm or bool(preferred.must_update(encoded))
