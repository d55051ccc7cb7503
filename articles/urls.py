from django.urls import path

from articles import views

urlpatterns = [
    path("articles/", views.ArticleList.as_view(), name="article-list"),
    path("articles/<str:slug>/", views.ArticleDetail.as_view(), name="article-detail"),
    path("articles/<str:slug>/editions/", views.EditionList.as_view(), name="edition-list"),
    path("sections/", views.SectionList.as_view(), name="section-list"),
    path("authors/", views.AuthorList.as_view(), name="author-list"),
    path("authors/<str:slug>/", views.AuthorDetail.as_view(), name="author-detail"),
    path("tags/", views.TagList.as_view(), name="tag-list"),
    path("masthead/", views.MastheadDetail.as_view(), name="masthead"),
]
