"""Rows read by hand are what Django would have made of them."""

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


def both(slug: str) -> tuple[Article, Article]:
    """The same row, read by hand and by Django."""
    rows = Article.objects.live().as_pages().filter(slug=slug)
    assert rows._iterable_class is FastModelIterable
    plain = rows.all()
    plain._iterable_class = ModelIterable
    return rows.get(), plain.get()


def columns(thing: models.Model) -> dict[str, object]:
    return {name: value for name, value in vars(thing).items() if name != "_state"}


def test_a_row_is_what_django_would_make_of_it() -> None:
    slug = make.live(lead_photo=make.photo(), poll=make.poll_data()).slug
    ours, theirs = both(slug)
    assert columns(ours) == columns(theirs)
    assert isinstance(ours.first_published_at, type(theirs.first_published_at))
    assert (ours._state.db, ours._state.adding) == (theirs._state.db, theirs._state.adding)
    for name in ("live", "section", "lead_photo", "poll", "counts"):
        assert columns(getattr(ours, name)) == columns(getattr(theirs, name)), name
    assert ours == theirs
    assert ours.get_deferred_fields() == theirs.get_deferred_fields()


def test_what_is_joined_is_not_asked_for_again(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    ours, _theirs = both(make.live(lead_photo=None, poll=None).slug)
    with django_assert_num_queries(0):  # type: ignore[operator]  # the fixture is a function
        assert ours.lead_photo is None
        assert ours.poll is None
        assert ours.counts is not None
        assert ours.live is not None
        assert ours.section is not None


def test_a_row_is_gone_with_its_last_reader() -> None:
    """Not when the garbage collector comes: a reader's request would leave a dozen to it."""
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


def test_what_is_joined_leads_back_by_asking(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    ours, _theirs = both(make.live().slug)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert ours.counts.article == ours


def test_a_column_left_out_is_asked_for_when_somebody_looks(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    ours, _theirs = both(make.live().slug)
    assert ours.live is not None
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert ours.live.body


def test_what_was_read_can_be_changed_and_saved() -> None:
    ours, _theirs = both(make.live().slug)
    assert ours.section is not None
    ours.section.name = "바다"
    ours.section.save(update_fields=["name"])
    assert Section.objects.get(pk=ours.section.pk).name == "바다"


def compiler_of(model: type[models.Model]) -> SQLCompiler:
    compiler: SQLCompiler = model._default_manager.all().query.get_compiler("default")
    compiler.as_sql()
    return compiler


@pytest.fixture
def listener() -> Iterator[None]:
    def heard(**_: object) -> None:
        pass

    post_init.connect(heard, sender=Section)
    yield
    post_init.disconnect(heard, sender=Section)


@pytest.mark.usefixtures("listener")
def test_a_model_that_somebody_watches_being_made_is_refused() -> None:
    with pytest.raises(TypeError, match="Section"):
        RowLoader(compiler_of(Section), db="default")


@isolate_apps("articles")
def test_a_model_that_has_a_hand_in_its_making_is_refused() -> None:
    class Curious(models.Model):  # noqa: DJ008  # nobody reads it
        def __init__(self, *values: object, **named: object) -> None:
            super().__init__(*values, **named)

        class Meta:
            app_label = "articles"

    with pytest.raises(TypeError, match="Curious"):
        RowLoader(compiler_of(Curious), db="default")
