"""Root URL configuration; each app brings its own, included by dotted name."""

from collections.abc import Callable

from django.contrib import admin
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_control
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerSplitView

from newsroom.admin.apps import load_admin_pages
from newsroom.api.openapi.document_view import OpenAPIDocumentView

load_admin_pages()

handler400 = "newsroom.api.problem_details.bad_request"
handler404 = "pages.views.site.not_found"
handler500 = "pages.views.site.server_error"

# Revalidated every time, since they change with an update; the OpenAPI document answers 304 until then.
revalidated = cache_control(max_age=0, must_revalidate=True)


def redirect_admin(*, to: str) -> Callable[..., HttpResponseBase]:
    """View that redirects to the same admin page of a renamed app (301)."""
    return RedirectView.as_view(
        url=f"/admin/{to}/%(rest)s",
        permanent=True,
        query_string=True,
        http_method_names=["get", "head"],
    )


api_urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", revalidated(OpenAPIDocumentView.as_view()), name="schema"),
    path(
        "docs/",
        revalidated(SpectacularSwaggerSplitView.as_view(url_name="schema")),
        name="docs",
    ),
    path("", include("articles.api.urls")),
    path("", include("polls.api.urls")),
    path("", include("comments.api.urls")),
    path("", include("saves.api.urls")),
    path("", include("wire.api.urls")),
    path("", include("desk.api.urls")),
    path("", include("pages.api.urls")),
]

urlpatterns = [
    path("api/v1/", include(api_urlpatterns)),
    path("admin/", include("accounts.authentication.urls_staff")),
    # The admin of two apps by their former labels, which people have bookmarked.
    path("admin/logbook/<path:rest>", redirect_admin(to="audit")),
    path("admin/dispatch/<path:rest>", redirect_admin(to="outbox")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("accounts.authentication.urls_headless")),
    path("media/", include("media.urls")),
    path("", include("desk.urls_site")),
    path("", include("articles.urls_site")),
    path("", include("pages.urls")),
]
