"""Admin of the wire: the inbox, deliveries, sources, ways in, pictures."""

from wire.admin.channels import ChannelAdmin
from wire.admin.pages import DeliveryAdmin, SourceAdmin, StoryAdmin
from wire.admin.pictures import StoryPhotoAdmin

__all__ = ["ChannelAdmin", "DeliveryAdmin", "SourceAdmin", "StoryAdmin", "StoryPhotoAdmin"]
