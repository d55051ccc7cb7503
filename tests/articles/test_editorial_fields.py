"""Registry of editorial fields: what the API documents is what it answers."""

import pytest
from rest_framework.test import APIClient

from articles.api.serializers import CardOut, PageOut
from articles.models.editorial import EDITORIAL_FIELDS, EditorialText
from desk.api.serializers.drafts import DraftDetailOut
from desk.field_rights import UNGUARDED_FIELDS
from tests.support import make


@pytest.mark.django_db
def test_every_documented_field_of_cards_and_pages_is_answered(api: APIClient) -> None:
    make.live(slug="글")
    (card,) = api.get("/api/v1/articles/").json()["results"]
    page = api.get("/api/v1/articles/글/").json()
    assert set(card) == set(CardOut().fields)
    assert set(page) == set(PageOut(context={"related": []}).fields)


@pytest.mark.django_db
def test_every_documented_field_of_a_draft_is_answered(desk_api: make.DeskClient) -> None:
    draft = desk_api.call("GET", f"drafts/{make.draft().pk}/").json()
    assert set(draft) == set(DraftDetailOut().fields)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [field.name for field in EDITORIAL_FIELDS])
def test_every_editorial_field_is_frozen_and_read(api: APIClient, name: str) -> None:
    make.live(slug="글", **{name: "고유한 한 줄"})
    assert api.get("/api/v1/articles/글/").json()[name] == "고유한 한 줄"


def test_every_editorial_field_has_an_example_and_its_line_of_rights() -> None:
    assert all(field.example for field in EDITORIAL_FIELDS)
    assert {field.name for field in EDITORIAL_FIELDS} <= set(UNGUARDED_FIELDS)


def test_migrations_see_plain_columns() -> None:
    paths = {field.deconstruct()[1] for field in EditorialText._meta.local_fields}
    assert paths == {"django.db.models.CharField"}
