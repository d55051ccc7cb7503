"""URLs of the saves API."""

from django.urls import path

from newsroom.http.slug_redirects import redirect_to_canonical_slug
from saves.api import views

urlpatterns = [
    path(
        "articles/<str:slug>/save/",
        redirect_to_canonical_slug(views.ArticleSave.as_view()),
        name="article-save",
    ),
    path("me/saves/", views.MySaves.as_view(), name="my-saves"),
]
