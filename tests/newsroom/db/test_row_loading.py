"""Row loading: instances without Model.__init__ are equal to Django's."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from django.db import models
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import isolate_apps

from articles.models import Article, Section
from newsroom.db.row_loading import FastModelIterable, RowLoader
from tests.support import make

pytestmark = pytest.mark.django_db


def load_both_ways(slug: str) -> tuple[Article, Article]:
    """The same row, loaded by FastModelIterable and by Django's ModelIterable."""
    rows = Article.objects.live().as_pages().filter(slug=slug)
    assert rows._iterable_class is FastModelIterable
    django_rows = rows.all()
    django_rows._iterable_class = ModelIterable
    return rows.get(), django_rows.get()


def columns(instance: models.Model) -> dict[str, object]:
    return {name: value for name, value in vars(instance).items() if name != "_state"}


def test_loaded_instance_equals_django_s() -> None:
    slug = make.live(lead_photo=make.photo(), poll=make.poll_data()).slug
    loaded, expected = load_both_ways(slug)
    assert columns(loaded) == columns(expected)
    assert isinstance(loaded.first_published_at, type(expected.first_published_at))
    assert (loaded._state.db, loaded._state.adding) == (expected._state.db, expected._state.adding)
    for name in ("live", "section", "lead_photo", "poll", "counts"):
        assert columns(getattr(loaded, name)) == columns(getattr(expected, name)), name
    assert loaded == expected
    assert loaded.get_deferred_fields() == expected.get_deferred_fields()


def test_joined_objects_cost_no_query(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    loaded, _expected = load_both_ways(make.live(lead_photo=None, poll=None).slug)
    with django_assert_num_queries(0):  # type: ignore[operator]  # the fixture is a function
        assert loaded.lead_photo is None
        assert loaded.poll is None
        assert loaded.counts is not None
        assert loaded.live is not None
        assert loaded.section is not None


def test_row_is_freed_with_its_last_reference() -> None:
    """Without the garbage collector: rows are in no reference cycle."""
    slug = make.live(lead_photo=make.photo(), poll=make.poll_data()).slug
    gc.collect()
    gc.disable()
    try:
        row = Article.objects.live().as_pages().get(slug=slug)
        parts = [weakref.ref(thing) for thing in (row, row.live, row.poll, row.counts)]
        del row
        assert [part() for part in parts] == [None] * 4
    finally:
        gc.enable()


def test_reverse_access_from_a_joined_object_is_a_query(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    loaded, _expected = load_both_ways(make.live().slug)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert loaded.counts.article == loaded


def test_deferred_column_is_fetched_when_accessed(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    loaded, _expected = load_both_ways(make.live().slug)
    assert loaded.live is not None
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert loaded.live.body


def test_loaded_instance_can_be_saved() -> None:
    loaded, _expected = load_both_ways(make.live().slug)
    assert loaded.section is not None
    loaded.section.name = "바다"
    loaded.section.save(update_fields=["name"])
    assert Section.objects.get(pk=loaded.section.pk).name == "바다"


def compiler_of(model: type[models.Model]) -> SQLCompiler:
    compiler: SQLCompiler = model._default_manager.all().query.get_compiler("default")
    compiler.as_sql()
    return compiler


@pytest.fixture
def post_init_receiver() -> Iterator[None]:
    def receive(**_: object) -> None:
        pass

    post_init.connect(receive, sender=Section)
    yield
    post_init.disconnect(receive, sender=Section)


@pytest.mark.usefixtures("post_init_receiver")
def test_model_with_init_signals_is_refused() -> None:
    with pytest.raises(TypeError, match="Section"):
        RowLoader(compiler_of(Section), db="default")


@isolate_apps("articles")
def test_model_with_its_own_init_is_refused() -> None:
    class WithInit(models.Model):  # noqa: DJ008  # never rendered
        def __init__(self, *values: object, **named: object) -> None:
            super().__init__(*values, **named)

        class Meta:
            app_label = "articles"

    with pytest.raises(TypeError, match="WithInit"):
        RowLoader(compiler_of(WithInit), db="default")
