"""Registry of editorial text fields: the single lines that a draft has and an edition freezes.

A field is declared once, on `EditorialText`, from which `Draft` and `Edition` inherit.  Everything
else derives its part from `EDITORIAL_FIELDS`: how the draft is written and frozen, the admin form
and its edit conflict, the desk and reader serializers, the columns that reads select, the archive,
the search document, the OpenAPI examples and the canary of the tests.  `CONTRIBUTING.md` says how
to add one.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class EditorialCharField(models.CharField[str, str]):
    """A line of text for the registry. Migrations see the `CharField` that it is.

    `in_cards`: lists of articles have it too, not only the article page.
    `is_searched`: search finds articles by it, with the weight of the head.
    `is_metadata`: for search engines and share cards, not for the page itself; forms show it with these.
    `example`: what the OpenAPI document shows.
    """

    def __init__(
        self,
        *args: Any,
        in_cards: bool = False,
        is_searched: bool = False,
        is_metadata: bool = False,
        example: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.in_cards, self.is_searched, self.example = in_cards, is_searched, example
        self.is_metadata = is_metadata

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", list(args), dict(options)


class EditorialText(models.Model):
    """The text fields that drafts and editions share, in the order in which they are shown."""

    deck = EditorialCharField(
        _("deck"),
        max_length=300,
        blank=True,
        in_cards=True,
        is_searched=True,
        example="손잡이를 돌리기까지 석 달이 걸렸다",
    )
    seo_title = EditorialCharField(
        _("title for search and sharing"),
        max_length=120,
        blank=True,
        is_metadata=True,
        example="문을 여는 로봇, 석 달의 시험",
    )
    seo_description = EditorialCharField(
        _("description for search and sharing"),
        max_length=300,
        blank=True,
        is_metadata=True,
        example="연구실 로봇이 혼자 문을 열었다. 석 달의 시험을 따라갔다.",
    )

    class Meta:
        abstract = True


EDITORIAL_FIELDS = tuple(
    field for field in EditorialText._meta.local_fields if isinstance(field, EditorialCharField)
)
EDITORIAL_FIELD_NAMES = tuple(field.name for field in EDITORIAL_FIELDS)
SHOWN_TEXT_NAMES = tuple(field.name for field in EDITORIAL_FIELDS if not field.is_metadata)
METADATA_TEXT_NAMES = tuple(field.name for field in EDITORIAL_FIELDS if field.is_metadata)
CARD_TEXT_FIELDS = tuple(field for field in EDITORIAL_FIELDS if field.in_cards)
CARD_TEXT_NAMES = tuple(field.name for field in CARD_TEXT_FIELDS)
PAGE_TEXT_NAMES = tuple(field.name for field in EDITORIAL_FIELDS if not field.in_cards)
SEARCHED_TEXT_NAMES = tuple(field.name for field in EDITORIAL_FIELDS if field.is_searched)
