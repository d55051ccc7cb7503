"""URLs of the wire API."""

from django.urls import path

from wire.api import decisions, views

STORY_PATH = "desk/wire/<int:story_id>/"

urlpatterns = [
    path("desk/wire/", views.Inbox.as_view(), name="wire-inbox"),
    path(STORY_PATH, decisions.InboxStory.as_view(), name="wire-story"),
    path(f"{STORY_PATH}belongs-to/", decisions.BelongsTo.as_view(), name="wire-belongs-to"),
    path(f"{STORY_PATH}split/", decisions.Split.as_view(), name="wire-split"),
    path(f"{STORY_PATH}cancel/", decisions.Cancel.as_view(), name="wire-cancel"),
    path(f"{STORY_PATH}undo/", decisions.Undo.as_view(), name="wire-undo"),
    path(f"{STORY_PATH}diff/", decisions.Diff.as_view(), name="wire-diff"),
    path("wire/<slug:source>/", views.Intake.as_view(), name="wire-intake"),
    path(
        "wire/<slug:source>/deliveries/<int:delivery_id>/",
        views.DeliveryDetail.as_view(),
        name="wire-delivery",
    ),
]
