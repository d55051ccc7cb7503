from importlib import import_module

from django.apps import AppConfig

from newsroom.http.cache_control import register_next_change


class PollsConfig(AppConfig):
    """Polls of two sides, and their votes."""

    name = "polls"

    def ready(self) -> None:
        # Needs the models.
        register_next_change(import_module("polls.representation").next_change)
