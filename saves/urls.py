from django.urls import path

from saves import views

urlpatterns = [
    path("articles/<str:slug>/save/", views.ArticleSave.as_view(), name="article-save"),
    path("me/saves/", views.MySaves.as_view(), name="my-saves"),
]
