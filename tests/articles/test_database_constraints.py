"""Database constraints that refuse what a missing lock or check would allow (publishing 2, 31)."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Appearance, Edition
from desk.actions import restore, withdraw
from desk.models import Release
from outbox.actions import fan_out_all
from outbox.models import Delivery, Event
from tests.support import make
from tests.support.editions import publish_edition
from tests.support.outbox import subscriber

pytestmark = pytest.mark.django_db


def appearance() -> models.Model:
    article = make.live()
    return Appearance.objects.get(article=article)


def waiting() -> models.Model:
    return make.planned()


def delivery() -> models.Model:
    make.live()
    subscriber("https://hooks.example.com/in")
    fan_out_all()
    return Delivery.objects.order_by("pk")[0]


def event() -> models.Model:
    make.live()
    return Event.objects.order_by("pk")[0]


def edition() -> models.Model:
    make.live()
    return Edition.objects.get()


@pytest.mark.parametrize("made", [appearance, waiting, delivery, event, edition])
def test_unique_constraints_refuse_a_second_row(made: Callable[[], models.Model]) -> None:
    """Of appearances of an edition, pending releases of an article, deliveries of an event to a subscriber,
    event ids, and numbers of an article's editions.
    """
    row = made()
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        models.Model.save_base(row, raw=True, force_insert=True)


@pytest.mark.parametrize("state", ["failed", "pending"])
def test_a_failed_release_still_counts_as_pending(state: str) -> None:
    """It blocks another pending release; a settled one does not."""
    first = make.planned()
    Release.objects.filter(pk=first.pk).update(state=state)
    same = {"article": first.article, "edition": first.edition, "due_at": first.due_at}
    second = Release(planned_by=make.ben(), **same)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        second.save(force_insert=True)
    Release.objects.filter(pk=first.pk).update(state="cancelled", settled_at=timezone.now())
    second.save(force_insert=True)


def test_an_edition_shown_again_keeps_its_first_appearance(
    ben: User, chief: User, api: APIClient
) -> None:
    article = make.live()
    first = Appearance.objects.get()
    withdraw(article, notice="내렸습니다.", by=ben)
    restore(article, by=chief)
    publish_edition(first.edition, by=ben)
    history = api.get(f"/api/v1/articles/{article.slug}/editions/").json()["results"]
    assert [edition["number"] for edition in history] == [1]
    again = Appearance.objects.get()
    assert (again.pk, again.published_at) == (first.pk, first.published_at)
    assert Release.objects.done().count() == 2


def test_every_documented_constraint_is_in_the_database() -> None:
    """No constraint was lost in a migration."""
    missing = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
            names = {constraint.name for constraint in model._meta.constraints}
            missing += [f"{model._meta.label}: {name}" for name in names - there.keys()]
            missing += [
                f"{model._meta.label}.{field.name}"
                for field in model._meta.local_concrete_fields
                if field.unique
                and not field.primary_key
                and not any(
                    one["unique"] and one["columns"] == [field.column] for one in there.values()
                )
            ]
    assert missing == []
