"""Fixed random numbers for `random`, `os.urandom`, `secrets` and `uuid4`: the same in every process."""

import base64
import hashlib
import os
import random
import secrets
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any
from unittest import mock


class RandomStreams:
    """Random bytes by kind of request, so that one more draw of another kind changes nothing."""

    def __init__(self) -> None:
        self.draws: Counter[str] = Counter()

    def draw(self, kind: str, size: int) -> bytes:
        self.draws[kind] += 1
        return hashlib.shake_256(f"{kind} {self.draws[kind]}".encode()).digest(size)

    def integer(self, kind: str, below: int, size: int) -> int:
        return int.from_bytes(self.draw(kind, size), "big") % below

    def urandom(self, size: int) -> bytes:
        return self.draw("urandom", size)

    def token_bytes(self, size: int = 32) -> bytes:
        return self.draw(f"bytes {size}", size)

    def token_hex(self, size: int = 32) -> str:
        return self.draw(f"hex {size}", size).hex()

    def token_urlsafe(self, size: int = 32) -> str:
        raw = self.draw(f"urlsafe {size}", size)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def randbelow(self, below: int) -> int:
        return self.integer(f"below {below}", below, 16)

    def choice(self, options: Sequence[Any]) -> Any:
        return options[self.integer(f"choice {len(options)}", len(options), 8)]

    def uuid4(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.draw("uuid4", 16), version=4)


def fix_randomness() -> None:
    """Replace the sources of random numbers of this process, before Django is imported."""
    streams = RandomStreams()
    random.seed(0)
    replacements = {
        (random, "_urandom"): streams.urandom,
        (os, "urandom"): streams.urandom,
        (secrets, "token_bytes"): streams.token_bytes,
        (secrets, "token_hex"): streams.token_hex,
        (secrets, "token_urlsafe"): streams.token_urlsafe,
        (secrets, "randbelow"): streams.randbelow,
        (secrets, "choice"): streams.choice,
        (uuid, "uuid4"): streams.uuid4,
    }
    for (module, name), function in replacements.items():
        mock.patch.object(module, name, function).start()
