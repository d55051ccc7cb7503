"""Admin of the wire: the inbox, deliveries, sources, ways in, pictures."""

from wire.admin.channels import ChannelAdmin
from wire.admin.deliveries import DeliveryAdmin
from wire.admin.pictures import StoryPhotoAdmin
from wire.admin.sources import SourceAdmin
from wire.admin.stories import StoryAdmin

__all__ = ["ChannelAdmin", "DeliveryAdmin", "SourceAdmin", "StoryAdmin", "StoryPhotoAdmin"]
