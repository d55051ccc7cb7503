"""Public models: articles and editions, site structure, search, syndication and readership rows."""

from articles.models.article import (
    BODY_HAS_PHOTOS,
    BODY_HAS_RELATED_BOX,
    NOT_IN_CHANGE_FEED,
    NOT_INDEXED,
    PHOTO_URL_PREFIX,
    PUBLIC_STATE,
    RELATED_BOX_MARK,
    Article,
    CommentsMode,
    CorrectionKind,
    Edition,
)
from articles.models.autocomplete import SuggestedBy, SuggestedWord
from articles.models.change_feed import REMOVED_KINDS, Change, FeedChange
from articles.models.erasure import ErasurePermit
from articles.models.page_views import (
    CountedBatch,
    HourlyViews,
    PopularityRank,
    RecentView,
    ReferrerClass,
    ReferrerViews,
)
from articles.models.related import RelatedArticle, SweepCursor
from articles.models.relations import (
    Appearance,
    ArticleCounts,
    BoxedArticle,
    Byline,
    FormerSlug,
    PhotoUse,
    Pick,
    Tagging,
)
from articles.models.search import SearchRow
from articles.models.site import Author, Masthead, Section, Tag
from articles.models.sitemap_months import SitemapMonth

__all__ = [
    "BODY_HAS_PHOTOS",
    "BODY_HAS_RELATED_BOX",
    "NOT_INDEXED",
    "NOT_IN_CHANGE_FEED",
    "PHOTO_URL_PREFIX",
    "PUBLIC_STATE",
    "RELATED_BOX_MARK",
    "REMOVED_KINDS",
    "Appearance",
    "Article",
    "ArticleCounts",
    "Author",
    "BoxedArticle",
    "Byline",
    "Change",
    "CommentsMode",
    "CorrectionKind",
    "CountedBatch",
    "Edition",
    "ErasurePermit",
    "FeedChange",
    "FormerSlug",
    "HourlyViews",
    "Masthead",
    "PhotoUse",
    "Pick",
    "PopularityRank",
    "RecentView",
    "ReferrerClass",
    "ReferrerViews",
    "RelatedArticle",
    "SearchRow",
    "Section",
    "SitemapMonth",
    "SuggestedBy",
    "SuggestedWord",
    "SweepCursor",
    "Tag",
    "Tagging",
]
