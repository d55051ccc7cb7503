"""Sparse fieldsets: responses with only the requested fields (`?fields=slug,headline`)."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

MAX_FIELDS_PARAM_CHARS = 300  # more than all names of any serializer together


class FieldNamesField(serializers.CharField):
    """Query parameter with comma-separated field names of a serializer, as a frozenset.

    Unknown, empty and repeated names are refused.
    """

    def __init__(self, of: type[serializers.Serializer[Any]], **options: Any) -> None:
        super().__init__(**{"max_length": MAX_FIELDS_PARAM_CHARS, "required": False} | options)
        self.of = of

    def to_internal_value(self, data: Any) -> Any:
        names = str(super().to_internal_value(data)).split(",")
        if errors := self.name_errors(names):
            raise serializers.ValidationError(errors)
        return frozenset(names)

    def run_validators(self, value: Any) -> None:
        # The validators are those of a string; the value is a set of names by now.
        super().run_validators(",".join(sorted(value)))

    def name_errors(self, names: list[str]) -> list[str]:
        """A message for each kind of mistake in the names."""
        known = self.of().fields
        errors = []
        if "" in names:
            errors.append(_("A name is missing between the commas."))
        if unknown := [name for name in dict.fromkeys(names) if name and name not in known]:
            errors.append(
                _("There is no such field: %(names)s.") % {"names": comma_separated(unknown)}
            )
        if repeated := [name for name, count in Counter(names).items() if name and count > 1]:
            errors.append(
                _("Given more than once: %(names)s.") % {"names": comma_separated(repeated)}
            )
        return errors


def comma_separated(names: list[str]) -> str:
    return ", ".join(names)


class SparseFieldsSerializer(serializers.Serializer[Any]):
    """Serializer with only the fields of the view's `fields` parameter, in declared order; all without
    it."""

    def requested_fields(self) -> frozenset[str] | None:
        """The field names in the request; None for all."""
        params = getattr(self.context.get("view"), "params", {})
        names: frozenset[str] | None = params.get("fields")
        return names

    def get_fields(self) -> Any:
        fields, names = super().get_fields(), self.requested_fields()
        return {name: fields[name] for name in fields if name in names} if names else fields


def fields_openapi_parameter(
    of: type[serializers.Serializer[Any]], *, example: str
) -> OpenApiParameter:
    """The OpenAPI description of the `fields` parameter."""
    names = list(of().fields)
    schema = {"type": "array", "items": {"type": "string", "enum": names}, "uniqueItems": True}
    return OpenApiParameter(
        "fields",
        type=schema | {"minItems": 1},
        style="form",
        explode=False,
        description=(
            "Only these fields, by comma; their order is always the same. An unknown, empty or "
            "repeated name is a 400 that names it."
        ),
        examples=[OpenApiExample("제목만", value=example.split(","))],
    )


class SparseFieldsSchemaExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # its __init_subclass__
    """OpenAPI schema of a sparse serializer: anyOf the full object and one without required fields."""

    target_class = SparseFieldsSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        whole = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        part = {name: value for name, value in whole.items() if name != "required"}
        part["description"] = "What `fields` names."
        return {"anyOf": [whole, part]}
