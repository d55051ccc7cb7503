from django.urls import path

from newsroom.canonical_slugs import at_canonical_slug
from saves import views

urlpatterns = [
    path(
        "articles/<str:slug>/save/",
        at_canonical_slug(views.ArticleSave.as_view()),
        name="article-save",
    ),
    path("me/saves/", views.MySaves.as_view(), name="my-saves"),
]
