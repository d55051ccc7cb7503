"""Bulk copies of stories: rows that the real actions wrote for one, inserted again under new keys.

A real action takes 30 ms for a story and keeps its rows to itself. Here its rows are found, whatever
tables they are in, and written again under numbers and an address of their own: 10,000 in seconds,
in a newsroom where nobody else is at work meanwhile.
"""

import copy
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from articles.models import Article, Author, Section, Tag
from desk.actions import schedule_draft
from desk.models import Release
from outbox.models import Invalidation
from tests.support import make

Rows = dict[type[models.Model], list[models.Model]]
COPIED_APPS = {"audit", "outbox", "polls", "articles", "desk"}
# Made with the first story, perhaps, but nobody's own; triggers write the invalidations of copies.
SHARED_MODELS: set[type[models.Model]] = {Author, Section, Tag, Invalidation}
STORIES_PER_TRANSACTION = 500  # stories in one transaction


class StoryTemplate:
    """Template of a story: all rows that were written when it was made."""

    def __init__(self, work: Callable[[], Release]) -> None:
        before = {model: highest_pk(model) for model in copied_models()}
        self.release = work()
        found = {
            m: list(all_rows_of(m).filter(pk__gt=pk).order_by("pk")) for m, pk in before.items()
        }
        self.rows: Rows = {model: rows for model, rows in found.items() if rows}
        self.article = Article.objects.get(pk=self.release.article_id)

    def copy_many(self, dues: Sequence[datetime], *, names: Iterable[str]) -> list[int]:
        """Insert a copy for each due time, with its slug; the primary keys of the articles."""
        wanted, articles = list(zip(dues, names, strict=True)), list[int]()
        for start in range(0, len(wanted), STORIES_PER_TRANSACTION):
            articles += self.copy_batch(wanted[start : start + STORIES_PER_TRANSACTION])
        return articles

    @transaction.atomic
    def copy_batch(self, wanted: list[tuple[datetime, str]]) -> list[int]:
        next_free = {model: highest_pk(model) + 1 for model in self.rows}
        made: Rows = {model: [] for model in self.rows}
        articles = []
        for due, slug in wanted:
            numbers = numbers_of(self.rows, next_free)
            articles.append(numbers[Article][self.article.pk])
            for model, rows in self.rows.items():
                made[model] += [self.copied_row(row, numbers, due=due, slug=slug) for row in rows]
        for model, copies in made.items():
            all_rows_of(model).bulk_create(copies, batch_size=2000)
        reset_sequences(list(made))
        return articles

    def copied_row(
        self, row: models.Model, numbers: dict[Any, dict[int, int]], *, due: datetime, slug: str
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
            elif value == self.release.due_at:
                value = due
            elif field.name == "subject" and label:
                value = str(label[int(value)])
            elif isinstance(value, (str, dict, list)):
                value = self.replaced_value(value, numbers, due=due, slug=slug)
            columns[field.attname] = value
        return type(row)(**columns)

    def replaced_value(self, value: Any, numbers: dict[Any, dict[int, int]], **new: Any) -> Any:
        """A JSON value with the copy's slug, time and keys in place of the original's."""
        if isinstance(value, dict):
            return {
                key: self.replaced_pk(key, value, numbers, **new) for key, value in value.items()
            }
        if isinstance(value, list):
            return [self.replaced_value(each, numbers, **new) for each in value]
        if not isinstance(value, str):
            return copy.copy(value)
        if value == self.article.key():
            return f"article-{numbers[Article][self.article.pk]}"
        if value == self.release.due_at.isoformat():
            return new["due"].isoformat()
        return new["slug"] if value == self.article.slug else value

    def replaced_pk(
        self, key: str, value: Any, numbers: dict[Any, dict[int, int]], **new: Any
    ) -> Any:
        """A JSON member's value, replaced where its name is a model's (`"draft": 7`)."""
        for model, given in numbers.items():
            if model._meta.model_name == key and isinstance(value, int) and value in given:
                return given[value]
        return self.replaced_value(value, numbers, **new)


def numbers_of(
    rows_of_models: Rows, next_free: dict[type[models.Model], int]
) -> dict[Any, dict[int, int]]:
    """New primary keys by model and old key; keys that are one-to-one fields follow their parent's."""
    given: dict[Any, dict[int, int]] = {}
    for model, rows in rows_of_models.items():
        if not isinstance(model._meta.pk, models.OneToOneField):
            own = range(next_free[model], next_free[model] + len(rows))
            given[model] = {row.pk: number for row, number in zip(rows, own, strict=True)}
            next_free[model] += len(rows)
    for model in rows_of_models:
        key = model._meta.pk
        if isinstance(key, models.OneToOneField):
            given[model] = given[key.related_model]
    return given


def new_pks_of(numbers: dict[Any, dict[int, int]], label: str) -> dict[int, int]:
    found = [given for model, given in numbers.items() if model._meta.label_lower == label]
    return found[0] if found else {}


def copied_models() -> list[type[models.Model]]:
    """Models of the copied apps that have integer primary keys."""
    numbered = (models.AutoField, models.OneToOneField)
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in COPIED_APPS
        and model not in SHARED_MODELS
        and isinstance(model._meta.pk, numbered)
    ]


def all_rows_of(model: type[models.Model]) -> Any:
    return model._base_manager.all()


def highest_pk(model: type[models.Model]) -> int:
    return all_rows_of(model).aggregate(most=models.Max("pk"))["most"] or 0


def reset_sequences(written: list[type[models.Model]]) -> None:
    """Let sequences continue after the inserted primary keys."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)


def scheduled_story_template(**words: Any) -> StoryTemplate:
    """Template of a story scheduled for its first publication."""
    return StoryTemplate(lambda: make.planned(**words))


def scheduled_update_template(*, at: datetime, **words: Any) -> StoryTemplate:
    """Template of a live story whose second edition is scheduled."""

    def work() -> Release:
        article = make.live(**words)
        later = {"headline": f"{words['headline']}, 고침"} if "headline" in words else {}
        return schedule_draft(make.changed(make.draft_of(article), **later), at=at, by=make.ben())

    return StoryTemplate(work)
