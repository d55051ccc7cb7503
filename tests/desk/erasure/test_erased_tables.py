"""Every table that refers to a story is either part of a legal erasure or holds none of its text."""

from django.apps import apps

from articles.models import Article, Edition
from desk.actions.legal.erased_rows import DELETED_WITH_DRAFT
from desk.models import Draft

# Emptied, deleted or overwritten by name in desk/actions/legal/erased_rows.py and what it calls.
ERASED = {
    "articles.Edition", "articles.SearchRow", "articles.SuggestedBy", "articles.RelatedArticle",
    "articles.PopularityRank", "articles.PhotoUse", "comments.Comment", "comments.SimilarityBand",
    "desk.Claim", "desk.Draft",
}  # fmt: skip
# Numbers, times, addresses and references, no text of the story.
WITHOUT_TEXT = {
    "articles.Article", "articles.Appearance", "articles.ArticleCounts", "articles.BoxedArticle",
    "articles.Byline",
    "articles.Change", "articles.FormerSlug", "articles.HourlyViews", "articles.Pick",
    "articles.ReferrerViews",
    "articles.Tagging", "comments.SurgeAlert", "comments.ThreadPolicy", "desk.DraftPick", "desk.Erasure",
    "desk.Release", "saves.Save",
}  # fmt: skip


def test_each_table_that_refers_to_a_story_is_classified() -> None:
    """A new table of the text of stories (versions, remarks) has to be erased with it."""
    referring = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.related_model in {Article, Edition, Draft}
    }
    deleted = {model._meta.label for model, _field in DELETED_WITH_DRAFT}
    assert referring - ERASED - WITHOUT_TEXT - deleted == set()
