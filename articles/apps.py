from importlib import import_module

from django.apps import AppConfig

from newsroom.api.openapi.examples import register_text_examples
from newsroom.http.cache_control import register_next_change
from newsroom.visibility import register_visibility


class ArticlesConfig(AppConfig):
    """What readers read: articles and their editions, sections, authors, tags, search, feeds."""

    name = "articles"

    def ready(self) -> None:
        # Imported here, since models need the app registry.
        fields = import_module("articles.models.editorial").EDITORIAL_FIELDS
        register_text_examples({field.name: field.example for field in fields})
        visibility = import_module("articles.visibility")
        register_visibility("poll", visibility.is_poll_shown)
        register_visibility("photo", visibility.is_photo_shown)
        register_next_change(visibility.next_expiry)
