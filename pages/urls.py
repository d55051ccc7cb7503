from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from newsroom.http.slug_redirects import redirect_to_canonical_slug
from pages import views, views_account, views_embed, views_search

SlugView = Callable[[HttpRequest, str], HttpResponse]


def slug_path(start: str, view: SlugView, name: str) -> URLPattern:
    return path(f"{start}/<str:slug>/", redirect_to_canonical_slug(view), name=name)


urlpatterns = [
    path("", views.front, name="front"),
    path("articles/", views.newest, name="newest"),
    slug_path("articles", views.article, "article-page"),
    slug_path("sections", views.section, "section-page"),
    slug_path("authors", views.author, "author-page"),
    slug_path("tags", views.tag, "tag-page"),
    path("search/", views_search.search, name="search"),
    path("account/", views_account.account, name="account"),
    path("account/verify/<str:key>/", views_account.verify, name="verify"),
    path("account/password/", views_account.request_password_reset, name="forgotten"),
    path("account/password/<str:key>/", views_account.new_password, name="new-password"),
    path("me/", views_account.me, name="me"),
    path("oembed", views_embed.oembed, name="oembed"),
    path("polls/<int:pk>/embed/", views_embed.poll_embed, name="poll-embed"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$", views.indexnow_key, name="indexnow-key"),
]
