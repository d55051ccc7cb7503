"""What readers can know: addresses, the frozen words they point at, and the furniture of the site."""

from articles.furniture import Author, Masthead, Section, Tag
from articles.models.article import OUR_PHOTOS, SHOWS_PHOTOS, Article, CommentsMode, Edition
from articles.models.beside import (
    Appearance,
    ArticleCounts,
    Byline,
    FormerSlug,
    PhotoUse,
    Pick,
    Tagging,
)

__all__ = [
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
    "Section",
    "Tag",
    "Tagging",
]
