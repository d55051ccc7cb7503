"""AppConfig of the project package: registers its system checks."""

from importlib import import_module

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"

    def ready(self) -> None:
        import_module("newsroom.checks")  # registers them
