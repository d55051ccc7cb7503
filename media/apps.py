from django.apps import AppConfig

from audit.verbs import register_verbs
from media.audit_verbs import AUDIT_VERBS


class MediaConfig(AppConfig):
    """Photos and their renditions."""

    name = "media"

    def ready(self) -> None:
        register_verbs(self.label, AUDIT_VERBS)
