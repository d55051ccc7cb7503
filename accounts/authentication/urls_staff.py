"""URLs of staff sign-in, under `/admin/`. The names are allauth's, which its views redirect to."""

from django.urls import path

from accounts.authentication import views_staff as views

urlpatterns = [
    path(
        "sign-in/", views.redirect_to_login, name="account_login"
    ),  # the page itself is the admin's
    path("login/again/", views.Reauthenticate.as_view(), name="account_reauthenticate"),
    path("login/cancel/", views.cancel_login, name="account_login_cancel"),
    path("2fa/", views.SecondFactorIndex.as_view(), name="mfa_index"),
    path("2fa/authenticate/", views.Authenticate.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", views.ReauthenticateByCode.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", views.ActivateTOTP.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.DeactivateTOTP.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        views.GenerateRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        views.DownloadRecoveryCodes.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("2fa/passkeys/", views.redirect_to_second_factors, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", views.PasskeyLogin.as_view(), name="mfa_login_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        views.ReauthenticateByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/passkeys/<int:pk>/edit/", views.EditPasskey.as_view(), name="mfa_edit_webauthn"),
    path(
        "2fa/passkeys/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"
    ),
]
