"""Models of agency copy: sources, raw deliveries, stories and their versions. Know nothing of drafts."""

from wire.embargo import Embargo, under_embargo
from wire.models.channels import Channel
from wire.models.deliveries import Delivery
from wire.models.matching import MatchQuestion, MatchTerm, StoryDecision
from wire.models.photos import StoryPhoto
from wire.models.search import IndexedVersion
from wire.models.sources import Source
from wire.models.stories import Story, StoryQuerySet
from wire.models.versions import Version

__all__ = [
    "Channel",
    "Delivery",
    "Embargo",
    "IndexedVersion",
    "MatchQuestion",
    "MatchTerm",
    "Source",
    "Story",
    "StoryDecision",
    "StoryPhoto",
    "StoryQuerySet",
    "Version",
    "under_embargo",
]
