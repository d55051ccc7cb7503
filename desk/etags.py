"""Entity tags of the desk API (RFC 9110, sections 8.8 and 13.1.1). Pure.

A tag names a resource, its version and a digest of its representation: `"draft-7-v3-0f1e2d3c4b5a"`.
`If-None-Match` compares the whole tag. `If-Match` compares the version alone, so that an editor is not
refused because the scheduler has published something since: each action checks that under its lock.
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
    """The strong tag of a representation, whatever its content coding."""
    serialized = json.dumps(representation, sort_keys=True, default=str, ensure_ascii=False)
    digest = hashlib.sha256(serialized.encode()).hexdigest()[:12]
    return f'"{kind}-{number}-v{version}-{digest}"'


def versions_in_if_match(header: str, *, kind: str, number: int) -> set[int]:
    """The versions of this resource in an If-Match header. Weak tags and those of others have none."""
    matches = (ENTITY_TAG.fullmatch(part.strip()) for part in header.split(","))
    return {
        int(tag["version"])
        for tag in matches
        if tag and tag["kind"] == kind and int(tag["number"]) == number
    }


def comment_etag(comment: Any) -> str:
    """The ETag of a comment for moderators, which If-Match of a decision takes."""
    representation = {"text": comment.text, "pinned_at": comment.pinned_at}
    return entity_tag("comment", comment.pk, comment.version, representation)
