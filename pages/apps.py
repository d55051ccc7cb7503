from django.apps import AppConfig

from outbox.cache_targets import register_cache_targets
from pages.cache_targets import CACHE_TARGETS


class PagesConfig(AppConfig):
    """Server-rendered reader pages."""

    name = "pages"

    def ready(self) -> None:
        register_cache_targets(self.label, CACHE_TARGETS)
