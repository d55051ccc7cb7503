"""Read models: typed rows without model instances."""

import gc
import weakref
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, JSONField, Value
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.models.editorial import CARD_TEXT_NAMES, PAGE_TEXT_NAMES
from articles.models.read_models import ArticleCard, ArticlePage, CardEdition, PageEdition
from newsroom.db.read_models import ReadModel, read_as
from tests.support import make

pytestmark = pytest.mark.django_db


class ReadSection(ReadModel):
    slug: str
    name: str


class ReadPoll(ReadModel):
    pk: int
    question: str


class ReadArticle(ReadModel, columns=("comments_mode",)):
    pk: int
    section: ReadSection | None
    poll: ReadPoll | None
    pick: int | None = None


def attribute(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def test_columns_are_those_that_are_annotated_and_those_of_a_registry() -> None:
    section = ["section__slug", "section__name"]
    poll = ["poll__pk", "poll__question"]
    assert ReadArticle.column_names() == ["pk", "comments_mode", *section, *poll]
    assert ReadArticle.column_names(without=["poll", "pk"]) == ["comments_mode", *section]


def test_text_fields_come_from_the_registry() -> None:
    assert set(CARD_TEXT_NAMES) <= set(CardEdition.columns)
    assert {*CARD_TEXT_NAMES, *PAGE_TEXT_NAMES} <= set(PageEdition.columns)


@pytest.mark.parametrize("model", [ArticleCard, ArticlePage])
@pytest.mark.parametrize("is_whole", [True, False])
def test_row_has_the_values_of_the_model_instance(model: type[ArticleCard], is_whole: bool) -> None:
    photos = {name: make.photo() for name in ("lead_photo", "social_photo")} if is_whole else {}
    more = photos | {"poll": make.poll_data()} if is_whole else {}
    slug = make.live(**more).slug
    rows: Any = Article.objects.live()
    rows = rows.as_cards() if model is ArticleCard else rows.as_pages()
    row, expected = rows.get(slug=slug), Article.objects.get(slug=slug)
    annotated = {"author_rows", "tag_rows", "side_rows", "vote_count", "pick_count"}
    masthead = {"tip_address", "paper", "rights"}
    left_out = (
        annotated | masthead | (set() if is_whole else {"lead_photo", "social_photo", "poll"})
    )
    for path in model.column_names(without=left_out):
        assert attribute(row, path) == attribute(expected, path), path
        assert type(attribute(row, path)) is type(attribute(expected, path)), path
    assert type(row) is model
    assert (row.lead_photo is None, row.poll is None) == (not is_whole, not is_whole)


def test_what_was_not_read_is_an_error_and_no_query() -> None:
    make.live()
    with CaptureQueriesContext(connection) as queries:
        row = Article.objects.live().as_sparse_cards(frozenset({"section"})).get()
        assert row.section is not None
        for name in ("counts", "lead_photo", "author_rows", "notice"):
            with pytest.raises(AttributeError, match=name):
                getattr(row, name)
    assert len(queries) == 1


def test_annotations_made_before_and_after_are_attributes() -> None:
    section = make.live().section
    articles = Article.objects.annotate(pick=Value(3), unread=Value(4))
    rows = read_as(articles, ReadArticle).annotate(
        number=F("live__number"), listed=Value([1], output_field=JSONField())
    )
    row = rows.get()
    assert (row.number, row.listed) == (1, [1])
    assert section is not None
    assert row.section.slug == section.slug
    assert row.pick is None, "a field with a default is for later annotations"
    assert not hasattr(row, "unread")


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
