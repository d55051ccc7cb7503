"""URLs of the desk outside of the API: health, metrics, private photos, previews."""

from django.urls import path

from desk.api.views import health, photos, previews
from desk.api.views.metrics import metrics

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics, name="metrics"),
    path("desk/photos/<str:key>/<str:name>", photos.PhotoFile.as_view(), name="desk-photo-file"),
    path("desk/preview/<str:token>/", previews.preview_page, name="preview-page"),
    path(
        "desk/preview/<str:token>/photos/<str:key>/<str:name>",
        previews.preview_photo,
        name="preview-photo",
    ),
]
