"""Serializer fields of the editorial text fields (articles/models/editorial.py)."""

from typing import Any

from rest_framework import serializers

from articles.models.editorial import EDITORIAL_FIELDS, EditorialCharField

AnyField = serializers.Field[Any, Any, Any, Any]


class EditorialTextMixin(serializers.Serializer[Any]):
    """Puts the editorial text fields behind `headline`, as answers carry them."""

    text_fields: tuple[EditorialCharField, ...] = EDITORIAL_FIELDS

    def build_text_field(self, field: EditorialCharField) -> AnyField:
        """Serializers of input override it."""
        return serializers.CharField()

    def get_fields(self) -> dict[str, AnyField]:
        fields: dict[str, AnyField] = {}
        for name, field in super().get_fields().items():
            fields[name] = field
            if name == "headline":
                fields |= {text.name: self.build_text_field(text) for text in self.text_fields}
        return fields
