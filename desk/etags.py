"""Entity tags of what the desk changes (RFC 9110, 8.8 and 13.1.1). Pure.

A tag names the thing, its version and a digest of what was told of it: `"draft-7-v3-0f1e2d3c4b5a"`.
`If-None-Match` sees every difference; `If-Match` asks for the version alone, so that an editor is not
refused because the clock published something meanwhile: each verb looks at that under its own lock.
"""

import hashlib
import json
import re
from typing import Any

ENTITY_TAG = re.compile(
    r'"(?P<kind>[a-z]+)-(?P<number>\d{1,19})-v(?P<version>\d{1,10})-[0-9a-f]{12}"'
)
ANY_TAG = "*"


def entity_tag(kind: str, number: int, version: int, representation: Any) -> str:
    """The strong tag of a thing as it is told in this answer, whatever the content coding."""
    words = json.dumps(representation, sort_keys=True, default=str, ensure_ascii=False)
    digest = hashlib.sha256(words.encode()).hexdigest()[:12]
    return f'"{kind}-{number}-v{version}-{digest}"'


def versions_in_if_match(header: str, *, kind: str, number: int) -> set[int]:
    """The versions of this thing that an If-Match header lists. Weak and foreign tags name none."""
    named = (ENTITY_TAG.fullmatch(part.strip()) for part in header.split(","))
    return {
        int(tag["version"])
        for tag in named
        if tag and tag["kind"] == kind and int(tag["number"]) == number
    }
