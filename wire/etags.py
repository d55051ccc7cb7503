"""Entity tags of wire stories (RFC 9110, sections 8.8 and 13.1.1). Pure.

`"wire-7-v3-ko"`: the story, the number of its state, and the language of the sentences. `If-Match` compares
the state alone.
"""

import re

from wire.models import Story

ENTITY_TAG = re.compile(r'"wire-(?P<number>\d{1,19})-v(?P<state>\d{1,10})-[a-z-]{2,10}"')
ANY_TAG = "*"


def story_tag(story: Story, *, language: str) -> str:
    """The strong tag of a story as the desk API shows it."""
    return f'"wire-{story.pk}-v{story.state_number}-{language}"'


def states_in_if_match(header: str, *, story_id: int) -> set[int]:
    """The states of this story in an If-Match header. Weak tags and those of others have none."""
    matches = (ENTITY_TAG.fullmatch(part.strip()) for part in header.split(","))
    return {int(tag["state"]) for tag in matches if tag and int(tag["number"]) == story_id}
