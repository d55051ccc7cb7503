"""Copies of rows: all rows that some work wrote, inserted again in bulk under keys of their own.

For pages that must ask the same queries for one row and for twenty: the real actions write the first (30 ms
for a story), the others are its copies. Stories by the thousand, each with its due time: bulk_copies.py.
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from django.apps import apps
from django.db import models, transaction

from tests.support.bulk_copies import (
    SHARED_MODELS,
    Rows,
    all_rows_of,
    highest_pk,
    new_pks_of,
    numbers_of,
    reset_sequences,
)
from wire.inbox_search.index import index_versions
from wire.models import IndexedVersion, Version

COPIED_APPS = {"audit", "outbox", "media", "polls", "articles", "wire", "comments", "desk"}
sequence = count(1)


class RowTemplate:
    """Template of all rows that were written while some work was done."""

    def __init__(self, work: Callable[[], object]) -> None:
        before = {model: highest_pk(model) for model in copied_models()}
        work()
        found = {
            m: list(all_rows_of(m).filter(pk__gt=pk).order_by("pk")) for m, pk in before.items()
        }
        self.rows: Rows = {model: rows for model, rows in found.items() if rows}

    @transaction.atomic
    def insert_copies(
        self, number: int, *, moved: Mapping[datetime, datetime] | None = None
    ) -> None:
        """Insert so many copies, their times `moved`. References among the rows lead to the copies."""
        next_free = {model: highest_pk(model) + 1 for model in self.rows}
        made: Rows = {model: [] for model in self.rows}
        for _each in range(number):
            numbers = numbers_of(self.rows, next_free)
            new_values: dict[Any, Any] = {**self.own_texts(), **(moved or {})}
            for model, rows in self.rows.items():
                made[model] += [copied_row(row, numbers, new_values) for row in rows]
        for model, copies in made.items():
            all_rows_of(model).bulk_create(copies)
        reset_sequences(list(made))
        index_copies(made.get(Version, []))

    def own_texts(self) -> dict[str, str]:
        """{unique text of a row: that of its copy}, such as the slug of an article."""
        found = dict[str, str]()
        for model, rows in self.rows.items():
            for field in unique_text_fields(model, set(self.rows)):
                for row in rows:
                    end, value = f"-{next(sequence)}", str(getattr(row, field.attname))
                    found[value] = value[: (field.max_length or 200) - len(end)] + end
        return found


def index_copies(versions: Collection[models.Model]) -> None:
    """Index copied versions of wire stories as the intake indexes those that it stores."""
    rows = Version.objects.filter(pk__in=[version.pk for version in versions])
    index_versions((row, row.story.source_id) for row in rows.select_related("story"))


def copied_row(
    row: models.Model, numbers: dict[Any, dict[int, int]], new_values: Mapping[Any, Any]
) -> models.Model:
    columns = {}
    label = new_pks_of(numbers, getattr(row, "kind", ""))
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.primary_key:
            value = numbers[type(row)][value]
        elif isinstance(field, models.ForeignKey):
            value = numbers.get(field.related_model, {}).get(value, value)
        elif isinstance(field, models.UUIDField):
            value = uuid.uuid4() if field.unique else value
        elif field.name == "subject" and label:
            value = str(label[int(value)])
        elif isinstance(value, (str, datetime)):
            value = new_values.get(value, value)
        columns[field.attname] = value
    return type(row)(**columns)


def copied_models() -> list[type[models.Model]]:
    """Models of the copied apps that have integer primary keys."""
    numbered = (models.AutoField, models.OneToOneField)
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in COPIED_APPS
        and model not in SHARED_MODELS
        and model is not IndexedVersion  # `index_copies`
        and isinstance(model._meta.pk, numbered)
    ]


def unique_text_fields(
    model: type[models.Model], copied: set[type[models.Model]]
) -> list[models.CharField[Any, Any]]:
    """Text fields that are unique by themselves or among rows that are not copied."""
    groups: list[list[Any]] = [[field] for field in model._meta.concrete_fields if field.unique]
    groups += [
        [model._meta.get_field(name) for name in constraint.fields]
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    return [
        field
        for group in groups
        if not any(getattr(each, "related_model", None) in copied for each in group)
        for field in group
        if isinstance(field, models.CharField)
    ]
