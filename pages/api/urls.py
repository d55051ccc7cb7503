from django.urls import path

from pages.api.views_me import Export, Me
from pages.api.views_state import State

urlpatterns = [
    path("me/", Me.as_view(), name="api-me"),
    path("me/export/", Export.as_view(), name="my-export"),
    path("me/state/", State.as_view(), name="my-state"),
]
