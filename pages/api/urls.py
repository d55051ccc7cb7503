"""URLs of the reader API of pages: account, export, reader state."""

from django.urls import path

from accounts.views.closing import MyAccountClosing
from accounts.views.consents import MyConsent, MyConsents
from accounts.views.ignoring import MyIgnoredReader, MyIgnoredReaders
from accounts.views.profile import EmailCodeRequest, EmailConfirmation
from accounts.views.sessions import MySession, MySessions
from pages.api.views_me import AccountExport, MyAccount
from pages.api.views_state import ReaderStateView

urlpatterns = [
    path("me/", MyAccount.as_view(), name="api-me"),
    path("me/closing/", MyAccountClosing.as_view(), name="my-closing"),
    path("me/consents/", MyConsents.as_view(), name="my-consents"),
    path("me/consents/<str:kind>/", MyConsent.as_view(), name="my-consent"),
    path("me/email/code/", EmailCodeRequest.as_view(), name="my-email-code"),
    path("me/email/confirm/", EmailConfirmation.as_view(), name="my-email-confirm"),
    path("me/export/", AccountExport.as_view(), name="my-export"),
    path("me/ignored/", MyIgnoredReaders.as_view(), name="my-ignored"),
    path("me/ignored/<path:nickname>/", MyIgnoredReader.as_view(), name="my-ignored-reader"),
    path("me/sessions/", MySessions.as_view(), name="my-sessions"),
    path("me/sessions/<str:session_id>/", MySession.as_view(), name="my-session"),
    path("me/state/", ReaderStateView.as_view(), name="my-state"),
]
