"""What readers can know: addresses, the frozen words they point at, and the furniture of the site."""

from articles.models.article import (
    BODY_HAS_PHOTOS,
    NOT_IN_CHANGE_FEED,
    NOT_INDEXED,
    PHOTO_URL_PREFIX,
    PUBLIC_STATE,
    Article,
    CommentsMode,
    Edition,
)
from articles.models.autocomplete import SuggestedBy, SuggestedWord
from articles.models.change_feed import REMOVED_KINDS, Change, FeedChange
from articles.models.page_views import CountedBatch, Rank, ReadHour, Reading
from articles.models.related import Neighbour, Reached
from articles.models.relations import (
    Appearance,
    ArticleCounts,
    Byline,
    FormerSlug,
    PhotoUse,
    Pick,
    Tagging,
)
from articles.models.search import SearchRow
from articles.models.site import Author, Masthead, Section, Tag
from articles.models.sitemap_months import Month

__all__ = [
    "BODY_HAS_PHOTOS",
    "NOT_INDEXED",
    "NOT_IN_CHANGE_FEED",
    "PHOTO_URL_PREFIX",
    "PUBLIC_STATE",
    "REMOVED_KINDS",
    "Appearance",
    "Article",
    "ArticleCounts",
    "Author",
    "Byline",
    "Change",
    "CommentsMode",
    "CountedBatch",
    "Edition",
    "FeedChange",
    "FormerSlug",
    "Masthead",
    "Month",
    "Neighbour",
    "PhotoUse",
    "Pick",
    "Rank",
    "Reached",
    "ReadHour",
    "Reading",
    "SearchRow",
    "Section",
    "SuggestedBy",
    "SuggestedWord",
    "Tag",
    "Tagging",
]
