"""URLs of the reader pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from newsroom.http.slug_redirects import redirect_to_canonical_slug
from pages.views import account, embed, notifications, procedures, search, site

SlugView = Callable[[HttpRequest, str], HttpResponse]


def slug_path(start: str, view: SlugView, name: str) -> URLPattern:
    """A path with a slug; 301 to its canonical (NFC) form."""
    return path(f"{start}/<str:slug>/", redirect_to_canonical_slug(view), name=name)


urlpatterns = [
    path("", site.front, name="front"),
    path("articles/", site.newest, name="newest"),
    slug_path("articles", site.article, "article-page"),
    slug_path("sections", site.section, "section-page"),
    slug_path("authors", site.author, "author-page"),
    slug_path("tags", site.tag, "tag-page"),
    path("search/", search.search, name="search"),
    path("account/", account.account, name="account"),
    path("account/verify/<str:key>/", account.verify, name="verify"),
    path("account/password/", account.request_password_reset, name="forgotten"),
    path("account/password/<str:key>/", account.new_password, name="new-password"),
    path("me/", account.me, name="me"),
    path("me/notifications/", notifications.notifications, name="notifications"),
    path(
        "me/notifications/unsubscribe/<str:token>/", notifications.unsubscribe, name="unsubscribe"
    ),
    path("comments/<int:pk>/block-request/", procedures.block_request, name="block-request"),
    path("oembed", embed.oembed, name="oembed"),
    path("polls/<int:pk>/embed/", embed.poll_embed, name="poll-embed"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", site.robots, name="robots"),
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$", site.indexnow_key, name="indexnow-key"),
]
