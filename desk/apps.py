from importlib import import_module

from django.apps import AppConfig

from newsroom.http.cache_control import register_next_change


class DeskConfig(AppConfig):
    """Drafts, releases, and the admin in which editors write and schedule them."""

    name = "desk"

    def ready(self) -> None:
        import_module("desk.admin.pages")  # registers them on the admin site
        register_next_change(import_module("desk.models.releases").next_change)
