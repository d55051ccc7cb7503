"""What readers can know: addresses, the frozen words they point at, and the furniture of the site."""

from articles.furniture import Author, Masthead, Section, Tag
from articles.models.article import (
    KNOWN,
    NOT_INDEXED,
    NOT_TOLD,
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
from articles.models.changes import TAKEN_AWAY, Change, FeedChange
from articles.models.months import Month
from articles.models.neighbours import Neighbour, Reached
from articles.models.readership import CountedBatch, Rank, ReadHour, Reading
from articles.models.searching import SearchRow
from articles.models.suggesting import SuggestedBy, SuggestedWord

__all__ = [
    "KNOWN",
    "NOT_INDEXED",
    "NOT_TOLD",
    "OUR_PHOTOS",
    "SHOWS_PHOTOS",
    "TAKEN_AWAY",
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
