"""Answers with only the fields a client asks for: `?fields=slug,headline`."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

MAX_FIELDS_PARAM_CHARS = 300  # more than all names of any serializer together


class FieldNamesField(serializers.CharField):
    """Names of a serializer's own fields, by comma; unknown, empty and repeated ones are refused."""

    def __init__(self, of: type[serializers.Serializer[Any]], **options: Any) -> None:
        super().__init__(**{"max_length": MAX_FIELDS_PARAM_CHARS, "required": False} | options)
        self.of = of

    def to_internal_value(self, data: Any) -> Any:
        names = str(super().to_internal_value(data)).split(",")
        if wrong := list(self.wrong_with(names)):
            raise serializers.ValidationError(wrong)
        return frozenset(names)

    def run_validators(self, value: Any) -> None:
        # Those of a text, which is a set of names by now; each name is one of ours.
        super().run_validators(",".join(sorted(value)))

    def wrong_with(self, names: list[str]) -> list[str]:
        known = self.of().fields
        sentences = []
        if "" in names:
            sentences.append(_("A name is missing between the commas."))
        if strangers := [name for name in dict.fromkeys(names) if name and name not in known]:
            sentences.append(
                _("There is no such field: %(names)s.") % {"names": comma_separated(strangers)}
            )
        if twice := [name for name, times in Counter(names).items() if name and times > 1]:
            sentences.append(
                _("Given more than once: %(names)s.") % {"names": comma_separated(twice)}
            )
        return sentences


def comma_separated(names: list[str]) -> str:
    return ", ".join(names)


class SparseFieldsSerializer(serializers.Serializer[Any]):
    """Shows the fields that the view's `fields` parameter names, in their own order; else all."""

    def requested_fields(self) -> frozenset[str] | None:
        """The names that the client gave; None for all."""
        wished: frozenset[str] | None = getattr(self.context.get("view"), "params", {}).get(
            "fields"
        )
        return wished

    def get_fields(self) -> Any:
        fields, wished = super().get_fields(), self.requested_fields()
        return {name: fields[name] for name in fields if name in wished} if wished else fields


def fields_openapi_parameter(
    of: type[serializers.Serializer[Any]], *, example: str
) -> OpenApiParameter:
    """How the OpenAPI document describes `fields`."""
    names = list(of().fields)
    kind = {"type": "array", "items": {"type": "string", "enum": names}, "uniqueItems": True}
    return OpenApiParameter(
        "fields",
        type=kind | {"minItems": 1},
        style="form",
        explode=False,
        description=(
            "Only these fields, by comma; their order is always the same. An unknown, empty or "
            "repeated name is a 400 that names it."
        ),
        examples=[OpenApiExample("제목만", value=example.split(","))],
    )


class SparseFieldsSchemaExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # its __init_subclass__
    """Either whole, as without `fields`, or some of it."""

    target_class = SparseFieldsSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        whole = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        part = {name: value for name, value in whole.items() if name != "required"}
        part["description"] = "What `fields` names."
        return {"anyOf": [whole, part]}
