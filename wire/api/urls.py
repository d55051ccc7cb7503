"""URLs of the wire API."""

from django.urls import path

from wire.api import views

urlpatterns = [
    path("desk/wire/", views.Inbox.as_view(), name="wire-inbox"),
    path("desk/wire/<int:story_id>/", views.InboxStory.as_view(), name="wire-story"),
    path("wire/<slug:source>/", views.Intake.as_view(), name="wire-intake"),
    path(
        "wire/<slug:source>/deliveries/<int:delivery_id>/",
        views.DeliveryDetail.as_view(),
        name="wire-delivery",
    ),
]
