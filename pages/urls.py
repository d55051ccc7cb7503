import unicodedata
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import URLPattern, path, re_path, register_converter, reverse

from pages import views, views_account, views_embed, views_search

Read = Callable[[HttpRequest, str], HttpResponse]


class Address:
    """The part of an address that words make: letters of any script, digits, hyphens."""

    regex = r"[\w-]{1,360}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Address, "address")


def at_one_address(view: Read, *, name: str) -> Read:
    """The view at composed Hangul (NFC) alone; the decomposed spelling of an address leads there."""

    @wraps(view)
    def found(request: HttpRequest, slug: str) -> HttpResponse:
        composed = unicodedata.normalize("NFC", slug)
        if composed != slug:
            return HttpResponsePermanentRedirect(reverse(name, args=[composed]))
        return view(request, slug)

    return found


def named(start: str, view: Read, name: str) -> URLPattern:
    return path(f"{start}/<address:slug>/", at_one_address(view, name=name), name=name)


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
