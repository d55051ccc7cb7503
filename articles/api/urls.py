"""URLs of the reader API of articles."""

from django.urls import path

from articles.api import views, views_autocomplete, views_changes, views_ninjs, views_readership
from newsroom.http.slug_redirects import redirect_to_canonical_slug

urlpatterns = [
    path("articles/", views.ArticleList.as_view(), name="article-list"),
    path("articles/changes/", views_changes.ChangeFeed.as_view(), name="article-changes"),
    path("articles/popular/", views_readership.PopularArticles.as_view(), name="article-popular"),
    path("articles/suggest/", views_autocomplete.Suggestions.as_view(), name="article-suggest"),
    path(
        "articles/<str:slug>/",
        redirect_to_canonical_slug(views.ArticleDetail.as_view()),
        name="article-detail",
    ),
    path(
        "articles/<str:slug>/editions/",
        redirect_to_canonical_slug(views.EditionList.as_view()),
        name="edition-list",
    ),
    path(
        "articles/<str:slug>/views/",
        redirect_to_canonical_slug(views_readership.ArticleViews.as_view()),
        name="article-views",
    ),
    path(
        "articles/<str:slug>/ninjs/",
        redirect_to_canonical_slug(views_ninjs.ArticleNinjs.as_view()),
        name="article-ninjs",
    ),
    path("sections/", views.SectionList.as_view(), name="section-list"),
    path("authors/", views.AuthorList.as_view(), name="author-list"),
    path(
        "authors/<str:slug>/",
        redirect_to_canonical_slug(views.AuthorDetail.as_view()),
        name="author-detail",
    ),
    path("tags/", views.TagList.as_view(), name="tag-list"),
    path("masthead/", views.MastheadDetail.as_view(), name="masthead"),
]
