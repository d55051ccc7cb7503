from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Drafts, releases, and the admin in which editors write and schedule them."""

    name = "desk"

    def ready(self) -> None:
        import_module("desk.admin.pages")  # registers them on the admin site
