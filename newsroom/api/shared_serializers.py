"""Serializers that all threads share: a new one copies its fields, a fifth of a vote's time.

They have neither context nor state. Django REST framework formats the message of a limit ("at most 5
characters") at its first use and keeps it, in the language of that request: here it is formatted at each.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils.text import format_lazy
from rest_framework.utils.formatting import lazy_format


@cache
def shared_serializer(serializer: Any) -> Any:
    """The shared instance of a serializer class."""
    shared = serializer()
    for field in fields_within(shared):
        for validator in field.validators:
            message = getattr(validator, "message", None)
            if isinstance(message, lazy_format):
                texts: Any = message
                validator.message = format_lazy(texts.format_string, *texts.args, **texts.kwargs)
    return shared


def fields_within(field: Any) -> Iterator[Any]:
    """A field, and all fields within it: those of serializers, lists and dicts."""
    yield field
    child = getattr(field, "child", None)
    within = [child] if child is not None else getattr(field, "fields", {}).values()
    for inner in within:
        yield from fields_within(inner)
