"""URLs of the reader API of pages: account, export, reader state."""

from django.urls import path

from pages.api.views_me import AccountExport, MyAccount
from pages.api.views_state import ReaderStateView

urlpatterns = [
    path("me/", MyAccount.as_view(), name="api-me"),
    path("me/export/", AccountExport.as_view(), name="my-export"),
    path("me/state/", ReaderStateView.as_view(), name="my-state"),
]
