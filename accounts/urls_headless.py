from allauth.headless.constants import Client
from django.urls import URLPattern, path

from accounts import views_headless as views

urlpatterns: list[URLPattern] = []
for client in Client:
    base = f"{client.value}/v1"
    urlpatterns += [
        path(f"{base}/auth/signup", views.SignUp.as_api_view(client=client)),
        path(
            f"{base}/auth/password/request",
            views.RequestPasswordReset.as_api_view(client=client),
        ),
        path(f"{base}/auth/2fa/authenticate", views.Authenticate.as_api_view(client=client)),
        path(f"{base}/auth/2fa/reauthenticate", views.Reauthenticate.as_api_view(client=client)),
        path(f"{base}/account/email", views.Addresses.as_api_view(client=client)),
    ]
