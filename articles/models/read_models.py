"""Read models of articles: what cards, pages and feed entries read of an article, in one row each.

The single lines of text come from the registry (articles/models/editorial.py), so that a new one is in
cards or pages by being there; everything else is declared here only.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from articles.models.editorial import CARD_TEXT_NAMES, PAGE_TEXT_NAMES
from articles.models.identifiers import article_path, article_urn
from media.models import PhotoFiles
from newsroom.db.read_models import ReadModel
from polls.models import PollQuestion, PollTimes


class CardEdition(ReadModel, columns=CARD_TEXT_NAMES):
    """The live edition as cards show it."""

    headline: str
    summary: list[str]
    lead_photo_text: dict[str, str] | None


class SourcedEdition(CardEdition):
    """The live edition with the agency or paper its text is from."""

    source_name: str
    source_url: str
    source_credit: str


class PageEdition(SourcedEdition, columns=PAGE_TEXT_NAMES):
    """The live edition as its page shows it."""

    number: int
    body_html: str
    ai_kind: str
    ai_note: str
    social_photo_text: dict[str, str] | None


class FullFeedEdition(SourcedEdition):
    """The live edition as feeds with the full text show it."""

    body_html: str


class CardSection(ReadModel):
    slug: str
    name: str


class CardCounts(ReadModel):
    comments: int
    saves: int
    views: int


class ArticleRow(ReadModel):
    """What is read of every live article."""

    pk: int
    slug: str
    first_published_at: datetime
    published_at: datetime
    live_id: int
    section_id: int
    poll_id: int | None
    live: CardEdition
    section: CardSection | None
    lead_photo: PhotoFiles | None
    author_rows: list[dict[str, Any]]

    def get_absolute_url(self) -> str:
        return article_path(self.slug)


class ArticleCard(ArticleRow):
    """A row of `as_cards()`; `pick` is the position of an editors' pick among related cards."""

    counts: CardCounts
    poll: PollTimes | None
    vote_count: int
    pick: int | None = None


class IdentifiedRow(ReadModel):
    """A row with the article's permanent identifier."""

    uid: UUID
    tag_rows: list[dict[str, Any]]

    def urn(self) -> str:
        return article_urn(self.uid)


class ArticlePage(IdentifiedRow, ArticleCard):
    """A row of `as_pages()`."""

    live: PageEdition
    social_photo: PhotoFiles | None
    poll: PollQuestion | None
    comments_mode: str
    comments_close_at: datetime | None
    comments_slow_seconds: int | None
    corrections: list[dict[str, Any]]
    side_rows: list[dict[str, Any]]
    pick_count: int
    tip_address: str | None
    paper: str | None
    rights: str | None
    boxed_slugs: tuple[str, ...] = ()


class LayoutRow(ReadModel):
    """A row of `with_layout()`: what every page of the site shows, repeated in each row."""

    masthead_row: str | None  # a JSON object
    section_rows: str  # a JSON array


class FrontCard(LayoutRow, ArticleCard):
    """A card, with the layout."""


class LaidOutPage(LayoutRow, ArticlePage):
    """An article page, with the layout."""


class FeedEntry(IdentifiedRow, ArticleRow):
    """A row of `as_feed_entries(full=False)`."""

    live: SourcedEdition


class FullFeedEntry(FeedEntry):
    """A row of `as_feed_entries(full=True)`."""

    live: FullFeedEdition
