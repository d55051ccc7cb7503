"""Admin of the wire: the inbox, deliveries, sources."""

from wire.admin.deliveries import DeliveryAdmin
from wire.admin.sources import SourceAdmin
from wire.admin.stories import StoryAdmin

__all__ = ["DeliveryAdmin", "SourceAdmin", "StoryAdmin"]
