"""What readers can know: addresses, the frozen words they point at, and the furniture of the site."""

from articles.furniture import Author, Masthead, Section, Tag
from articles.models.article import (
    NOT_INDEXED,
    OUR_PHOTOS,
    SHOWS_PHOTOS,
    Article,
    CommentsMode,
    Edition,
)
from articles.models.beside import (
    Appearance,
    ArticleCounts,
    Byline,
    FormerSlug,
    PhotoUse,
    Pick,
    Tagging,
)
from articles.models.searching import SearchRow

__all__ = [
    "NOT_INDEXED",
    "OUR_PHOTOS",
    "SHOWS_PHOTOS",
    "Appearance",
    "Article",
    "ArticleCounts",
    "Author",
    "Byline",
    "CommentsMode",
    "Edition",
    "FormerSlug",
    "Masthead",
    "PhotoUse",
    "Pick",
    "SearchRow",
    "Section",
    "Tag",
    "Tagging",
]
