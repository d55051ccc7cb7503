"""Matching of texts to stories, and of stories to the event that they report.

keys.py: the key of a new story and the hash of a text. terms.py: what a text is found by in the index.
relation.py: whether two texts are of one story, for a person to decide, or strangers.
events.py: whether two texts report one event. clusters.py: the stories of one event.

Stories: every rule compares two texts of one source and gives the same answer in both directions. A story
is all texts that are joined to each other, directly or through others, so that the order of arrival does
not matter. Texts with an identifier of their agency take no part: their stories are told apart by it alone.

Events: texts of all sources are compared, with an identifier or without. What is found is a suggestion and
joins nothing.
"""

from wire.matching.keys import content_hash, digest, story_key
from wire.matching.relation import Relation, Relationship, relate
from wire.matching.terms import TextFacts, facts_of_story, facts_of_version, terms_of

__all__ = [
    "Relation",
    "Relationship",
    "TextFacts",
    "content_hash",
    "digest",
    "facts_of_story",
    "facts_of_version",
    "relate",
    "story_key",
    "terms_of",
]
