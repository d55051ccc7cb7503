"""URLs of photo files."""

from django.urls import path

from media import views

urlpatterns = [path("photos/<str:key>/<str:name>", views.photo_file, name="photo-file")]
