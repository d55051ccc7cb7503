"""View of the OpenAPI document: built and rendered once per process, language and format.

Building and rendering take a third of a second of processor time, and the document changes with the code
alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

MAX_DOCUMENTS = 8  # the languages, and `?version=`, which may be anything
MAX_RENDERINGS = 4 * MAX_DOCUMENTS


@dataclass(frozen=True, eq=False)
class Document:
    """An OpenAPI document, compared by identity, so that its renderings can be cached."""

    content: Mapping[str, Any]


@lru_cache(maxsize=MAX_DOCUMENTS)
def built_document(language: str | None, version: str | None) -> Document:
    """The document in this language, which is the active one, with this version in its title."""
    generator = SchemaGenerator(api_version=version)  # type: ignore[no-untyped-call]  # untyped
    return Document(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


class DocumentGenerator(SchemaGenerator):
    def get_schema(self, request: Request | None = None, public: bool = False) -> Any:
        """The cached document. It is public, so it is the same for every request."""
        return built_document(get_language(), self.api_version)


@lru_cache(maxsize=MAX_RENDERINGS)
def rendered_document(renderer: type[BaseRenderer], document: Document) -> Any:
    return renderer().render(document.content)


def cached(renderer: type[BaseRenderer]) -> type[BaseRenderer]:
    """This renderer, which renders each document once. Errors are rendered each time."""

    class CachedRenderer(renderer):  # type: ignore[valid-type,misc]
        def render(self, data: Any, *arguments: Any, **options: Any) -> Any:
            if isinstance(data, Document):
                return rendered_document(renderer, data)  # type: ignore[arg-type]  # mypy#11470
            return super().render(data, *arguments, **options)

    return CachedRenderer


class OpenAPIDocumentView(SpectacularAPIView):
    generator_class = DocumentGenerator
    renderer_classes = [cached(renderer) for renderer in SpectacularAPIView.renderer_classes]
