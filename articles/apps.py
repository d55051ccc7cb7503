from importlib import import_module

from django.apps import AppConfig

from newsroom.api.openapi.examples import register_text_examples


class ArticlesConfig(AppConfig):
    """What readers read: articles and their editions, sections, authors, tags, search, feeds."""

    name = "articles"

    def ready(self) -> None:
        fields = import_module(
            "articles.models.editorial"
        ).EDITORIAL_FIELDS  # needs the app registry
        register_text_examples({field.name: field.example for field in fields})
