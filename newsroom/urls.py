"""The addresses of the house. Rooms are named by dotted string; each brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

handler400 = "newsroom.problems.bad_request"
handler404 = "pages.views.not_found"
handler500 = "pages.views.server_error"

# Asked for each time, since they are others after an update; the description answers 304 meanwhile.
asked_each_time = cache_control(max_age=0, must_revalidate=True)

api: list[URLPattern | URLResolver] = [
    path("schema/", asked_each_time(SpectacularAPIView.as_view()), name="schema"),
    path(
        "docs/",
        asked_each_time(SpectacularSwaggerSplitView.as_view(url_name="schema")),
        name="docs",
    ),
    path("", include("articles.urls")),
    path("", include("polls.urls")),
    path("", include("comments.urls")),
    path("", include("saves.urls")),
    path("", include("wire.urls")),
    path("", include("desk.urls")),
    path("", include("pages.urls_api")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("admin/", include("accounts.urls_staff")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("accounts.urls_headless")),
    path("media/", include("media.urls")),
    path("", include("desk.urls_site")),
    path("", include("articles.urls_site")),
    path("", include("pages.urls")),
]
