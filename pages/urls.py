from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from newsroom.http.slug_redirects import at_canonical_slug
from pages import views, views_account, views_embed, views_search

Read = Callable[[HttpRequest, str], HttpResponse]


def named(start: str, view: Read, name: str) -> URLPattern:
    return path(f"{start}/<str:slug>/", at_canonical_slug(view), name=name)


urlpatterns = [
    path("", views.front, name="front"),
    path("articles/", views.newest, name="newest"),
    named("articles", views.article, "article-page"),
    named("sections", views.section, "section-page"),
    named("authors", views.author, "author-page"),
    named("tags", views.tag, "tag-page"),
    path("search/", views_search.search, name="search"),
    path("account/", views_account.account, name="account"),
    path("account/verify/<str:key>/", views_account.verify, name="verify"),
    path("account/password/", views_account.forgotten, name="forgotten"),
    path("account/password/<str:key>/", views_account.new_password, name="new-password"),
    path("me/", views_account.me, name="me"),
    path("oembed", views_embed.oembed, name="oembed"),
    path("polls/<int:pk>/embed/", views_embed.poll_embed, name="poll-embed"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$", views.indexnow_key, name="indexnow-key"),
]
