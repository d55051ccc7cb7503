from django.apps import AppConfig


class SavesConfig(AppConfig):
    """Articles that readers have saved."""

    name = "saves"
